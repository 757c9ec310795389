"""ECMA-262 clause 22: text processing."""
