"""The project file, `lockstep.toml`: engines, languages and suites of a user's own, where things live, and the gate."""
