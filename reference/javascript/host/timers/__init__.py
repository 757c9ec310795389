"""The event loop, and what puts work into it: timers, immediates, ticks, microtasks."""
