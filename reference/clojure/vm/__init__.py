"""The compiler from nodes to host code."""
