"""ECMA-262 Temporal (the Temporal proposal's clauses): one module per intrinsic; `abstract/` has what they share."""
