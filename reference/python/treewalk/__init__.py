"""The reference evaluator: plain recursion over the host's AST, in the Language Reference's words."""
