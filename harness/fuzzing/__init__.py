"""Programs that nobody wrote: random valid programs of a language, run on its engines."""
