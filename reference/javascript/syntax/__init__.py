"""JavaScript source text to syntax tree, with every early error."""
