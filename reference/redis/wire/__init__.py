"""RESP, the protocol between Redis and its clients, versions 2 and 3."""
