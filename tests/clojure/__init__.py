"""Tests of Clojure."""
