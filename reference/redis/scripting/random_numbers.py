"""The generator behind `math.random` in scripts: `lrand48` with a state of the script engine's own."""

from __future__ import annotations

_MULTIPLIER = 0x5DEECE66D
_ADDEND = 0xB
_MASK = (1 << 48) - 1


class Drand48:
    """Linear congruential, 48 bits; not seeded it starts as the C library does."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = 0x1234ABCD330E

    def seed(self, seed: int) -> None:
        """`srand48(seed)`."""
        self.state = (seed & 0xFFFFFFFF) << 16 | 0x330E

    def next(self) -> int:
        """`lrand48()`: 31 random bits."""
        self.state = (self.state * _MULTIPLIER + _ADDEND) & _MASK
        return self.state >> 17
