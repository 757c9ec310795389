"""The call stack: frames, hooks, errors and where they stop, coroutines."""
