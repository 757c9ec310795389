"""Values, object model, built-ins: every semantic of the language, once, for both evaluators."""
