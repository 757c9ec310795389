"""Modules that exist without a source file, and the import system."""
