"""What an engine made of sources and keeps between runs, bounded by the memory that it holds: the one policy."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Callable, Generic, TypeVar

T = TypeVar("T")


class MemoryCache(Generic[T]):
    """Values by key, the least recently used going first; they hold no guest state.

    The last one stays, however large it is.

    Args:
        capacity: bytes that all values together may hold.
        least: bytes that any value takes besides its size.
        leave: called with each value that goes.
    """

    def __init__(self, capacity: int, least: int = 0, leave: Callable[[T], None] | None = None) -> None:
        self._leave = leave
        self._capacity = capacity
        self._least = least
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self.held = 0

    def __len__(self) -> int:
        """How many values it holds."""
        return len(self._values)

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The value under `key`; made, and its size in bytes asked, if it is not there."""
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
            return found[0]
        value = make()
        held = self._least + size(value)
        self._values[key] = value, held
        self.held += held
        while self.held > self._capacity and len(self._values) > 1:
            _, (oldest, freed) = self._values.popitem(last=False)
            self.held -= freed
            if self._leave is not None:
                self._leave(oldest)
        return value
