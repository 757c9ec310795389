"""Engines that are not ours: a small program each that speaks the protocol for one of them."""
