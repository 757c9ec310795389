"""A matcher of regular expressions that looks at the limits, for all languages."""
