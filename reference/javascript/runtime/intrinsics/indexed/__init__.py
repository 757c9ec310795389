"""ECMA-262 clause 23: indexed collections."""
