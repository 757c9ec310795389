"""Tables of Unicode 17: properties, case, emoji sequences. `generate.mjs` writes them."""
