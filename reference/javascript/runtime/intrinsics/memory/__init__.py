"""ECMA-262 clause 26: managing memory."""
