"""ECMA-262 6.1.7 and clause 10: objects and their internal methods."""
