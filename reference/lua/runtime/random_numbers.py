"""The generators behind `math.random`: xoshiro256** (5.4) and C's `rand` as the GNU library has it (5.1)."""

from __future__ import annotations

import os

_MASK = (1 << 64) - 1


class Xoshiro:
    """xoshiro256** with the reference implementation's seeding."""

    __slots__ = ("words",)

    def __init__(self) -> None:
        self.words = [0, 0, 0, 0]
        self.seed(int.from_bytes(os.urandom(8), "little"), int.from_bytes(os.urandom(8), "little"))

    def seed(self, first: int, second: int) -> None:
        """Start from two integers of 64 bits."""
        self.words = [first & _MASK, 0xFF, second & _MASK, 0]
        for _ in range(16):
            self.next()

    def next(self) -> int:
        """The next 64 random bits."""
        zero, one, two, three = self.words
        result = (one * 5) & _MASK
        result = ((result << 7) | (result >> 57)) & _MASK
        result = (result * 9) & _MASK
        shifted = (one << 17) & _MASK
        two ^= zero
        three ^= one
        one ^= two
        zero ^= three
        two ^= shifted
        three = ((three << 45) | (three >> 19)) & _MASK
        self.words = [zero, one, two, three]
        return result

    def below(self, limit: int) -> int:
        """A random integer from 0 to `limit`, without bias (`project`)."""
        bits = self.next()
        if limit & (limit + 1) == 0:
            return bits & limit
        mask = (1 << limit.bit_length()) - 1
        bits &= mask
        while bits > limit:
            bits = self.next() & mask
        return bits

    def fraction(self) -> float:
        """A random float in [0, 1)."""
        return (self.next() >> 11) * (0.5 / (1 << 52))


class LinearFeedback:
    """The additive feedback generator behind the GNU library's `rand`."""

    __slots__ = ("position", "words")

    def __init__(self) -> None:
        self.words: list[int] = []
        self.position = 0
        self.seed(1)

    def seed(self, seed: int) -> None:
        """`srand(seed)`."""
        seed &= 0xFFFFFFFF
        word = seed or 1
        if word >= 1 << 31:
            word -= 1 << 32
        words = [word & 0xFFFFFFFF]
        for _ in range(30):
            high, low = abs(word) // 127773, abs(word) % 127773
            if word < 0:
                high, low = -high, -low
            word = 16807 * low - 2836 * high
            if word < 0:
                word += 2147483647
            words.append(word)
        self.words = words
        self.position = 0
        for _ in range(310):
            self.next()

    def next(self) -> int:
        """`rand()`: 31 random bits."""
        words = self.words
        at = self.position
        value = (words[(at + 3) % 31] + words[at]) & 0xFFFFFFFF
        words[(at + 3) % 31] = value
        self.position = (at + 1) % 31
        return value >> 1
