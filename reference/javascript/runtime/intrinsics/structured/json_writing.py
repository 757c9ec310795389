"""JSON texts of values that 25.5.4 JSON.stringify serializes without running code of the guest's; all others are for `json`."""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.runtime.objects.keys import guest_name, ordered
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.number_text import number_to_string
from lockstep.reference.javascript.runtime.values import null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.values import Value

# The writer recurses; what is in itself is deeper, too.
_DEEPEST: Final = 200
_DIGITS: Final = frozenset("0123456789")


class _UnusualError(Exception):
    """Serializing a value may run code, or fail, or has steps that are not written here."""


class _Writer:
    """Writes the parts of one text.

    Attributes:
        parts: the text so far.
        plain: the prototypes that are known to have no `toJSON`, themselves or above.
        heads: by the host names of keys: the key as it is written.
    """

    __slots__ = ("_gap", "_quote", "_realm", "heads", "parts", "plain")

    def __init__(self, realm: Realm, gap: str, quote: Callable[[str], str]) -> None:
        self._realm = realm
        self._gap = gap
        self._quote = quote
        self.parts: list[str] = []
        self.plain: set[JSObject] = set()
        self.heads: dict[str, str] = {}

    def write(self, value: Value, head: str, indent: str, depth: int) -> bool:
        """Write `head` and a value; False, and nothing written, for what has no text."""
        kind = value.__class__
        if kind is str:
            assert isinstance(value, str)
            text = encode_basestring(value) if value.isascii() else self._quote(value)
        elif kind is float:
            assert isinstance(value, float)
            text = number_to_string(value) if math.isfinite(value) else "null"
        elif kind is bool:
            text = "true" if value else "false"
        elif value is null:
            text = "null"
        elif value is undefined:
            return False
        else:
            return self._composite(value, head, indent, depth)
        self.parts.append(head + text)
        return True

    def _composite(self, value: Value, head: str, indent: str, depth: int) -> bool:
        if not isinstance(value, JSObject) or value.properties_ is not None or depth > _DEEPEST:
            raise _UnusualError
        self._look_for_to_json(value)
        inner = indent + self._gap
        between = f"\n{inner}" if self._gap else ""
        if value.class_name_ == "Array":
            # Its steps as `json` takes them.
            elements = value.elements_
            self._realm.agent.budget.take(len(elements))
            self.parts.append(f"{head}[")
            lead = between
            for element in elements:
                if not self.write(element, lead, inner, depth + 1):
                    self.parts.append(f"{lead}null")
                lead = f",{between}"
            closing, is_empty = "]", not elements
        elif value.class_name_ == "Object" and not value.has_virtual_ and not value.is_exotic_:
            own = value.__dict__
            self._realm.agent.budget.take(len(own))
            self.parts.append(f"{head}{{")
            lead, following = between, f",{between}"
            for name in self._names(own):
                if self.write(own[name], f"{lead}{self._head(name)}", inner, depth + 1):
                    lead = following
            closing, is_empty = "}", lead is not following
        else:
            raise _UnusualError
        self.parts.append(closing if is_empty or not self._gap else f"\n{indent}{closing}")
        return True

    def _look_for_to_json(self, value: JSObject) -> None:
        passed: list[JSObject] = []
        current: Value = value
        while isinstance(current, JSObject) and current not in self.plain:
            if current.is_exotic_ and current.class_name_ != "Array":
                raise _UnusualError
            found = current.__dict__ if current.properties_ is None else current.properties_
            if "toJSON" in found:
                raise _UnusualError
            passed.append(current)
            current = current.prototype_
        self.plain.update(passed[1:])

    def _names(self, own: dict[str, Value]) -> list[str]:
        """The host names of the keys in their order."""
        names = [name for name in own if name.__class__ is str]
        if any(name[:1] in _DIGITS for name in names):
            by_key = {guest_name(name): name for name in names}
            return [by_key[key] for key in ordered(list(by_key))]
        return names

    def _head(self, name: str) -> str:
        head = self.heads.get(name)
        if head is None:
            key = guest_name(name)
            assert isinstance(key, str)
            head = self.heads[name] = self._quote(key) + (": " if self._gap else ":")
        return head


def write(realm: Realm, value: Value, gap: str, quote: Callable[[str], str]) -> str | None:
    """The text of `value`, indented by `gap`; None where that is not for this writer, or it has no text."""
    if not isinstance(value, JSObject):
        return None
    writer = _Writer(realm, gap, quote)
    try:
        return "".join(writer.parts) if writer.write(value, "", "", 0) else None
    except _UnusualError:
        return None
