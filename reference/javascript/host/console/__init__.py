"""`console`, and the formats of its messages."""
