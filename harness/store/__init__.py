"""The store: history, records and outcomes, in SQLite or PostgreSQL."""
