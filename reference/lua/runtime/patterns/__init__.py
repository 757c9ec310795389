"""Patterns (manual 6.4.1): a matcher that follows the manual, and a translation to host regular expressions."""
