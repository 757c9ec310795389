"""`stack` of errors: where they were made, in V8's words."""
