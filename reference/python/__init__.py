"""Python 3.11: a tree-walking reference evaluator and a VM over one runtime."""
