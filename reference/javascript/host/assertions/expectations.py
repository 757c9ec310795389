"""What `assert.throws` and `assert.rejects` expect of an error: a class, a pattern, properties, or a function that says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lockstep.reference.javascript.host.definition import class_name, coded_error, wrong_type
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.util.equality import is_deep_equal
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import hidden, plain
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import (
    call,
    enumerable_own_keys,
    get,
    instance_of,
    ordinary_has_instance,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class Asserting(Protocol):
    """The assertions of one realm, see `module.Assertions`."""

    realm: Realm

    def error(
        self, actual: Value, expected: Value, operator: str, text: str | None, *, generated: bool = False
    ) -> ThrowCompletion:
        """An AssertionError to raise."""
        ...


def matches(pattern: JSObject, text: str) -> bool:
    """Whether a regular expression is found in a text."""
    return to_boolean(call(get(pattern, "test"), pattern, text))


def _fail(
    own: Asserting, actual: Value, expected: Value, message: Value, default: str, operator: str
) -> None:
    text = default if message is undefined else to_string(message)
    if isinstance(message, JSError):
        raise ThrowCompletion(message)
    raise own.error(actual, expected, operator, text, generated=message is undefined)


def check_error(own: Asserting, actual: Value, expected: Value, message: Value, operator: str) -> None:
    """Compare what was thrown with what was expected.

    Raises:
        ThrowCompletion: AssertionError, it is something else; or what was thrown.
    """
    realm: Realm = own.realm
    if not isinstance(expected, JSObject):
        raise wrong_type(
            realm,
            'The "expected" argument',
            "of type function or an instance of Error, RegExp, or Object",
            expected,
        )
    if isinstance(expected, JSRegExp):
        text = to_string(actual)
        if not matches(expected, text):
            default = f"The input did not match the regular expression {inspect(realm, expected)}. Input:\n\n{inspect(realm, text)}\n"
            _fail(own, actual, expected, message, default, operator)
        return
    if not expected.is_callable_:
        _check_properties(own, actual, expected, message, operator)
        return
    prototype = get(expected, "prototype")
    if prototype is not undefined and instance_of(actual, expected):
        return
    function = expected
    error_class = realm.error
    if expected is error_class or ordinary_has_instance(error_class, get(expected, "prototype")):
        name = get(expected, "name")
        default = f'The error is expected to be an instance of "{name}". '
        if isinstance(actual, JSError):
            default += f'Received "{class_name(actual)}"'
        else:
            default += f'Received "{inspect(realm, actual, depth=-1.0)}"'
        if isinstance(actual, JSObject) and to_boolean(get(actual, "message")):
            default += f"\n\nError message:\n\n{to_string(get(actual, 'message'))}"
        _fail(own, actual, expected, message, default, operator)
        return
    result = function.call_n(realm.make_object(), actual)
    if result is not True:
        shown = f'"{get(expected, "name")}" ' if get(expected, "name") else ""
        default = (
            f'The {shown}validation function is expected to return "true". Received {inspect(realm, result)}'
        )
        if isinstance(actual, JSError):
            default += f"\n\nCaught error:\n\n{inspect(realm, actual)}"
        _fail(own, actual, expected, message, default, operator)


def _check_properties(
    own: Asserting, actual: Value, expected: JSObject, message: Value, operator: str
) -> None:
    realm: Realm = own.realm
    if not isinstance(actual, JSObject):
        raise own.error(
            actual, expected, "deepStrictEqual", None if message is undefined else to_string(message)
        )
    keys = enumerable_own_keys(realm, expected)
    if isinstance(expected, JSError):
        keys = [*keys, "name", "message"]
    elif not keys:
        raise coded_error(
            realm,
            "TypeError",
            "ERR_INVALID_ARG_VALUE",
            f"The argument 'error' may not be an empty object. Received {inspect(realm, expected)}",
        )
    for key in keys:
        wanted, found = get(expected, key), get(actual, key)
        if isinstance(wanted, JSRegExp) and isinstance(found, str) and matches(wanted, found):
            continue
        if actual.has_property(key) and is_deep_equal(realm, found, wanted, strict=True):
            continue
        if message is not undefined:
            _fail(own, actual, expected, message, "", operator)
        left = _picked(realm, actual, keys, expected)
        right = _picked(realm, expected, keys, None)
        raised = own.error(left, right, "deepStrictEqual", None)
        error = raised.value
        assert isinstance(error, JSObject)
        for name, value in (("actual", actual), ("expected", expected), ("operator", operator)):
            error.set_value(name, value, error)
        raise raised


def _picked(realm: Realm, value: JSObject, keys: list[str], other: JSObject | None) -> JSObject:
    """The properties that were compared; of texts that a pattern matches, the pattern."""
    shape = slow_object(JSObject, realm.object_prototype)
    made = slow_object(JSObject, shape)
    comparison = native(realm, lambda _this, *_rest: undefined, 0, "Comparison")
    comparison.define_own_property("prototype", plain(shape))
    stored(shape)["constructor"] = hidden(comparison)
    for key in keys:
        if not value.has_property(key):
            continue
        held = get(value, key)
        wanted = get(other, key) if other is not None else undefined
        if isinstance(wanted, JSRegExp) and isinstance(held, str) and matches(wanted, held):
            held = wanted
        made.define_own_property(key, plain(held))
    return made
