"""Suites of a user's own: a folder of programs, and a table of lockstep.toml that says what each must do (docs/suites.md)."""
