"""From guest programs to host code: what the compilers of all languages share (docs/generation.md)."""
