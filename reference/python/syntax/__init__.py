"""Source text to AST: parsing, scopes, and every error that is reported before a program runs."""
