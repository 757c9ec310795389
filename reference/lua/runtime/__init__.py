"""Values, operations and libraries: every semantic of Lua, once, for both evaluators."""
