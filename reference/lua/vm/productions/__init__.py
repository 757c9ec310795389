"""Generating host code for the forms of the language."""
