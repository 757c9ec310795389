"""ECMA-262 25.5.2: JSON text to values, with the source text of each where a reviver wants it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.intrinsics.structured.json_failures import (
    AFTER_ELEMENT,
    AFTER_MEMBER,
    AFTER_TEXT,
    COLON,
    PROPERTY,
    PROPERTY_OR_END,
    after_number,
    bad_number,
    bad_string,
    unexpected,
)
from lockstep.reference.javascript.runtime.objects.keys import host_name, index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value
from lockstep.reference.javascript.runtime.operations.arrays import is_array
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property,
    enumerable_own_keys,
    length_of_array_like,
)
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_PLAIN_STRING: Final = re.compile(r'[^"\\\x00-\x1f]*"')
_STRING: Final = re.compile(r'(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_ESCAPE: Final = re.compile(r"\\(?:u(....)|(.))")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ESCAPED: Final = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_LITERALS: Final[dict[str, tuple[str, Value]]] = {
    "t": ("true", True),
    "f": ("false", False),
    "n": ("null", null),
}


class ParseRecord:
    """25.5.2.3 JSON Parse Record: [[Value]], the text of a primitive, [[Elements]] and [[Entries]]."""

    __slots__ = ("elements", "entries", "source", "value")

    def __init__(self, value: Value, source: str) -> None:
        self.value = value
        self.source = source
        self.elements: list[ParseRecord] = []
        self.entries: dict[str, ParseRecord] = {}


class JSONParser:
    """Reads one JSON text.

    With `records`, each method answers a ParseRecord in place of the value.
    """

    __slots__ = ("_at", "_realm", "_records", "_text")

    def __init__(self, realm: Realm, text: str, *, records: bool = False) -> None:
        self._realm = realm
        self._text = text
        self._at = 0
        self._records = records

    def parse(self) -> Any:
        """The whole text.

        Raises:
            ThrowCompletion: SyntaxError, the text is not JSON.
        """
        self._skip_space()
        value = self._value()
        self._skip_space()
        if self._at < len(self._text):
            raise unexpected(self._text, self._at, AFTER_TEXT)
        return value

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def _value(self) -> Value:
        text, at = self._text, self._at
        character = text[at : at + 1]
        value: Value
        if character == '"':
            self._at += 1
            value = self._string()
        elif character == "{":
            return self._object()
        elif character == "[":
            return self._array()
        elif character in _LITERALS:
            word, value = _LITERALS[character]
            if not text.startswith(word, at):
                wrong = next((n for n in range(1, len(word)) if text[at + n : at + n + 1] != word[n]), 0)
                raise unexpected(text, at + wrong)
            self._at += len(word)
        else:
            match = _NUMBER.match(text, at)
            if match is None:
                raise bad_number(text, at)
            self._at = match.end()
            value = float(match[0])
            failure = after_number(text, at, self._at)
            if failure is not None:
                raise failure
        return ParseRecord(value, text[at : self._at]) if self._records else value

    def _string(self) -> str:
        text, start = self._text, self._at
        match = _PLAIN_STRING.match(text, start)
        if match is not None:
            self._at = match.end()
            return text[start : match.end() - 1]
        match = _STRING.match(text, start)
        if match is None:
            raise bad_string(text, start)
        self._at = match.end()
        return _ESCAPE.sub(_unescape, text[start : match.end() - 1])

    def _array(self) -> Value:
        elements: list[Any] = []
        self._at += 1
        self._skip_space()
        if self._text[self._at : self._at + 1] == "]":
            self._at += 1
        else:
            while True:
                # A step for two elements, and one for an array of one.
                if not len(elements) & 1:
                    self._realm.agent.budget.step()
                elements.append(self._value())
                if not self._continues("]"):
                    break
        if not self._records:
            return self._realm.make_array(elements)
        record = ParseRecord(self._realm.make_array([element.value for element in elements]), "")
        record.elements = elements
        return record

    def _object(self) -> Value:
        members: dict[str, Any] = {}
        self._at += 1
        self._skip_space()
        text = self._text
        if text[self._at : self._at + 1] == "}":
            self._at += 1
        else:
            wanted = PROPERTY_OR_END
            while True:
                self._realm.agent.budget.step()
                if text[self._at : self._at + 1] != '"':
                    raise unexpected(text, self._at, wanted)
                wanted = PROPERTY
                self._at += 1
                key = self._string()
                self._skip_space()
                if text[self._at : self._at + 1] != ":":
                    raise unexpected(text, self._at, COLON)
                self._at += 1
                self._skip_space()
                members[key] = self._value()
                if not self._continues("}"):
                    break
        target = self._realm.make_object()
        own = target.__dict__
        if not self._records:
            for key, value in members.items():
                own[host_name(key)] = value
            return target
        for key, member in members.items():
            own[host_name(key)] = member.value
        record = ParseRecord(target, "")
        record.entries = members
        return record

    def _continues(self, end: str) -> bool:
        """Past a comma to the next element, or past the end."""
        self._skip_space()
        character = self._text[self._at : self._at + 1]
        if character not in (",", end):
            raise unexpected(self._text, self._at, AFTER_ELEMENT if end == "]" else AFTER_MEMBER)
        self._at += 1
        if character == end:
            return False
        self._skip_space()
        return True


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPED[match[2]]


def internalize(
    realm: Realm, holder: JSObject, name: str, reviver: JSObject, record: ParseRecord | None
) -> Value:
    """25.5.2.4 InternalizeJSONProperty."""
    # Steps 1 and 2.
    value = holder.get_value(name, holder)
    context = realm.make_object()
    elements: list[ParseRecord] = []
    entries: dict[str, ParseRecord] = {}
    # Step 3: what the reviver has changed has no source text any more.
    if record is not None and same_value(record.value, value):
        if not isinstance(value, JSObject):
            create_data_property(context, "source", record.source)
        elements, entries = record.elements, record.entries
    # Step 5.
    if isinstance(value, JSObject):
        if is_array(value):
            # Step 5.b.
            for index in realm.each(range(length_of_array_like(value))):
                element = elements[index] if index < len(elements) else None
                _revive(realm, value, index_key(index), reviver, element)
        else:
            # Step 5.c.
            for key in enumerable_own_keys(realm, value):
                _revive(realm, value, key, reviver, entries.get(key))
    # Step 6.
    return reviver.call_n(holder, name, value, context)


def _revive(realm: Realm, target: JSObject, key: str, reviver: JSObject, record: ParseRecord | None) -> None:
    value = internalize(realm, target, key, reviver, record)
    if value is undefined:
        target.delete_property(key)
    else:
        create_data_property(target, key, value)
