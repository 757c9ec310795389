"""The ground floor that all four languages share: limits, errors, engines, compiling to host code."""
