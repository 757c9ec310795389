"""Scalars and numbers."""

# Any host object may be a guest value: what it is, its class tells, and the checker follows.
Value = object
