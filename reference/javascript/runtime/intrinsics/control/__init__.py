"""ECMA-262 clause 27: control abstraction objects."""
