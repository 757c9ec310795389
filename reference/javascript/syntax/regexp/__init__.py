"""ECMA-262 22.2.1: regular expression patterns to a syntax tree that a matcher compiles."""
