"""`URLSearchParams` (URL standard, 5 and 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_accessors,
    add_functions,
    class_of,
    coded_error,
    prototype_from,
    prototype_of,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import global_of
from lockstep.reference.javascript.host.inspect.options import CUSTOM, registered
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.web.url_percent import FORM, percent_decoded, percent_encoded
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, type_error
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    object_create,
    slow_object,
    stored,
)
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_string
from lockstep.reference.javascript.runtime.operations.iteration import create_iter_result, iterator_to_list
from lockstep.reference.javascript.runtime.operations.objects import get, get_method
from lockstep.reference.javascript.runtime.symbols import ITERATOR, TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import ABSENT, Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

Pairs = list[list[str]]
"""Names and values, in UTF-16."""


class JSSearchParams(JSObject):
    """A URLSearchParams; `update_` is told of changes."""

    __slots__ = ("pairs_", "update_")
    class_name_ = "URLSearchParams"
    pairs_: Pairs
    update_: Callable[[str | None], None] | None


class JSParamsIterator(JSObject):
    """An iterator over the pairs of a list that may change."""

    __slots__ = ("index_", "kind_of_", "params_")
    class_name_ = "URLSearchParams Iterator"
    index_: int
    kind_of_: str
    params_: JSSearchParams


def parse_form(text: str) -> Pairs:
    """5.1 application/x-www-form-urlencoded parsing."""
    pairs = []
    for part in text.split("&"):
        if part:
            name, _, value = part.replace("+", " ").partition("=")
            pairs.append([_decoded(name), _decoded(value)])
    return pairs


def _decoded(text: str) -> str:
    return to_utf16(percent_decoded(text).decode("utf-8", "replace"))


def serialized_form(pairs: Pairs) -> str:
    """5.2 application/x-www-form-urlencoded serializing."""
    return "&".join(
        "=".join(percent_encoded(to_code_points(part), FORM, plus=True) for part in pair) for pair in pairs
    )


def usv_string(value: Value) -> str:
    """3.3.18 of Web IDL: a String without lone surrogates."""
    text = to_string(value)
    if text.isascii():
        return text
    points = to_code_points(text)
    return to_utf16("".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in points))


def _changed(params: JSSearchParams) -> None:
    if params.update_ is not None:
        params.update_(serialized_form(params.pairs_) or None)


def _missing(realm: Realm, names: str) -> ThrowCompletion:
    return coded_error(realm, "TypeError", "ERR_MISSING_ARGS", f"The {names} must be specified")


def new_params(realm: Realm, pairs: Pairs, update: Callable[[str | None], None] | None) -> JSSearchParams:
    """The parameters of a URL."""
    made = object_create(prototype_of(global_of(realm, "URLSearchParams")), JSSearchParams)
    made.pairs_, made.update_ = pairs, update
    return made


def _initial(realm: Realm, given: Value) -> Pairs:
    if given is undefined or given is null:
        return []
    if not isinstance(given, JSObject):
        return parse_form(to_code_points(usv_string(given)).removeprefix("?"))
    method = get_method(given, ITERATOR)
    if isinstance(given, JSSearchParams) and method is not undefined:
        return [list(pair) for pair in given.pairs_]
    if method is not undefined:
        pairs = []
        for pair in iterator_to_list(realm, given):
            if not isinstance(pair, JSObject) or not is_callable(get(pair, ITERATOR)):
                raise coded_error(
                    realm,
                    "TypeError",
                    "ERR_INVALID_TUPLE",
                    "Each query pair must be an iterable [name, value] tuple",
                )
            parts = iterator_to_list(realm, pair)
            if len(parts) != 2:
                raise coded_error(
                    realm,
                    "TypeError",
                    "ERR_INVALID_TUPLE",
                    "Each query pair must be an iterable [name, value] tuple",
                )
            pairs.append([usv_string(part) for part in parts])
        return pairs
    found: dict[str, str] = {}
    for key in realm.keys_of(given):
        own = given.get_own_property(key)
        if own is not None and own.enumerable:
            if key.__class__ is not str:
                raise type_error("Cannot convert a Symbol value to a string")
            found[usv_string(key)] = usv_string(get(given, key))
    return [[key, value] for key, value in found.items()]


def make_search_params(realm: Realm) -> JSObject:
    """The class URLSearchParams."""

    def construct(new_target: Value, given: Value = undefined, *_rest: Value) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor URLSearchParams cannot be invoked without 'new'")
        made = object_create(prototype_from(new_target, prototype), JSSearchParams)
        made.pairs_ = _initial(realm, given)
        made.update_ = None
        return made

    constructor, prototype = class_of(realm, "URLSearchParams", construct, 0)
    _add_methods(realm, prototype)
    _add_iteration(realm, prototype)
    add_functions(realm, prototype, [(registered(realm, CUSTOM), _inspector(realm), 2)], enumerable=False)
    return constructor


def own_params(realm: Realm, this: Value) -> JSSearchParams:
    """The parameters that a method was called on.

    Raises:
        ThrowCompletion: TypeError, they are none.
    """
    if not isinstance(this, JSSearchParams):
        raise coded_error(
            realm, "TypeError", "ERR_INVALID_THIS", 'Value of "this" must be of type URLSearchParams'
        )
    return this


def _add_methods(realm: Realm, prototype: JSObject) -> None:
    def append(this: Value, name: Value = ABSENT, value: Value = ABSENT, *_rest: Value) -> None:
        own = own_params(realm, this)
        if value is ABSENT:
            raise _missing(realm, '"name" and "value" arguments')
        own.pairs_.append([usv_string(name), usv_string(value)])
        _changed(own)

    def delete(this: Value, name: Value = ABSENT, value: Value = undefined, *_rest: Value) -> None:
        own = own_params(realm, this)
        if name is ABSENT:
            raise _missing(realm, '"name" argument')
        key = usv_string(name)
        wanted = None if value is undefined else usv_string(value)
        own.pairs_[:] = [
            pair for pair in own.pairs_ if pair[0] != key or (wanted is not None and pair[1] != wanted)
        ]
        _changed(own)

    def first(this: Value, name: Value = ABSENT, *_rest: Value) -> Value:
        own = own_params(realm, this)
        if name is ABSENT:
            raise _missing(realm, '"name" argument')
        key = usv_string(name)
        return next((pair[1] for pair in own.pairs_ if pair[0] == key), null)

    def every(this: Value, name: Value = ABSENT, *_rest: Value) -> Value:
        own = own_params(realm, this)
        if name is ABSENT:
            raise _missing(realm, '"name" argument')
        key = usv_string(name)
        return realm.make_array([pair[1] for pair in own.pairs_ if pair[0] == key])

    def has(this: Value, name: Value = ABSENT, value: Value = undefined, *_rest: Value) -> bool:
        own = own_params(realm, this)
        if name is ABSENT:
            raise _missing(realm, '"name" argument')
        key = usv_string(name)
        wanted = None if value is undefined else usv_string(value)
        return any(pair[0] == key and wanted in (None, pair[1]) for pair in own.pairs_)

    def put(this: Value, name: Value = ABSENT, value: Value = ABSENT, *_rest: Value) -> None:
        own = own_params(realm, this)
        if value is ABSENT:
            raise _missing(realm, '"name" and "value" arguments')
        key, text = usv_string(name), usv_string(value)
        place = next((place for place, pair in enumerate(own.pairs_) if pair[0] == key), None)
        if place is None:
            own.pairs_.append([key, text])
        else:
            rest = [pair for pair in own.pairs_[place + 1 :] if pair[0] != key]
            own.pairs_[place:] = [[key, text], *rest]
        _changed(own)

    def sort(this: Value, *_rest: Value) -> None:
        own = own_params(realm, this)
        own.pairs_.sort(key=lambda pair: pair[0])
        _changed(own)

    def text(this: Value, *_rest: Value) -> str:
        return serialized_form(own_params(realm, this).pairs_)

    def for_each(
        this: Value, callback: Value = undefined, receiver: Value = undefined, *_rest: Value
    ) -> None:
        own = own_params(realm, this)
        if not is_callable(callback):
            raise wrong_type(realm, 'The "callback" argument', "of type function", callback)
        function = callback
        index = 0
        while index < len(own.pairs_):
            name, value = own.pairs_[index]
            function.call_n(receiver, value, name, own)
            index += 1

    add_functions(
        realm,
        prototype,
        [
            ("append", append, 2),
            ("delete", delete, 1),
            ("get", first, 1),
            ("getAll", every, 1),
            ("has", has, 1),
            ("set", put, 2),
            ("sort", sort, 0),
            ("forEach", for_each, 1),
            ("toString", text, 0),
        ],
    )
    add_accessors(
        realm, prototype, [("size", lambda this, *_rest: float(len(own_params(realm, this).pairs_)), None)]
    )


def _add_iteration(realm: Realm, prototype: JSObject) -> None:
    iterators = slow_object(JSObject, realm.iterator_prototype)
    stored(iterators)[TO_STRING_TAG] = Property("URLSearchParams Iterator", False, False, True)

    def following(this: Value, *_rest: Value) -> Value:
        if not isinstance(this, JSParamsIterator):
            raise coded_error(
                realm,
                "TypeError",
                "ERR_INVALID_THIS",
                'Value of "this" must be of type URLSearchParamsIterator',
            )
        pairs = this.params_.pairs_
        if this.index_ >= len(pairs):
            return create_iter_result(realm, undefined, True)
        name, value = pairs[this.index_]
        this.index_ += 1
        found: Value = name if this.kind_of_ == "keys" else value
        if this.kind_of_ == "entries":
            found = realm.make_array([name, value])
        return create_iter_result(realm, found, False)

    add_functions(realm, iterators, [("next", following, 0)])

    def iterating(kind: str) -> HostCall:
        def iterate(this: Value, *_rest: Value) -> Value:
            made = object_create(iterators, JSParamsIterator)
            made.params_ = own_params(realm, this)
            made.index_ = 0
            made.kind_of_ = kind
            return made

        return iterate

    add_functions(realm, prototype, [(kind, iterating(kind), 0) for kind in ("entries", "keys", "values")])
    stored(prototype)[ITERATOR] = Property(stored(prototype)["entries"].value, True, False, True)
    shown = registered(realm, CUSTOM)

    def inspected(this: Value, *_rest: Value) -> str:
        assert isinstance(this, JSParamsIterator)
        left = this.params_.pairs_[this.index_ :]
        if this.kind_of_ == "entries":
            parts = [f"[ {inspect(realm, name)}, {inspect(realm, value)} ]" for name, value in left]
        else:
            parts = [inspect(realm, pair[0 if this.kind_of_ == "keys" else 1]) for pair in left]
        return (
            f"URLSearchParams Iterator {{ {', '.join(parts)} }}" if parts else "URLSearchParams Iterator {  }"
        )

    add_functions(realm, iterators, [(shown, inspected, 2)], enumerable=False)


def _inspector(realm: Realm) -> HostCall:
    def inspected(this: Value, *_rest: Value) -> str:
        pairs = own_params(realm, this).pairs_
        if not pairs:
            return "URLSearchParams {}"
        shown = [f"{inspect(realm, name)} => {inspect(realm, value)}" for name, value in pairs]
        return f"URLSearchParams {{ {', '.join(shown)} }}"

    return inspected
