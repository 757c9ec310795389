"""Scripts: the sandbox, the `redis` library, conversions, the script cache, functions, and how a script runs."""
