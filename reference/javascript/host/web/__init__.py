"""Interfaces of the web that node has too."""
