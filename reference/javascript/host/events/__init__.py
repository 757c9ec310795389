"""`node:events`, and the events of the web."""
