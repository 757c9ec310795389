"""`URL` (URL standard, 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_accessors,
    add_functions,
    class_name,
    class_of,
    coded_error,
    prototype_from,
    prototype_of,
)
from lockstep.reference.javascript.host.hosting import global_of
from lockstep.reference.javascript.host.inspect.options import CUSTOM, registered
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.web import url_setters
from lockstep.reference.javascript.host.web.search_params import (
    JSSearchParams,
    new_params,
    parse_form,
    usv_string,
)
from lockstep.reference.javascript.host.web.url_hosts import serialized
from lockstep.reference.javascript.host.web.url_parser import URLError, URLRecord, parse_url
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, type_error
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import ABSENT, PropertyKey, Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_SHOWN = (
    "href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "searchParams", "hash",
)  # fmt: skip


class JSURL(JSObject):
    """A URL; `params_` is made when it is asked for."""

    __slots__ = ("params_", "record_")
    class_name_ = "URL"
    record_: URLRecord
    params_: JSSearchParams | None


def invalid_url(realm: Realm, text: str, base: str | None = None) -> ThrowCompletion:
    """ERR_INVALID_URL."""
    raised = coded_error(realm, "TypeError", "ERR_INVALID_URL", "Invalid URL")
    error = raised.value
    assert isinstance(error, JSObject)
    error.define_own_property("input", plain(text))
    if base is not None:
        error.define_own_property("base", plain(base))
    return raised


def record_of(realm: Realm, given: Value, base: Value) -> URLRecord:
    """The record of a URL and its base, as texts.

    Raises:
        ThrowCompletion: TypeError, one of them is none.
    """
    text = usv_string(given)
    base_text = None if base is undefined else usv_string(base)
    realm.agent.budget.bulk(len(text))
    try:
        base_record = None if base_text is None else parse_url(to_code_points(base_text))
        return parse_url(to_code_points(text), base_record)
    except URLError:
        raise invalid_url(realm, text, base_text) from None


def new_url(realm: Realm, record: URLRecord, prototype: JSObject | None = None) -> JSURL:
    """A URL object."""
    made = object_create(prototype_of(global_of(realm, "URL")) if prototype is None else prototype, JSURL)
    made.record_ = record
    made.params_ = None
    return made


def own_url(realm: Realm, this: Value) -> JSURL:
    """The URL that a method was called on.

    Raises:
        ThrowCompletion: TypeError, it is none.
    """
    if not isinstance(this, JSURL):
        raise type_error("Cannot read private member #context from an object whose class did not declare it")
    return this


_READERS: dict[str, Callable[[URLRecord], str]] = {
    "href": lambda url: url.href(),
    "origin": lambda url: url.origin(),
    "protocol": lambda url: f"{url.scheme}:",
    "username": lambda url: url.username,
    "password": lambda url: url.password,
    "host": lambda url: url.host_text(),
    "hostname": lambda url: serialized(url.host),
    "port": lambda url: "" if url.port is None else str(url.port),
    "pathname": lambda url: url.path_text(),
    "search": lambda url: f"?{url.query}" if url.query else "",
    "hash": lambda url: f"#{url.fragment}" if url.fragment else "",
}

_WRITERS: dict[str, Callable[[URLRecord, str], None]] = {
    "protocol": url_setters.set_protocol,
    "username": url_setters.set_username,
    "password": url_setters.set_password,
    "host": lambda url, value: url_setters.set_host_of(url, value, only_name=False),
    "hostname": lambda url, value: url_setters.set_host_of(url, value, only_name=True),
    "port": url_setters.set_port_of,
    "pathname": url_setters.set_pathname,
    "search": url_setters.set_search,
    "hash": url_setters.set_hash,
}


def make_url(realm: Realm) -> JSObject:
    """The class URL."""

    def construct(new_target: Value, given: Value = ABSENT, base: Value = undefined, *_rest: Value) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor URL cannot be invoked without 'new'")
        if given is ABSENT:
            raise coded_error(realm, "TypeError", "ERR_MISSING_ARGS", 'The "url" argument must be specified')
        record = record_of(realm, given, base)
        return new_url(realm, record, prototype_from(new_target, prototype))

    def can_parse(_this: Value, given: Value = ABSENT, base: Value = undefined, *_rest: Value) -> bool:
        if given is ABSENT:
            raise coded_error(realm, "TypeError", "ERR_MISSING_ARGS", 'The "url" argument must be specified')
        try:
            base_record = None if base is undefined else parse_url(to_code_points(usv_string(base)))
            parse_url(to_code_points(usv_string(given)), base_record)
        except URLError:
            return False
        return True

    def parse(_this: Value, given: Value = ABSENT, base: Value = undefined, *_rest: Value) -> Value:
        return new_url(realm, record_of(realm, given, base)) if can_parse(undefined, given, base) else null

    def refuse(_this: Value, *_rest: Value) -> Value:
        raise coded_error(realm, "Error", "ERR_ACCESS_DENIED", "object URLs are not available in this host")

    constructor, prototype = class_of(realm, "URL", construct, 1)
    rows: list[tuple[PropertyKey, HostCall, HostCall | None]] = [
        (name, _reader(realm, name), _writer(realm, name)) for name in _READERS
    ]
    place = [name for name, _, _ in rows].index("hash")
    rows.insert(place, ("searchParams", _params_reader(realm), None))
    add_functions(realm, prototype, [("toString", _reader(realm, "href"), 0)])
    add_accessors(realm, prototype, rows)
    add_functions(realm, prototype, [("toJSON", _reader(realm, "href"), 0)])
    add_functions(realm, prototype, [(registered(realm, CUSTOM), _inspector(realm), 2)], enumerable=False)
    add_functions(
        realm,
        constructor,
        [
            ("canParse", can_parse, 1),
            ("parse", parse, 1),
            ("createObjectURL", refuse, 1),
            ("revokeObjectURL", refuse, 1),
        ],
    )
    return constructor


def _reader(realm: Realm, name: str) -> HostCall:
    read = _READERS[name]
    return lambda this, *_rest: to_utf16(read(own_url(realm, this).record_))


def _renew(url: JSURL) -> None:
    """The query has changed: so have the parameters."""
    if url.params_ is not None:
        url.params_.pairs_[:] = parse_form(url.record_.query or "")


def _writer(realm: Realm, name: str) -> HostCall | None:
    def write(this: Value, value: Value = undefined, *_rest: Value) -> None:
        url = own_url(realm, this)
        text = usv_string(value)
        if name == "href":
            url.record_ = record_of(realm, text, undefined)
            _renew(url)
            return
        if name in _WRITERS:
            _WRITERS[name](url.record_, to_code_points(text))
            if name == "search":
                _renew(url)

    return None if name == "origin" else write


def _params_reader(realm: Realm) -> HostCall:
    def read(this: Value, *_rest: Value) -> Value:
        url = own_url(realm, this)
        if url.params_ is None:

            def update(query: str | None) -> None:
                url.record_.query = query

            url.params_ = new_params(realm, parse_form(url.record_.query or ""), update)
        return url.params_

    return read


def _inspector(realm: Realm) -> HostCall:
    def inspected(this: Value, depth: Value = undefined, *_rest: Value) -> Value:
        own = own_url(realm, this)
        if isinstance(depth, float) and depth < 0:
            return this
        made = realm.make_object()
        for name in _SHOWN:
            made.define_own_property(name, plain(get(own, name)))
        return f"{class_name(this)} {inspect(realm, made)}"

    return inspected
