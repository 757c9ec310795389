"""The reference evaluator: plain recursion over the syntax tree, in the manual's order."""
