"""Scalars and numbers."""
