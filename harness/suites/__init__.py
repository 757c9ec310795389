"""The suites: one module each; it finds cases and says how to judge an outcome."""

from __future__ import annotations

from collections.abc import Callable

from lockstep.harness.model import MissingError, Suite
from lockstep.harness.suites.clojure import ClojureTestSuite, Sci
from lockstep.harness.suites.fixtures import Fixtures, PythonParity
from lockstep.harness.suites.lua import LuaSuite
from lockstep.harness.suites.redis import RedisSuite
from lockstep.harness.suites.test262 import Test262

SUITES: dict[str, Callable[[], Suite]] = {
    "fixtures": Fixtures,
    "python-parity": PythonParity,
    "test262": Test262,
    "lua": LuaSuite,
    "redis": RedisSuite,
    "clojure-test-suite": ClojureTestSuite,
    "sci": Sci,
}

# Suites that ship inside the project.
BUNDLED = ("fixtures", "python-parity")

# Engines that run with a suite even if they are not asked for, where they are installed: what the suite states is
# checked against them.
ORACLES = {"python-parity": ("cpython",), "redis": ("redis-server",)}


def open_suite(name: str) -> Suite:
    """The suite called `name`.

    Raises:
        MissingError: there is no such suite.
    """
    if name not in SUITES:
        raise MissingError(f"unknown suite '{name}'; known: {', '.join(SUITES)}")
    return SUITES[name]()
