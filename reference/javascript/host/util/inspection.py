"""`util.inspect`, `util.format` and `util.formatWithOptions` as functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import dictionary
from lockstep.reference.javascript.host.inspect.format import format_message
from lockstep.reference.javascript.host.inspect.options import COLOURS, CUSTOM, STYLES, registered
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.objects import enumerable_own_keys, get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def options_of(realm: Realm, options: Value) -> dict[str, Value]:
    """The options that an object holds."""
    if not isinstance(options, JSObject):
        return {}
    return {key: get(options, key) for key in enumerable_own_keys(realm, options)}


def make_inspect(realm: Realm) -> JSObject:
    """`util.inspect`."""
    defaults = realm.make_object()

    def inspect_value(
        _this: Value,
        value: Value = undefined,
        options: Value = undefined,
        depth: Value = undefined,
        colours: Value = undefined,
        *_rest: Value,
    ) -> str:
        given = options_of(realm, defaults)
        if options.__class__ is bool:
            given["showHidden"] = options
            if depth is not undefined:
                given["depth"] = depth
            if colours is not undefined:
                given["colors"] = colours
        else:
            given.update(options_of(realm, options))
        return inspect(realm, value, **given)

    function = native(realm, inspect_value, 2, "inspect")
    function.define_own_property("custom", plain(registered(realm, CUSTOM)))
    function.define_own_property("defaultOptions", plain(defaults))
    colours = dictionary(
        realm,
        [(name, realm.make_array([float(number) for number in pair])) for name, pair in COLOURS.items()],
    )
    function.define_own_property("colors", plain(colours))
    function.define_own_property("styles", plain(dictionary(realm, STYLES.items())))
    for name, value in (
        ("showHidden", False), ("depth", 2.0), ("colors", False), ("customInspect", True), ("showProxy", False),
        ("maxArrayLength", 100.0), ("maxStringLength", 10000.0), ("breakLength", 80.0), ("compact", 3.0),
        ("sorted", False), ("getters", False), ("numericSeparator", False),
    ):  # fmt: skip
        defaults.define_own_property(name, plain(value))
    return function


def make_format(realm: Realm) -> JSObject:
    """`util.format`."""
    return native(realm, lambda _this, *arguments: format_message(realm, arguments), 0, "format")


def make_format_with_options(realm: Realm) -> JSObject:
    """`util.formatWithOptions`."""

    def format_with(_this: Value, options: Value = undefined, *arguments: Value) -> str:
        return format_message(realm, arguments, options_of(realm, options))

    return native(realm, format_with, 1, "formatWithOptions")
