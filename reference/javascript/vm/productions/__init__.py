"""ECMA-262 clauses 13 to 16, production by production: what each becomes in host code."""
