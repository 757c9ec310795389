"""Values that 25.5.4 JSON.stringify serializes without running code of the guest's: the host's encoder writes them; all others are for `json`."""

from __future__ import annotations

import re
from json import JSONEncoder
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.objects.keys import guest_name, ordered
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.values import PropertyKey, Value

# The host's encoder recurses; what is in itself is deeper, too.
_DEEPEST: Final = 200
_DIGITS: Final = frozenset("0123456789")
# Between these the host writes Numbers that are no integers as 6.1.6.1.20 does.
_SMALLEST: Final = 1e-4
_LARGEST: Final = 1e15
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ENCODER: Final = JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")
)


class _UnusualError(Exception):
    """Serializing a value may run code, or fail, or has steps that are not written here."""


class _Copying:
    """Copies values as what the host's encoder takes.

    Attributes:
        plain: the prototypes that are known to have no `toJSON`, themselves or above.
    """

    __slots__ = ("_realm", "plain")

    def __init__(self, realm: Realm) -> None:
        self._realm = realm
        self.plain: set[JSObject | None] = set()

    def copied(self, value: Value, depth: int) -> object:
        """A value that is no String; None stands for null, and for undefined."""
        if value.__class__ is float:
            assert isinstance(value, float)
            if value.is_integer():
                if -_LARGEST < value < _LARGEST:
                    return int(value)
            elif _SMALLEST < value < _LARGEST or -_LARGEST < value < -_SMALLEST:
                return value
            elif value - value != 0:
                return None  # no finite Number
            raise _UnusualError
        if value is null or value is undefined or value.__class__ is bool:
            return None if value is null else value
        if not isinstance(value, JSObject) or value.properties_ is not None or depth > _DEEPEST:
            raise _UnusualError
        own = value.__dict__
        if "toJSON" in own:
            raise _UnusualError
        if value.prototype_ not in self.plain:
            self._look_for_to_json(value.prototype_)
        # The steps are as many as `json` takes.
        budget = self._realm.agent.budget
        if value.class_name_ == "Array":
            budget.take(len(value.elements_))
            return [
                element if element.__class__ is str else self.copied(element, depth + 1)
                for element in value.elements_
            ]
        if value.class_name_ != "Object" or value.has_virtual_ or value.is_exotic_:
            raise _UnusualError
        budget.take(len(own))
        members: dict[PropertyKey, object] = {}
        in_order = True
        for name, held in own.items():
            if name.__class__ is not str or held is undefined:
                continue  # symbols have no text
            key = guest_name(name) if name[:1] == "$" else name
            if name[:1] in _DIGITS:
                in_order = False
            members[key] = held if held.__class__ is str else self.copied(held, depth + 1)
        return members if in_order else {key: members[key] for key in ordered(list(members))}

    def _look_for_to_json(self, prototype: Value) -> None:
        passed: list[JSObject] = []
        current = prototype
        while isinstance(current, JSObject) and current not in self.plain:
            if current.is_exotic_ and current.class_name_ != "Array":
                raise _UnusualError
            if "toJSON" in (current.__dict__ if current.properties_ is None else current.properties_):
                raise _UnusualError
            passed.append(current)
            current = current.prototype_
        self.plain.update(passed)


def write(realm: Realm, value: Value, gap: str) -> str | None:
    """The text of `value`, indented by `gap`; None where that is not for this writer."""
    if not isinstance(value, JSObject):
        return None
    try:
        copied = _Copying(realm).copied(value, 0)
    except _UnusualError:
        return None
    encoder = (
        JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, indent=gap)
        if gap
        else _ENCODER
    )
    text = encoder.encode(copied)
    # A surrogate that is not half of a pair is an escape.
    return text if text.isascii() or _SURROGATE.search(text) is None else None
