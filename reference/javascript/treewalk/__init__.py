"""The reference evaluator: one function per production, in the specification's order and words."""
