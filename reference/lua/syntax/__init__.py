"""Source text to a syntax tree with resolved names, and every error that the compiler reports."""
