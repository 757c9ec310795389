"""The reference evaluator: one function per node class."""
