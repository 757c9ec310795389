"""ECMA-262 clause 28: reflection."""
