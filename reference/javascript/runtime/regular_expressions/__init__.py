"""ECMA-262 22.2.2: what patterns mean, from the syntax tree to a matcher.

`lowering` resolves characters, classes, case and modifiers into the small language of `nodes`; `host_translation` turns
that into a pattern of the host where both mean the same, and `assembly` into a program for `backtracking` else.
`compiled` holds the result and chooses.
"""
