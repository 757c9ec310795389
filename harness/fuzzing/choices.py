"""Random choices that are the same on every machine and under every version of the host."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """The choices of one program: they follow from `seed` and the program's number alone."""

    def __init__(self, seed: int, number: int) -> None:
        # Only `getrandbits` is drawn on: how the host makes ranges and samples of it has changed from version to version.
        self._random = Random(f"{seed}:{number}")  # noqa: S311  # not for secrets

    def below(self, end: int) -> int:
        """An integer from 0 to `end` - 1."""
        bits = end.bit_length()
        while True:
            value = self._random.getrandbits(bits)
            if value < end:
                return value

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[T, int]]) -> T:
        """One of `items`, each as likely as its weight; a weight is not below zero, and their sum above it."""
        left = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        raise AssertionError(items)
