"""ECMA-262 22.2.3 and 22.2.7: creating and executing regular expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.runtime.completions import syntax_error, type_error
from lockstep.reference.javascript.runtime.objects.function import prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_length
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    get,
    set_property,
)
from lockstep.reference.javascript.runtime.regular_expressions.compiled import PatternCache, Spans
from lockstep.reference.javascript.runtime.values import Null, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm


_INDEX: Final = host_name("index")


class LegacyState:
    """What the static properties of %RegExp% tell of the last match; nothing where it is not `valid`."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: Spans = ((0, 0),)
        self.input = ""
        self.valid = True


def regexp_alloc(realm: Realm, new_target: JSObject | None) -> JSRegExp:
    """22.2.3.2 RegExpAlloc."""
    regexp = object_create(prototype_from_constructor(new_target, "regexp_prototype"), JSRegExp)
    regexp.realm_ = realm
    regexp.legacy_ = new_target is realm.regexp
    regexp.pattern_ = None
    regexp.last_index_ = undefined
    return regexp


def regexp_initialize(realm: Realm, regexp: JSRegExp, pattern: Value, flags: Value) -> JSRegExp:
    """22.2.3.3 RegExpInitialize."""
    source = "" if pattern is undefined else convert_to_string(pattern)
    letters = "" if flags is undefined else convert_to_string(flags)
    agent = realm.agent
    if agent.patterns is None:
        agent.patterns = PatternCache(interruptible=agent.budget.limits.metered)
    try:
        regexp.pattern_ = agent.patterns.get(source, letters)
    except GuestSyntaxError as error:
        raise syntax_error(error.message) from None
    regexp.source_ = source
    regexp.flags_ = letters
    if regexp.properties_ is None:
        regexp.last_index_ = 0.0
    else:
        set_property(regexp, "lastIndex", 0.0, True)
    return regexp


def regexp_create(realm: Realm, pattern: Value, flags: Value) -> JSRegExp:
    """22.2.3.1 RegExpCreate."""
    return regexp_initialize(realm, regexp_alloc(realm, realm.regexp), pattern, flags)


def regexp_exec(realm: Realm, regexp: Any, text: str) -> Any:
    """22.2.7.1 RegExpExec: the result object, or null."""
    method = get(regexp, "exec")
    if is_callable(method):
        if method is realm.regexp_exec and isinstance(regexp, JSRegExp):
            return regexp_builtin_exec(realm, regexp, text)
        result = method.call_n(regexp, text)
        if result is not null and not isinstance(result, JSObject):
            raise type_error("object null or function expected")
        return result
    return regexp_builtin_exec(realm, require_regexp(regexp, "exec"), text)


def require_regexp(value: Value, name: str) -> JSRegExp:
    """RequireInternalSlot(value, [[RegExpMatcher]])."""
    if not isinstance(value, JSRegExp):
        raise type_error(f"RegExp.prototype.{name} called on a value that is not a RegExp")
    return value


def find(realm: Realm, regexp: JSRegExp, text: str) -> Spans | None:
    """22.2.7.2 RegExpBuiltinExec up to step 16: the spans of the match, or None; `lastIndex` is set."""
    fast = regexp.properties_ is None
    last = regexp.last_index_ if fast else get(regexp, "lastIndex")
    index = int(last) if last.__class__ is float and 0 <= last <= len(text) else to_length(last)
    flags = regexp.flags_
    sticky = "y" in flags
    moves = sticky or "g" in flags
    if not moves:
        index = 0
    spans = None
    if index <= len(text):
        spans = regexp.pattern_.match(text, index, sticky, realm.agent.budget)
    if moves:
        value = 0.0 if spans is None else float(spans[0][1])
        # ToLength may have run guest code.
        if regexp.properties_ is None:
            regexp.last_index_ = value
        else:
            set_property(regexp, "lastIndex", value, True)
    if spans is not None:
        realm.agent.budget.step()
        remember(realm, regexp, text, spans)
    return spans


def remember(realm: Realm, regexp: JSRegExp, text: str, spans: Spans) -> None:
    """UpdateLegacyRegExpStaticProperties or InvalidateLegacyRegExpStaticProperties of the legacy features."""
    if regexp.realm_ is not realm:
        return
    state = realm.regexp_legacy
    state.valid = regexp.legacy_
    state.text = state.input = text
    state.spans = spans


def regexp_builtin_exec(realm: Realm, regexp: JSRegExp, text: str) -> JSObject | Null:
    """22.2.7.2 RegExpBuiltinExec: the result array, or null."""
    spans = find(realm, regexp, text)
    return null if spans is None else match_result(realm, regexp, text, spans)


def match_result(realm: Realm, regexp: JSRegExp, text: str, spans: Spans) -> JSObject:
    """22.2.7.2, steps 17 to 35: the array of a match."""
    captured: list[Value] = [text[first:end] if first >= 0 else undefined for first, end in spans]
    result: JSObject = realm.make_array(captured)
    own = result.__dict__
    own[host_name("index")] = float(spans[0][0])
    own[host_name("input")] = text
    names = regexp.pattern_.group_names
    own[host_name("groups")] = _groups(names, captured) if names else undefined
    if "d" in regexp.flags_:
        own[host_name("indices")] = _indices(realm, names, spans)
    return result


def _groups(names: dict[str, list[int]], values: list[Any]) -> JSObject:
    groups = object_create(null)
    for name, numbers in names.items():
        value = undefined
        for number in numbers:
            if values[number] is not undefined:
                value = values[number]
        create_data_property_or_throw(groups, name, value)
    return groups


def _indices(realm: Realm, names: dict[str, list[int]], spans: Spans) -> JSObject:
    """22.2.7.8 MakeMatchIndicesIndexPairArray."""
    pairs: list[Value] = [
        realm.make_array([float(first), float(end)]) if first >= 0 else undefined for first, end in spans
    ]
    indices: JSObject = realm.make_array(pairs)
    indices.__dict__[host_name("groups")] = _groups(names, pairs) if names else undefined
    return indices


def advance_string_index(text: str, index: int, unicode_mode: bool) -> int:
    """22.2.7.3 AdvanceStringIndex."""
    if (
        unicode_mode
        and index + 1 < len(text)
        and "\ud800" <= text[index] <= "\udbff"
        and "\udc00" <= text[index + 1] <= "\udfff"
    ):
        return index + 2
    return index + 1
