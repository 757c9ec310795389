"""TypeScript whose types are erasable: `strip` gives the JavaScript that is left, every character in its place."""
