"""Tests of TypeScript."""
