"""Runs on disk: JSON lines, read by their names, joined, and run again."""
