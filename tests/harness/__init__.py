"""Tests of the harness, from outside and in its parts."""
