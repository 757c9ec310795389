"""ECMA-262 clause 21: numbers and dates."""
