"""Namespaces that open the engine itself to guests: nested environments behind SCI's API."""
