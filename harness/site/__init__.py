"""The site: engines beside each other, over time, suite by suite (docs/site.md)."""
