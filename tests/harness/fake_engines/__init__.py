"""Engines that misbehave on purpose."""
