"""ECMA-262 22.2.6: the methods of %RegExp.prototype% that strings call by symbol.

Where nothing of the protocol can be observed (`is_pristine`), matches are found without making their result objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.intrinsics.text.regexp_execution import (
    advance_string_index,
    find,
    match_result,
    regexp_exec,
    remember,
)
from lockstep.reference.javascript.runtime.intrinsics.text.regexp_string_iterator import (
    create_regexp_string_iterator,
)
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_integer_or_infinity,
    to_length,
    to_number,
    to_object,
    uint32,
)
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.operations.objects import get, set_property, species_constructor
from lockstep.reference.javascript.runtime.operations.substitution import get_substitution
from lockstep.reference.javascript.runtime.symbols import MATCH, MATCH_ALL, REPLACE, SEARCH, SPLIT
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.regular_expressions.compiled import Spans


def is_pristine(realm: Realm, regexp: Value) -> bool:
    """Whether `regexp` is a plain RegExp, and every property that the protocol reads the original one."""
    if not isinstance(regexp, JSRegExp) or regexp.properties_ is not None or regexp.__dict__:
        return False
    if regexp.prototype_ is not realm.regexp_prototype or regexp.last_index_.__class__ is not float:
        return False
    properties = realm.regexp_prototype.properties_
    assert properties is not None
    for key, value, getter in realm.regexp_pristine:
        found = properties.get(key)
        if found is None or found.value is not value or found.get is not getter:
            return False
    return True


def _matches(realm: Realm, regexp: JSRegExp, text: str) -> Iterator[Spans]:
    """The spans of all matches of a pristine global pattern, as the loops over RegExpExec find them."""
    index = 0
    match, budget = regexp.pattern_.match, realm.agent.budget
    sticky, unicode_mode = "y" in regexp.flags_, regexp.pattern_.unicode_mode
    last = None
    while index <= len(text):
        spans = match(text, index, sticky, budget)
        if spans is None:
            break
        budget.step()
        last = spans
        yield spans
        index = spans[0][1]
        if index == spans[0][0]:
            index = advance_string_index(text, index, unicode_mode)
    regexp.last_index_ = 0.0
    if last is not None:
        remember(realm, regexp, text, last)


def _require_object(this: Value, name: str) -> Any:
    if not isinstance(this, JSObject):
        raise type_error(f"RegExp.prototype.{name} called on a value that is not an object")
    return this


def _step_over_empty(regexp: Any, text: str, unicode_mode: bool) -> None:
    """Move `lastIndex` over an empty match."""
    index = to_length(get(regexp, "lastIndex"))
    set_property(regexp, "lastIndex", float(advance_string_index(text, index, unicode_mode)), True)


def _is_unicode(flags: str) -> bool:
    return "u" in flags or "v" in flags


def match(realm: Realm, this: Value, string: Value = undefined) -> Value:
    """22.2.6.8 RegExp.prototype [ %Symbol.match% ]."""
    regexp = _require_object(this, "[Symbol.match]")
    text = convert_to_string(string)
    if is_pristine(realm, regexp) and "g" in regexp.flags_:
        found: list[Value] = [text[spans[0][0] : spans[0][1]] for spans in _matches(realm, regexp, text)]
        return realm.make_array(found) if found else null
    flags = convert_to_string(get(regexp, "flags"))
    if "g" not in flags:
        return regexp_exec(realm, regexp, text)
    set_property(regexp, "lastIndex", 0.0, True)
    matches: list[Value] = []
    while True:
        result = regexp_exec(realm, regexp, text)
        if result is null:
            return realm.make_array(matches) if matches else null
        matched = convert_to_string(get(result, "0"))
        matches.append(matched)
        if not matched:
            _step_over_empty(regexp, text, _is_unicode(flags))


def match_all(realm: Realm, this: Value, string: Value = undefined) -> Value:
    """22.2.6.9 RegExp.prototype [ %Symbol.matchAll% ]."""
    regexp = _require_object(this, "[Symbol.matchAll]")
    text = convert_to_string(string)
    constructor = species_constructor(regexp, realm.regexp)
    flags = convert_to_string(get(regexp, "flags"))
    matcher = constructor.construct_n([regexp, flags], constructor)
    set_property(matcher, "lastIndex", float(to_length(get(regexp, "lastIndex"))), True)
    return create_regexp_string_iterator(realm, matcher, text, "g" in flags, _is_unicode(flags))


def replace(realm: Realm, this: Value, string: Value = undefined, replace_value: Any = undefined) -> str:
    """22.2.6.11 RegExp.prototype [ %Symbol.replace% ]."""
    regexp = _require_object(this, "[Symbol.replace]")
    text = convert_to_string(string)
    functional = is_callable(replace_value)
    if not functional:
        replace_value = convert_to_string(replace_value)
    if is_pristine(realm, regexp):
        return _replace_pristine(realm, regexp, text, replace_value, functional)
    flags = convert_to_string(get(regexp, "flags"))
    every = "g" in flags
    if every:
        set_property(regexp, "lastIndex", 0.0, True)
    results = []
    while True:
        result = regexp_exec(realm, regexp, text)
        if result is null:
            break
        results.append(result)
        if not every:
            break
        if not convert_to_string(get(result, "0")):
            _step_over_empty(regexp, text, _is_unicode(flags))
    parts: list[str] = []
    next_position = 0
    for result in results:
        count = max(to_length(get(result, "length")) - 1, 0)
        matched = convert_to_string(get(result, "0"))
        position = int(max(min(to_integer_or_infinity(get(result, "index")), float(len(text))), 0.0))
        captures: list[Value] = []
        for number in range(1, count + 1):
            capture = get(result, index_key(number))
            captures.append(capture if capture is undefined else convert_to_string(capture))
        named = get(result, "groups")
        if functional:
            arguments = [matched, *captures, float(position), text]
            if named is not undefined:
                arguments.append(named)
            replacement = convert_to_string(replace_value.call_n(undefined, *arguments))
        else:
            if named is not undefined:
                named = to_object(realm, named)
            replacement = get_substitution(matched, text, position, captures, named, replace_value)
        if position >= next_position:
            parts += (text[next_position:position], replacement)
            next_position = position + len(matched)
    return "".join(parts) + text[next_position:]


def _replace_pristine(realm: Realm, regexp: JSRegExp, text: str, replace_value: Any, functional: bool) -> str:
    """The same where only the replacing function can observe anything."""
    if "g" in regexp.flags_:
        every = list(_matches(realm, regexp, text))
    else:
        found = find(realm, regexp, text)
        every = [] if found is None else [found]
    if not every:
        return text
    verbatim = not functional and "$" not in replace_value
    named = bool(regexp.pattern_.group_names)
    parts: list[str] = []
    next_position = 0
    for spans in every:
        first, end = spans[0]
        parts.append(text[next_position:first])
        next_position = end
        if verbatim:
            parts.append(replace_value)
            continue
        captures = [text[start:stop] if start >= 0 else undefined for start, stop in spans[1:]]
        groups = match_result(realm, regexp, text, spans).__dict__["groups"] if named else undefined
        if functional:
            arguments = [text[first:end], *captures, float(first), text]
            if named:
                arguments.append(groups)
            parts.append(convert_to_string(replace_value.call_n(undefined, *arguments)))
        else:
            parts.append(get_substitution(text[first:end], text, first, captures, groups, replace_value))
    parts.append(text[next_position:])
    return "".join(parts)


def search(realm: Realm, this: Value, string: Value = undefined) -> Value:
    """22.2.6.12 RegExp.prototype [ %Symbol.search% ]."""
    regexp = _require_object(this, "[Symbol.search]")
    text = convert_to_string(string)
    previous = get(regexp, "lastIndex")
    if not same_value(previous, 0.0):
        set_property(regexp, "lastIndex", 0.0, True)
    result = regexp_exec(realm, regexp, text)
    current = get(regexp, "lastIndex")
    if not same_value(current, previous):
        set_property(regexp, "lastIndex", previous, True)
    return -1.0 if result is null else get(result, "index")


def split(realm: Realm, this: Value, string: Value = undefined, limit: Value = undefined) -> Value:
    """22.2.6.14 RegExp.prototype [ %Symbol.split% ]."""
    regexp = _require_object(this, "[Symbol.split]")
    text = convert_to_string(string)
    constructor = species_constructor(regexp, realm.regexp)
    flags = convert_to_string(get(regexp, "flags"))
    unicode_mode = _is_unicode(flags)
    new_flags = flags if "y" in flags else flags + "y"
    splitter = constructor.construct_n([regexp, new_flags], constructor)
    most = 0xFFFFFFFF if limit is undefined else uint32(to_number(limit))
    if most == 0:
        return realm.make_array([])
    if not text:
        return realm.make_array([] if regexp_exec(realm, splitter, text) is not null else [text])
    if isinstance(splitter, JSRegExp) and is_pristine(realm, splitter):
        return realm.make_array(_split_pristine(realm, splitter, text, most))
    parts: list[Value] = []
    start = index = 0
    while index < len(text):
        set_property(splitter, "lastIndex", float(index), True)
        result = regexp_exec(realm, splitter, text)
        end = 0
        if result is not null:
            end = min(to_length(get(splitter, "lastIndex")), len(text))
        if result is null or end == start:
            index = advance_string_index(text, index, unicode_mode)
            continue
        parts.append(text[start:index])
        if len(parts) == most:
            return realm.make_array(parts)
        start = end
        count = max(to_length(get(result, "length")) - 1, 0)
        for number in range(1, count + 1):
            parts.append(get(result, index_key(number)))
            if len(parts) == most:
                return realm.make_array(parts)
        index = start
    parts.append(text[start:])
    return realm.make_array(parts)


def _split_pristine(realm: Realm, splitter: JSRegExp, text: str, most: int) -> list[Value]:
    """The same without results: the splitter tries each index in turn, so it may search from there."""
    match_, budget = splitter.pattern_.match, realm.agent.budget
    unicode_mode = splitter.pattern_.unicode_mode
    parts: list[Value] = []
    start = index = 0
    size = len(text)
    last = None
    while index < size:
        spans = match_(text, index, False, budget)
        if spans is None:
            break
        first, end = spans[0]
        if first >= size:
            break
        budget.step()
        last = spans
        if end == start:
            index = advance_string_index(text, max(index, first), unicode_mode)
            continue
        parts.append(text[start:first])
        if len(parts) == most:
            break
        start = index = end
        for begin, stop in spans[1:]:
            parts.append(text[begin:stop] if begin >= 0 else undefined)
            if len(parts) == most:
                break
        if len(parts) == most:
            break
    if last is not None:
        remember(realm, splitter, text, last)
    if len(parts) < most:
        parts.append(text[start:])
    return parts


SYMBOL_METHODS = functions(
    (MATCH, match, 1, "22.2.6.8", "ES2015"),
    (MATCH_ALL, match_all, 1, "22.2.6.9", "ES2020"),
    (REPLACE, replace, 2, "22.2.6.11", "ES2015"),
    (SEARCH, search, 1, "22.2.6.12", "ES2015"),
    (SPLIT, split, 2, "22.2.6.14", "ES2015"),
)
