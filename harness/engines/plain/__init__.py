"""Engines that are plain commands: they get a file, print, and exit; a host profile says what that means."""
