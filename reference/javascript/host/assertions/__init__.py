"""`node:assert`."""
