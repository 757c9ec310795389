"""Source text to forms: lexer, literals, reader."""
