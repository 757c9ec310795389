"""The one place where operations on guest values are decided; both evaluators go through it."""
