"""Guests inside a host program, the same for every language: sessions, handles, conversions, transactions (docs/embedding.md)."""
