"""The pages of the manual, and the files beside it, that are made of the sources: `python -m docs.generate` writes the latter."""
