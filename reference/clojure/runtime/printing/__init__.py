"""The printer and `format`."""
