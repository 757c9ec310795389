"""Vars, namespaces, references, futures, multimethods, protocols and types."""
