"""The C libraries that Redis gives to its scripts."""
