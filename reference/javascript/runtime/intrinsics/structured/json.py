"""ECMA-262 25.5: the JSON object."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.completions import range_error, syntax_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.structured.json_failures import circle
from lockstep.reference.javascript.runtime.intrinsics.structured.json_parse import JSONParser, internalize
from lockstep.reference.javascript.runtime.intrinsics.structured.json_scanning import scan
from lockstep.reference.javascript.runtime.intrinsics.structured.json_writing import write
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.primitive_object import (
    JSBigIntObject,
    JSBooleanObject,
    JSNumberObject,
    JSStringObject,
)
from lockstep.reference.javascript.runtime.operations.arrays import is_array
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_integer_or_infinity,
    to_number,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.number_text import number_to_string
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    enumerable_own_keys,
    get,
    get_v,
    length_of_array_like,
    set_integrity_level,
)
from lockstep.reference.javascript.runtime.values import ABSENT, BigInt, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

# A surrogate that is not half of a pair is written as an escape (25.5.4.3, step 2.c).
_QUOTED: Final = re.compile(
    r'[\x00-\x1f"\\]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]'
)
_SHORT: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_WIDEST_GAP: Final = 10
# Far above what other engines take; so that a toJSON that never ends is noticed soon.
_DEEPEST: Final = 20_000


class JSRawJSON(JSObject):
    """An object with [[IsRawJSON]]."""

    __slots__ = ()


def is_raw_json(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """25.5.1 JSON.isRawJSON."""
    return isinstance(value, JSRawJSON)


def parse(realm: Realm, this: Value, text: Value = undefined, reviver: Value = undefined) -> Value:
    """25.5.2 JSON.parse."""
    # Step 1.
    source = to_string(text)
    # Step 5.
    if not is_callable(reviver):
        found = scan(realm, source)
        return JSONParser(realm, source).parse() if found is ABSENT else found
    # Step 4.
    record = JSONParser(realm, source, records=True).parse()
    root = realm.make_object()
    create_data_property_or_throw(root, "", record.value)
    return internalize(realm, root, "", reviver, record)


def raw_json(realm: Realm, this: Value, text: Value = undefined) -> JSObject:
    """25.5.3 JSON.rawJSON."""
    # Step 1.
    source = to_string(text)
    # Steps 2 and 3.
    if not source or source[0] in "\t\n\r " or source[-1] in "\t\n\r ":
        raise syntax_error("Invalid value for JSON.rawJSON")
    # Steps 4 and 5: a primitive.
    if source[0] in "[{":
        raise syntax_error("Invalid value for JSON.rawJSON: not a primitive")
    JSONParser(realm, source).parse()
    # Steps 6 to 9.
    target = object_create(null, JSRawJSON)
    create_data_property_or_throw(target, "rawJSON", source)
    set_integrity_level(realm, target, frozen=True)
    return target


class _Serialization:
    """25.5.4.1 JSON Serialization Record, and the text so far."""

    __slots__ = ("gap", "indent", "parts", "property_list", "realm", "replacer", "stack")

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.replacer: Any = undefined
        self.property_list: list[str] | None = None
        self.gap = ""
        self.indent = ""
        self.stack: dict[JSObject, str | int] = {}
        self.parts: list[str] = []

    def property(self, key: str | int, holder: JSObject, head: str) -> bool:
        """25.5.4.2 SerializeJSONProperty: write `head` and the text; False, and nothing written, for undefined."""
        self.realm.agent.budget.step()
        # Step 1.
        name = index_key(key) if isinstance(key, int) else key
        value = holder.get_value(name, holder)
        # Step 2.
        if isinstance(value, JSObject) or value.__class__ is BigInt:
            to_json = get_v(self.realm, value, "toJSON")
            if is_callable(to_json):
                value = to_json.call_n(value, name)
        # Step 3.
        if self.replacer is not undefined:
            value = self.replacer.call_n(holder, name, value)
        # Step 4.
        if isinstance(value, JSObject):
            value = _unwrapped(value)
        # Steps 5 to 11.
        text = _primitive_text(value)
        if text is not None:
            self.parts.append(head + text)
            return True
        # Step 12.
        if not isinstance(value, JSObject) or is_callable(value):
            return False
        self.parts.append(head)
        if is_array(value):
            self.array(value, key)
        else:
            self.object(value, key)
        return True

    def object(self, value: Any, key: str | int) -> None:
        """25.5.4.5 SerializeJSONObject."""
        stepback = self._enter(value, key)
        # Steps 5 and 6.
        keys = enumerable_own_keys(self.realm, value) if self.property_list is None else self.property_list
        colon = ": " if self.gap else ":"
        # Step 8.
        lead = first = self._open("{")
        for name in keys:
            if self.property(name, value, f"{lead}{quote(name)}{colon}"):
                lead = f",{first}"
        self._leave(value, "}", stepback, is_empty=lead is first)

    def array(self, value: Any, key: str | int) -> None:
        """25.5.4.6 SerializeJSONArray."""
        stepback = self._enter(value, key)
        # Steps 6 to 8.
        lead = first = self._open("[")
        for index in range(length_of_array_like(value)):
            if not self.property(index, value, lead):
                self.parts.append(f"{lead}null")
            lead = f",{first}"
        self._leave(value, "]", stepback, is_empty=lead is first)

    def _enter(self, value: Any, key: str | int) -> str:
        """Steps 1 to 4 of both: the indentation to step back to."""
        if value in self.stack:
            raise circle(self.stack, value, key)
        if len(self.stack) >= _DEEPEST:
            raise range_error("Maximum call stack size exceeded")
        self.stack[value] = key
        stepback = self.indent
        self.indent += self.gap
        return stepback

    def _open(self, opening: str) -> str:
        """Begin the text of an object or array; what stands before its first member."""
        self.parts.append(opening)
        return f"\n{self.indent}" if self.gap else ""

    def _leave(self, value: Any, closing: str, stepback: str, *, is_empty: bool) -> None:
        """The last steps of both."""
        self.parts.append(closing if is_empty or not self.gap else f"\n{stepback}{closing}")
        del self.stack[value]
        self.indent = stepback


def _unwrapped(value: JSObject) -> Value:
    """25.5.4.2, step 4: what a wrapper object holds."""
    if isinstance(value, JSNumberObject):
        return to_number(value)
    if isinstance(value, JSStringObject):
        return to_string(value)
    return value.data_ if isinstance(value, (JSBooleanObject, JSBigIntObject)) else value


def _primitive_text(value: Value) -> str | None:
    """25.5.4.2, steps 4.a and 5 to 11: the text of a value that is no object or array, or None."""
    if value.__class__ is str:
        return quote(value)
    if value.__class__ is float:
        return number_to_string(value) if math.isfinite(value) else "null"
    if value is null:
        return "null"
    if value.__class__ is bool:
        return "true" if value else "false"
    if value.__class__ is BigInt:
        raise type_error("Do not know how to serialize a BigInt")
    return str(get(value, "rawJSON")) if isinstance(value, JSRawJSON) else None


def quote(text: str) -> str:
    """25.5.4.3 QuoteJSONString."""
    return f'"{_QUOTED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def stringify(
    realm: Realm, this: Value, value: Value = undefined, replacer: Value = undefined, space: Value = undefined
) -> Value:
    """25.5.4 JSON.stringify."""
    # Steps 1 to 4.
    state = _Serialization(realm)
    if is_callable(replacer):
        state.replacer = replacer
    elif isinstance(replacer, JSObject) and is_array(replacer):
        state.property_list = _property_list(replacer)
    # Steps 5 to 8.
    state.gap = _gap(space)
    if state.replacer is undefined and state.property_list is None:
        text = write(realm, value, state.gap)
        if text is not None:
            return text
    # Steps 9 to 11.
    wrapper = realm.make_object()
    create_data_property_or_throw(wrapper, "", value)
    return "".join(state.parts) if state.property("", wrapper, "") else undefined


def _property_list(replacer: JSObject) -> list[str]:
    """Step 4.b.ii: the keys that an array names, each once."""
    found: dict[str, None] = {}
    for index in range(length_of_array_like(replacer)):
        item = replacer.get_value(index_key(index), replacer)
        if item.__class__ is str:
            found[item] = None
        elif item.__class__ is float or isinstance(item, (JSNumberObject, JSStringObject)):
            found[to_string(item)] = None
    return list(found)


def _gap(space: Value) -> str:
    if isinstance(space, JSNumberObject):
        space = to_number(space)
    elif isinstance(space, JSStringObject):
        space = to_string(space)
    if space.__class__ is float:
        return " " * int(max(0.0, min(float(_WIDEST_GAP), to_integer_or_infinity(space))))
    return space[:_WIDEST_GAP] if space.__class__ is str else ""


_FUNCTIONS = functions(
    ("isRawJSON", is_raw_json, 1, "25.5.1", "proposal-json-parse-with-source"),
    ("parse", parse, 2, "25.5.2", "ES5"),
    ("rawJSON", raw_json, 1, "25.5.3", "proposal-json-parse-with-source"),
    ("stringify", stringify, 3, "25.5.4", "ES5"),
)


def initialize(realm: Realm) -> None:
    """Make %JSON%."""
    target = prototype_object(realm)
    realm.json = target
    define_functions(realm, target, _FUNCTIONS)
    define_tag(target, "JSON")
