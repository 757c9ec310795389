"""JavaScript: ECMA-262, 2026 edition."""
