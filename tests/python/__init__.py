"""Python: the data model against CPython, isolation, limits."""
