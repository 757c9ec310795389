"""Guests in the hands of a host program, in every language."""
