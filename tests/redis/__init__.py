"""Tests of the Redis service."""
