"""The parser, in files named after the parts of the specification. Entry points: see `reference.javascript.syntax`."""
