"""Forms to nodes: macro expansion, special forms, resolved locals; shared by both evaluators."""
