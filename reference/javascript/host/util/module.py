"""`node:util`."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_functions,
    class_of,
    coded_error,
    namespace,
    wrong_type,
)
from lockstep.reference.javascript.host.events.abort import JSAbortSignal
from lockstep.reference.javascript.host.hosting import global_of, hosting_of
from lockstep.reference.javascript.host.inspect.format import format_message
from lockstep.reference.javascript.host.inspect.options import registered
from lockstep.reference.javascript.host.inspect.strings import without_colours
from lockstep.reference.javascript.host.modules.builtins import built_in
from lockstep.reference.javascript.host.promises import CUSTOM_PROMISIFY
from lockstep.reference.javascript.host.util.arguments import make_parse_args
from lockstep.reference.javascript.host.util.equality import is_deep_equal
from lockstep.reference.javascript.host.util.inspection import make_format, make_format_with_options
from lockstep.reference.javascript.host.util.styles import make_style_text
from lockstep.reference.javascript.host.web.search_params import usv_string
from lockstep.reference.javascript.runtime.completions import thrown_value, type_error
from lockstep.reference.javascript.runtime.host import shown
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    await_then,
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.property import Property, plain
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import call, get, get_v, set_property
from lockstep.reference.javascript.runtime.values import Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_LINE = re.compile(
    r"^\s*(?:export\s+)?([\w.-]+)\s*=\s*?('(?:\\'|[^'])*'|\"(?:\\\"|[^\"])*\"|`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$",
    re.MULTILINE,
)


def _promisify(realm: Realm) -> JSObject:
    custom = registered(realm, CUSTOM_PROMISIFY)

    def promisify(_this: Value, original: Value = undefined, *_rest: Value) -> Value:
        if not is_callable(original):
            raise wrong_type(realm, 'The "original" argument', "of type function", original)
        function = original
        own = get(function, custom)
        if own is not undefined and own is not null:
            if not is_callable(own):
                raise wrong_type(realm, 'The "util.promisify.custom" property', "of type function", own)
            return own

        def promised(this: Value, *arguments: Value) -> Value:
            promise = new_promise(realm)
            resolve, reject = create_resolving_functions(realm, promise)

            def done(_this: Value, error: Value = undefined, *values: Value) -> None:
                if to_boolean(error):
                    reject(error)
                else:
                    resolve(values[0] if values else undefined)

            try:
                function.call_n(this, *arguments, native(realm, done, 2))
            except Exception as error:
                reject(thrown_value(error, realm))
            return promise

        made = native(
            realm,
            promised,
            max(0, int(function.template_.length) - 1) if hasattr(function, "template_") else 0,
            "",
        )
        name = get(function, "name")
        made.define_own_property("name", Property(name, False, False, True))
        made.define_own_property(custom, Property(made, False, False, True))
        return made

    function = native(realm, promisify, 1, "promisify")
    function.define_own_property("custom", plain(custom))
    return function


def _callbackify(realm: Realm, original: Value) -> JSObject:
    if not is_callable(original):
        raise wrong_type(realm, 'The "original" argument', "of type function", original)
    function = original

    def called_back(this: Value, *arguments: Value) -> None:
        callback = arguments[-1] if arguments else undefined
        if not is_callable(callback):
            raise wrong_type(realm, "The last argument", "of type function", callback)
        loop = hosting_of(realm).loop

        def fulfilled(value: Value = undefined) -> None:
            loop.ticks.append(lambda: callback.call_n(undefined, null, value))

        def rejected(reason: Value = undefined) -> None:
            given = reason
            if not to_boolean(reason):
                raised = coded_error(
                    realm, "Error", "ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value"
                )
                given = raised.value
                assert isinstance(given, JSObject)
                given.define_own_property("reason", plain(reason))
            loop.ticks.append(lambda: callback.call_n(undefined, given))

        await_then(realm, function.call_n(this, *arguments[:-1]), fulfilled, rejected)

    name = get(function, "name")
    return native(realm, called_back, 0, f"{name}Callbackified")


def _inherits(realm: Realm, child: Value, parent: Value) -> None:
    for name, value in (("ctor", child), ("superCtor", parent)):
        if value is undefined or value is null:
            raise wrong_type(realm, f'The "{name}" argument', "of type function", value)
    above = get_v(realm, parent, "prototype")
    if above is undefined:
        raise wrong_type(realm, 'The "superCtor.prototype" property', "of type object", above)
    if not isinstance(child, JSObject):
        raise type_error("Object.defineProperty called on non-object")
    child.define_own_property("super_", Property(parent, True, False, True))
    prototype = get(child, "prototype")
    if prototype is undefined or prototype is null:
        raise type_error("Object.setPrototypeOf called on null or undefined")
    if not isinstance(above, JSObject) and above is not null:
        raise type_error(f"Object prototype may only be an Object or null: {shown(above)}")
    if isinstance(prototype, JSObject):
        prototype.set_prototype_of(null if above is null else above)


def _deprecate(realm: Realm, function: Value, message: Value, code: Value) -> JSObject:
    if not isinstance(function, JSObject):
        raise type_error(f"Object prototype may only be an Object or null: {shown(function)}")
    called = function
    warned = [False]

    def warn() -> None:
        if not warned[0]:
            warned[0] = True
            text = to_string(message)
            shown = "" if code is undefined else to_string(code)
            host = hosting_of(realm)
            host.loop.ticks.append(lambda: host.warn_guest(text, "DeprecationWarning", shown, undefined))

    def deprecated(this: Value, *arguments: Value) -> Value:
        warn()
        return call(called, this, *arguments)

    made = native(realm, deprecated, 0, "deprecated")
    made.define_own_property("name", Property(get(called, "name"), False, False, True))
    if called.is_constructor_:

        def construct(new_target: Value, *arguments: Value) -> Value:
            warn()
            if new_target is undefined:
                return called.call_n(undefined, *arguments)
            target = (
                new_target if isinstance(new_target, JSObject) and new_target is not constructor else called
            )
            return called.construct_n(list(arguments), target)

        constructor, _ = class_of(realm, to_string(get(called, "name")), construct)
        stored(constructor)["prototype"] = Property(get(called, "prototype"), True, False, False)
        constructor.set_prototype_of(called)
        return constructor
    made.set_prototype_of(called)
    return made


def _parse_env(realm: Realm, content: Value) -> JSObject:
    if content.__class__ is not str:
        raise wrong_type(realm, 'The "content" argument', "of type string", content)
    made = realm.make_object()
    for match in _LINE.finditer(str(content)):
        value = (match[2] or "").strip()
        if value[:1] in "'\"`" and value[-1:] == value[:1] and len(value) > 1:
            quote, value = value[0], value[1:-1]
            if quote == '"':
                value = value.replace("\\n", "\n")
        set_property(made, match[1], value, True)
    return made


def _system_error_name(realm: Realm, number: Value) -> Value:
    code = -int(number) if number.__class__ is float else 0
    return errno.errorcode.get(code, undefined)


def util_module(realm: Realm) -> JSObject:
    """The exports."""
    made = namespace(realm)
    host = hosting_of(realm)

    def debuglog(_this: Value, section: Value = undefined, *_rest: Value) -> Value:
        name = to_string(section).upper()
        wanted = [one.strip().upper() for one in host.hosting.environment.get("NODE_DEBUG", "").split(",")]
        enabled = name in wanted

        def log(_this: Value, *arguments: Value) -> None:
            if enabled:
                host.write_error(f"{name}: {format_message(realm, arguments)}\n")

        function = native(realm, log, 0, "")
        function.define_own_property("enabled", plain(enabled))
        return function

    def aborted(_this: Value, signal: Value = undefined, *_rest: Value) -> Value:
        promise = new_promise(realm)
        resolve, reject = create_resolving_functions(realm, promise)
        if not isinstance(signal, JSAbortSignal):
            complaint = wrong_type(realm, 'The "signal" argument', "an instance of AbortSignal", signal)
            reject(complaint.value)
        elif to_boolean(get(signal, "aborted")):
            resolve(undefined)
        else:
            done = native(realm, lambda _this, *_rest: resolve(undefined))
            call(get(signal, "addEventListener"), signal, "abort", done)
        return promise

    add_functions(
        realm,
        made,
        [
            ("callbackify", lambda _this, original=undefined, *_rest: _callbackify(realm, original), 1),
            ("debuglog", debuglog, 1),
            ("debug", debuglog, 1),
            (
                "deprecate",
                lambda _this, function=undefined, message=undefined, code=undefined, *_rest: _deprecate(
                    realm, function, message, code
                ),
                3,
            ),
            (
                "inherits",
                lambda _this, child=undefined, parent=undefined, *_rest: _inherits(realm, child, parent),
                2,
            ),
            (
                "isDeepStrictEqual",
                lambda _this, left=undefined, right=undefined, *_rest: is_deep_equal(
                    realm, left, right, strict=True
                ),
                2,
            ),
            (
                "stripVTControlCharacters",
                lambda _this, text=undefined, *_rest: _stripped(realm, text),
                1,
            ),
            ("toUSVString", lambda _this, text=undefined, *_rest: usv_string(text), 1),
            ("parseEnv", lambda _this, content=undefined, *_rest: _parse_env(realm, content), 1),
            (
                "getSystemErrorName",
                lambda _this, number=undefined, *_rest: _system_error_name(realm, number),
                1,
            ),
            (
                "isArray",
                lambda _this, value=undefined, *_rest: getattr(value, "class_name_", "") == "Array",
                1,
            ),
            ("aborted", aborted, 2),
        ],
    )
    for name, value in (
        ("format", make_format(realm)),
        ("formatWithOptions", make_format_with_options(realm)),
        ("inspect", hosting_of(realm).inspect_function),
        ("parseArgs", make_parse_args(realm)),
        ("promisify", _promisify(realm)),
        ("styleText", make_style_text(realm)),
        ("types", built_in(realm, "util/types")),
        ("TextDecoder", global_of(realm, "TextDecoder")),
        ("TextEncoder", global_of(realm, "TextEncoder")),
    ):
        stored(made)[name] = plain(value)
    for name, function in _OLD_CHECKS.items():
        add_functions(realm, made, [(name, _checking(function), 1)])
    return made


def _checking(check: Callable[[Value], bool]) -> HostCall:
    return lambda _this, value=undefined, *_rest: check(value)


# Deprecated, and still used by old packages.
_OLD_CHECKS = {
    "isBoolean": lambda value: value.__class__ is bool,
    "isNull": lambda value: value is null,
    "isNullOrUndefined": lambda value: value is null or value is undefined,
    "isNumber": lambda value: value.__class__ is float,
    "isString": lambda value: value.__class__ is str,
    "isSymbol": lambda value: value.__class__ is Symbol,
    "isUndefined": lambda value: value is undefined,
    "isFunction": is_callable,
    "isObject": lambda value: isinstance(value, JSObject) and not value.is_callable_,
    "isRegExp": lambda value: getattr(value, "class_name_", "") == "RegExp",
    "isDate": lambda value: getattr(value, "class_name_", "") == "Date",
    "isError": lambda value: getattr(value, "class_name_", "") == "Error",
    "isPrimitive": lambda value: not isinstance(value, JSObject),
}


def _stripped(realm: Realm, text: Value) -> str:
    if text.__class__ is not str:
        raise wrong_type(realm, 'The "str" argument', "of type string", text)
    return without_colours(str(text))
