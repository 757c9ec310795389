"""Modules as node finds them: files, packages, CommonJS, and node's own."""
