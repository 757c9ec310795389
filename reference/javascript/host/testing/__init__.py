"""`node:test`."""
