"""Reference interpreters: for each language a tree-walking evaluator and a VM over one runtime."""
