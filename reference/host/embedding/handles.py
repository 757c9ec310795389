"""Handles: how an embedder holds a guest value that has no host form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol


class Holder(Protocol):
    """What holds the values of handles (`session.GuestSession`, which says what each does)."""

    language: str

    def let_go(self, number: int) -> None:
        """A handle is gone."""

    def holds(self, number: int) -> bool:
        """Whether there is a value under `number`."""
        ...

    def call_value(self, target: Any, arguments: tuple[object, ...], *, convert: bool = True) -> Any:
        """Call a guest value."""

    def invoke(self, target: Handle, name: str, arguments: tuple[object, ...]) -> Any:
        """Call a method of a guest value."""

    def get_item(self, target: Handle, key: object) -> Any:
        """Read from a guest value."""

    def set_item(self, target: Handle, key: object, item: object) -> None:
        """Write to a guest value."""

    def length(self, target: Handle) -> int:
        """The length of a guest value."""
        ...

    def keys(self, target: Handle) -> list[Any]:
        """What iterating over a guest value gives."""
        ...

    def copied(self, target: Handle) -> Any:
        """The host form of a guest value, if it has one."""

    def kind(self, target: Handle) -> str:
        """The sort of a guest value."""
        ...

    def text(self, target: Handle) -> str:
        """The text of a guest value."""
        ...

    def shown(self, number: int) -> str:
        """What a handle is called."""
        ...

    def same(self, one: Handle, other: Handle) -> bool:
        """Whether two handles hold the same value."""
        ...

    def hashed(self, handle: Handle) -> int:
        """A hash that equal handles share."""
        ...


class Handle:
    """A guest value that the host program holds; it lives at least as long as the handle.

    Two handles of the same value are equal. Every use of a handle after its interpreter was closed or reset, after `release`,
    or with another interpreter raises `StaleHandleError`.
    """

    __slots__ = ("__weakref__", "_number", "_session")

    def __init__(self, session: Holder, number: int) -> None:
        self._session = session
        self._number = number

    def __del__(self) -> None:
        self._session.let_go(self._number)

    def __call__(self, *arguments: object) -> Any:
        """Call it with host values; what it returns, converted.

        Raises:
            GuestError: it is no function, or threw.
            LimitExceeded: a limit ended the run.
            StaleHandleError: the handle, or one among `arguments`, is of no use any more.
        """
        return self._session.call_value(self, arguments)

    def invoke(self, name: str, *arguments: object) -> Any:
        """Call its method `name`."""
        return self._session.invoke(self, name, arguments)

    def __getitem__(self, key: object) -> Any:
        """What it has under `key`, converted.

        Raises:
            KeyError: nothing, where the language has no value for that.
        """
        return self._session.get_item(self, key)

    def __setitem__(self, key: object, value: object) -> None:
        self._session.set_item(self, key, value)

    def __len__(self) -> int:
        return self._session.length(self)

    def __bool__(self) -> bool:
        """A handle stands for a value, whatever its length."""
        return True

    def __iter__(self) -> Iterator[Any]:
        """Its keys or elements, as the host's iteration over such a thing gives them, all taken at once."""
        return iter(self._session.keys(self))

    def copy(self) -> Any:
        """Its host form where it has one after all (it was asked for as a handle); else the handle."""
        return self._session.copied(self)

    @property
    def kind(self) -> str:
        """The guest's own name for the sort of the value."""
        return self._session.kind(self)

    def __str__(self) -> str:
        """The guest's own text for the value."""
        return self._session.text(self)

    def __repr__(self) -> str:
        return f"<{self._session.language} {self._session.shown(self._number)}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle):
            return NotImplemented
        return self is other or self._session.same(self, other)

    def __hash__(self) -> int:
        return self._session.hashed(self)

    @property
    def valid(self) -> bool:
        """Whether it can be used."""
        return self._session.holds(self._number)

    def release(self) -> None:
        """Let go of the value now."""
        self._session.let_go(self._number)

    def session_and_number(self) -> tuple[Holder, int]:
        """For the session: whose it is, and under which number."""
        return self._session, self._number
