"""Where a case runs: engine processes behind the JSON-lines protocol, and the pool that keeps them busy."""
