"""`node:util`."""
