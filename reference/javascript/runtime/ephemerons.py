"""What 24.3 and 24.4 ask of a host: tables whose entries live as long as the table and the key.

The entry stands with its key, like a private element (7.3.26): a value that refers to its key is then a plain cycle,
which the host's collector takes away, where a host dictionary with weak keys would hold on to it.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.values import Symbol, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject

_FIRST_LIMIT: Final = 64


class _Label:
    """What a table's entries are filed under."""

    __slots__ = ()


class EphemeronTable:
    """A table with weak keys: objects and symbols, by identity."""

    __slots__ = ("_keys", "_label", "_limit")

    def __init__(self) -> None:
        self._label = _Label()
        # Only to take the entries away when the table goes first; dead ones are dropped now and then.
        self._keys: dict[int, weakref.ref[JSObject | Symbol]] = {}
        self._limit = _FIRST_LIMIT

    def get(self, key: Any, default: Value) -> Value:
        """The value of `key`, or `default`."""
        try:
            return key.private_.get(self._label, default)
        except AttributeError:
            return default

    def set(self, key: Any, value: Value) -> None:
        """Add or replace an entry."""
        try:
            elements = key.private_
        except AttributeError:
            elements = {}
            object.__setattr__(key, "private_", elements)
        if self._label not in elements:
            keys = self._keys
            if len(keys) >= self._limit:
                keys = self._keys = {
                    identity: reference for identity, reference in keys.items() if reference() is not None
                }
                self._limit = max(_FIRST_LIMIT, 2 * len(keys))
            keys[id(key)] = weakref.ref(key)
        elements[self._label] = value

    def delete(self, key: Value) -> bool:
        """Remove an entry; whether there was one."""
        elements = getattr(key, "private_", None)
        if elements is None or self._label not in elements:
            return False
        del elements[self._label]
        self._keys.pop(id(key), None)
        return True

    def __del__(self) -> None:
        for reference in self._keys.values():
            elements = getattr(reference(), "private_", None)
            if elements is not None:
                elements.pop(self._label, None)
