"""Lua 5.4 and 5.1: one implementation, with a version profile that names their differences."""
