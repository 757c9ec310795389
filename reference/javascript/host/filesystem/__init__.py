"""`node:fs`, within the folders that were granted."""
