"""What the language does with values: operators, fields, loops, calls."""
