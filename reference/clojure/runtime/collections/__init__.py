"""Persistent collections and sequences behind one interface."""
