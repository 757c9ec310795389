"""`process`: the program's surroundings, and how it ends."""
