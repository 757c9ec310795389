"""ECMA-262 clause 7 and the operators of clause 13: what both evaluators call."""
