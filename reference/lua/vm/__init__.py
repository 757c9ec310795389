"""The compiler to host code, and what its output calls."""
