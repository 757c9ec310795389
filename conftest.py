"""Wires the conformance suites into pytest: folders with a suite.yaml collect as suites."""

pytest_plugins = ["lockstep.harness.pytest_plugin"]
