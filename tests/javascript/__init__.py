"""Tests of JavaScript."""
