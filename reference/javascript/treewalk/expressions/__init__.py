"""ECMA-262 clause 13: evaluation of expressions."""
