"""ECMA-262 clause 14: evaluation of statements and declarations."""
