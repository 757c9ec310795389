"""Tests of the host that programs of JavaScript have."""
