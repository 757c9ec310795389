"""The compiler from JavaScript to the host's code objects, and what its output calls."""
