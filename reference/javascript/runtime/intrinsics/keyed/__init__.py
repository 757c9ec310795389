"""ECMA-262 clause 24: keyed collections."""
