"""The VM: guest source to the host's own code objects, and what that code calls."""
