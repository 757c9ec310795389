"""Generated code: host AST nodes, and where guest variables live in it."""
