"""The functions of `node:assert`, and AssertionError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.assertions.difference import message_of
from lockstep.reference.javascript.host.assertions.expectations import check_error, matches
from lockstep.reference.javascript.host.assertions.sources import call_text
from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_functions,
    class_name,
    class_of,
    coded_error,
    prototype_from,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.modules.builtins import built_in
from lockstep.reference.javascript.host.process.complaints import type_name
from lockstep.reference.javascript.host.util.equality import is_deep_equal, is_nan
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    await_then,
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import hidden, plain
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.operations.operators import loosely_equal
from lockstep.reference.javascript.runtime.values import ABSENT, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class Assertions:
    """The assertions of one realm.

    Attributes:
        error_class, error_prototype: AssertionError, and its prototype.
    """

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.error_class, self.error_prototype = class_of(
            realm, "AssertionError", self._construct, 1, parent=realm.error, tag=False
        )
        add_functions(realm, self.error_prototype, [("toString", self._text, 0)], enumerable=False)

    def _construct(self, new_target: Value, options: Value = undefined, *_rest: Value) -> Value:
        if not isinstance(options, JSObject):
            raise wrong_type(self.realm, 'The "options" argument', "of type object", options)
        message = get(options, "message")
        operator = get(options, "operator")
        text = None if message is undefined or message is null else to_string(message)
        return self._made(
            get(options, "actual"),
            get(options, "expected"),
            operator,
            text,
            new_target,
            generated=text is None,
        )

    def _made(
        self,
        actual: Value,
        expected: Value,
        operator: Value,
        text: str | None,
        new_target: Value,
        *,
        generated: bool,
    ) -> JSObject:
        realm = self.realm
        shown = message_of(realm, actual, expected, to_string(operator), text)
        made = slow_object(JSError, prototype_from(new_target, self.error_prototype))
        made.stack_ = None
        stored(made)["message"] = hidden(shown)
        stored(made)["generatedMessage"] = plain(generated)
        stored(made)["code"] = plain("ERR_ASSERTION")
        for key, value in (("actual", actual), ("expected", expected), ("operator", operator)):
            stored(made)[key] = plain(value)
        stored(made)["name"] = hidden("AssertionError")
        hosting_of(realm).stacks.capture(made, header=f"AssertionError [ERR_ASSERTION]: {shown}")
        return made

    def _text(self, this: Value, *_rest: Value) -> str:
        if not isinstance(this, JSObject):
            raise type_error("Illegal invocation")
        return f"{to_string(get(this, 'name'))} [{to_string(get(this, 'code'))}]: {to_string(get(this, 'message'))}"

    def error(
        self,
        actual: Value,
        expected: Value,
        operator: str,
        text: str | None,
        *,
        generated: bool | None = None,
    ) -> ThrowCompletion:
        """An AssertionError to raise."""
        is_generated = text is None if generated is None else generated
        return ThrowCompletion(
            self._made(actual, expected, operator, text, self.error_class, generated=is_generated)
        )

    def _fail(
        self, actual: Value, expected: Value, operator: str, message: Value, default: str | None = None
    ) -> None:
        if isinstance(message, JSError):
            raise ThrowCompletion(message)
        if message is undefined:
            raise self.error(actual, expected, operator, default, generated=True)
        raise self.error(actual, expected, operator, to_string(message), generated=False)

    # Values

    def ok(self, _this: Value, value: Value = ABSENT, message: Value = undefined, *_rest: Value) -> None:
        """`assert` and `assert.ok`."""
        if value is ABSENT:
            self._fail(undefined, True, "==", undefined, "No value argument passed to `assert.ok()`")
        if not to_boolean(value):
            default = None
            if message is undefined:
                text = call_text(self.realm)
                default = f"The expression evaluated to a falsy value:\n\n  {text}\n" if text else None
            self._fail(value, True, "==", message, default)

    def _two(self, values: tuple[Value, ...]) -> tuple[Value, Value, Value]:
        if len(values) < 2:
            raise coded_error(
                self.realm,
                "TypeError",
                "ERR_MISSING_ARGS",
                'The "actual" and "expected" arguments must be specified',
            )
        return values[0], values[1], values[2] if len(values) > 2 else undefined

    def comparing(self, operator: str, is_right: Callable[[Value, Value], bool]) -> HostCall:
        """An assertion about two values."""

        def check(_this: Value, *values: Value) -> None:
            actual, expected, message = self._two(values)
            if not is_right(actual, expected):
                self._fail(actual, expected, operator, message)

        return check

    def fail(self, _this: Value, message: Value = undefined, *_rest: Value) -> None:
        """`assert.fail`."""
        if isinstance(message, JSError):
            raise ThrowCompletion(message)
        text = "Failed" if message is undefined else to_string(message)
        raise self.error(undefined, undefined, "fail", text, generated=message is undefined)

    def if_error(self, _this: Value, value: Value = undefined, *_rest: Value) -> None:
        """`assert.ifError`."""
        if value is null or value is undefined:
            return
        text = "ifError got unwanted exception: "
        if isinstance(value, JSObject) and isinstance(get(value, "message"), str):
            message = to_string(get(value, "message"))
            name = class_name(value)
            text += message or to_string(name)
        else:
            text += inspect(self.realm, value)
        raise self.error(value, null, "ifError", text, generated=False)

    def matching(self, operator: str, *, wanted: bool) -> HostCall:
        """`assert.match` and `assert.doesNotMatch`."""

        def check(
            _this: Value,
            text: Value = undefined,
            pattern: Value = undefined,
            message: Value = undefined,
            *_rest: Value,
        ) -> None:
            if not isinstance(pattern, JSRegExp):
                raise wrong_type(self.realm, 'The "regexp" argument', "an instance of RegExp", pattern)
            if isinstance(text, str) and matches(pattern, text) == wanted:
                return
            if not isinstance(text, str):
                kind = inspect(self.realm, text)
                default = (
                    f'The "string" argument must be of type string. Received type {type_name(text)} ({kind})'
                )
            elif wanted:
                default = f"The input did not match the regular expression {inspect(self.realm, pattern)}. Input:\n\n{inspect(self.realm, text)}\n"
            else:
                default = f"The input was expected to not match the regular expression {inspect(self.realm, pattern)}. Input:\n\n{inspect(self.realm, text)}\n"
            self._fail(text, pattern, operator, message, default)

        return check

    # Errors

    def _arguments(self, expected: Value, message: Value, operator: str) -> tuple[Value, Value]:
        if isinstance(expected, str):
            return undefined, expected
        return expected, message

    def throws(
        self,
        _this: Value,
        function: Value = undefined,
        expected: Value = undefined,
        message: Value = undefined,
        *_rest: Value,
    ) -> None:
        """`assert.throws`."""
        if not is_callable(function):
            raise wrong_type(self.realm, 'The "fn" argument', "of type function", function)
        wanted, text = self._arguments(expected, message, "throws")
        called = function
        try:
            called.call_n(undefined)
        except Exception as error:
            actual = thrown_value(error, self.realm)
        else:
            self._missing(wanted, text, "throws", "exception")
            return
        if wanted is not undefined:
            check_error(self, actual, wanted, text, "throws")

    def _missing(self, expected: Value, message: Value, operator: str, what: str) -> None:
        details = ""
        if (
            isinstance(expected, JSObject)
            and isinstance(get(expected, "name"), str)
            and get(expected, "name")
        ):
            details = f" ({get(expected, 'name')})"
        details += (
            f": {to_string(message)}"
            if message is not undefined and not isinstance(message, JSError)
            else "."
        )
        if isinstance(message, JSError):
            raise ThrowCompletion(message)
        raise self.error(undefined, expected, operator, f"Missing expected {what}{details}", generated=False)

    def _unwanted(self, actual: Value, message: Value, operator: str, what: str) -> ThrowCompletion:
        details = f": {to_string(message)}" if message is not undefined else "."
        shown = to_string(get(actual, "message")) if isinstance(actual, JSObject) else to_string(actual)
        return self.error(
            actual,
            undefined,
            operator,
            f'Got unwanted {what}{details}\nActual message: "{shown}"',
            generated=False,
        )

    def does_not_throw(
        self,
        _this: Value,
        function: Value = undefined,
        expected: Value = undefined,
        message: Value = undefined,
        *_rest: Value,
    ) -> None:
        """`assert.doesNotThrow`."""
        if not is_callable(function):
            raise wrong_type(self.realm, 'The "fn" argument', "of type function", function)
        _, text = self._arguments(expected, message, "doesNotThrow")
        called = function
        try:
            called.call_n(undefined)
        except Exception as error:
            actual = thrown_value(error, self.realm)
            raise self._unwanted(actual, text, "doesNotThrow", "exception") from None

    def _promise(self, given: Value) -> Value:
        if is_callable(given):
            called = given
            given = called.call_n(undefined)
        if not isinstance(given, JSObject) or not is_callable(get(given, "then")):
            raise wrong_type(
                self.realm, 'The "promiseFn" argument', "of type function or an instance of Promise", given
            )
        return given

    def settling(self, operator: str, *, rejects: bool) -> HostCall:
        """`assert.rejects` and `assert.doesNotReject`."""

        def check(
            _this: Value,
            given: Value = undefined,
            expected: Value = undefined,
            message: Value = undefined,
            *_rest: Value,
        ) -> Value:
            realm = self.realm
            promise = new_promise(realm)
            resolve, reject = create_resolving_functions(realm, promise)
            wanted, text = self._arguments(expected, message, operator)

            def settle(step: Callable[[], object]) -> None:
                try:
                    step()
                except Exception as error:
                    reject(thrown_value(error, realm))
                else:
                    resolve(undefined)

            def rejected(reason: Value = undefined) -> None:
                if rejects:
                    settle(
                        lambda: (
                            check_error(self, reason, wanted, text, operator)
                            if wanted is not undefined
                            else None
                        )
                    )
                else:
                    reject(self._unwanted(reason, text, operator, "rejection").value)

            def fulfilled(_value: Value = undefined) -> None:
                if rejects:
                    settle(lambda: self._missing(wanted, text, operator, "rejection"))
                else:
                    resolve(undefined)

            try:
                await_then(realm, self._promise(given), fulfilled, rejected)
            except Exception as error:
                reject(thrown_value(error, realm))
            return promise

        return check


def _functions(own: Assertions, *, strict: bool) -> list[tuple[str, HostCall, int]]:
    realm = own.realm

    def deep(left: Value, right: Value) -> bool:
        return is_deep_equal(realm, left, right, strict=True)

    def loose(left: Value, right: Value) -> bool:
        return is_deep_equal(realm, left, right, strict=False)

    def equal(left: Value, right: Value) -> bool:
        return loosely_equal(left, right) or (is_nan(left) and is_nan(right))

    strict_rows = {
        "strictEqual": own.comparing("strictEqual", same_value),
        "notStrictEqual": own.comparing("notStrictEqual", lambda left, right: not same_value(left, right)),
        "deepStrictEqual": own.comparing("deepStrictEqual", deep),
        "notDeepStrictEqual": own.comparing("notDeepStrictEqual", lambda left, right: not deep(left, right)),
    }
    loose_rows = {
        "equal": strict_rows["strictEqual"] if strict else own.comparing("==", equal),
        "notEqual": strict_rows["notStrictEqual"]
        if strict
        else own.comparing("!=", lambda left, right: not equal(left, right)),
        "deepEqual": strict_rows["deepStrictEqual"] if strict else own.comparing("deepEqual", loose),
        "notDeepEqual": strict_rows["notDeepStrictEqual"]
        if strict
        else own.comparing("notDeepEqual", lambda left, right: not loose(left, right)),
    }
    return [
        ("ok", own.ok, 0),
        ("fail", own.fail, 1),
        *((name, function, 3) for name, function in {**loose_rows, **strict_rows}.items()),
        ("throws", own.throws, 1),
        ("rejects", own.settling("rejects", rejects=True), 1),
        ("doesNotThrow", own.does_not_throw, 1),
        ("doesNotReject", own.settling("doesNotReject", rejects=False), 1),
        ("ifError", own.if_error, 1),
        ("match", own.matching("match", wanted=True), 3),
        ("doesNotMatch", own.matching("doesNotMatch", wanted=False), 3),
    ]


def assert_module(realm: Realm) -> JSObject:
    """The exports: `assert` itself, with the others as properties."""
    own = Assertions(realm)
    made = native(realm, own.ok, 0, "ok")
    strict = native(realm, own.ok, 0, "strict")
    for target, is_strict in ((made, False), (strict, True)):
        add_functions(realm, target, _functions(own, strict=is_strict))
        target.define_own_property("AssertionError", plain(own.error_class))
        target.define_own_property("strict", plain(strict))
    return made


def strict_module(realm: Realm) -> Value:
    """`node:assert/strict`."""
    return get(built_in(realm, "assert"), "strict")
