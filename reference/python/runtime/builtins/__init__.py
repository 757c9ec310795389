"""The built-in functions (Library Reference, Built-in Functions)."""
