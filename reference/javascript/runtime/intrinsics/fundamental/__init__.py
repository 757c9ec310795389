"""ECMA-262 clause 20: fundamental objects, and the functions of clause 19."""
