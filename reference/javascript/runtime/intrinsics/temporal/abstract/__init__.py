"""Temporal, abstract operations: pure computations on dates, times and durations, and conversions of guest values."""
