"""ECMA-262 clause 25: structured data."""
