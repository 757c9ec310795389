"""JavaScript in the hands of an embedder: see docs/embedding.md for what becomes of which value."""

from __future__ import annotations

import weakref
from collections.abc import Generator, Iterator
from typing import Any

from lockstep.reference.host.embedding.errors import GuestError
from lockstep.reference.host.embedding.guest import Failure, Guest, MissingKey, NoFormError, Opening, Pending
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.limits import Budget
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.embedded import (
    HostFunction,
    JSHostObject,
    host_function,
    host_object,
)
from lockstep.reference.javascript.runtime.interfaces import Realm
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    FULFILLED,
    PENDING,
    JSPromise,
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import JSFunction, entry
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_object, to_property_key
from lockstep.reference.javascript.runtime.operations.inspection import inspect
from lockstep.reference.javascript.runtime.operations.iteration import iterate
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    create_data_property,
    enumerable_own_keys,
    get,
    get_v,
    length_of_array_like,
    set_property,
)
from lockstep.reference.javascript.runtime.reports import error_report
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import HOLE, BigInt, Symbol, Value, null, undefined
from lockstep.reference.javascript.state import Backend, JavaScriptState, ReportedError, parse_report
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

# 6.1.6.1: integers beyond that have no Number of their own.
_SAFE_INTEGER = (1 << 53) - 1
_DEEPEST_CAUSE = 16


class JavaScriptGuest(Guest):
    """One agent with its first realm, for an embedder."""

    # 27.2: a guest waits for itself, by promises.
    blocks = False

    def __init__(self, backend: Backend, opening: Opening) -> None:
        super().__init__(opening)
        self.state = JavaScriptState(
            backend,
            opening.budget,
            opening.output,
            for_tests=False,
            folders=None if opening.files else opening.roots,
        )
        # The exceptions of host functions, by the error objects that stand for them.
        self.origins: weakref.WeakKeyDictionary[JSObject, BaseException] = weakref.WeakKeyDictionary()

    @property
    def realm(self) -> Realm:
        """The realm in which everything happens."""
        return self.state.living()[1]

    # Running

    def use_budget(self, budget: Budget) -> None:
        """See Guest."""
        self.state.use_budget(budget)

    def after_run(self) -> None:
        """See Guest."""
        self.state.end_agents()

    def evaluate(self, program: Program) -> Value:
        """See Guest: the completion value, after all jobs."""
        value = self.state.value_of(program)
        self._settle(value)
        return value

    def _settle(self, value: Value) -> None:
        """Run the jobs; a rejection that has found no handler and that the embedder does not get is thrown."""
        agent, _ = self.state.living()
        self.state.run_jobs()
        rejected = [promise for promise in agent.rejected if promise is not value]
        agent.rejected.clear()
        if rejected:
            raise ThrowCompletion(rejected[0].result_)

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """See Guest: 7.3.13 Call, and the jobs that it leaves."""
        value = entry(function, len(arguments))(undefined, *arguments)
        self._settle(value)
        return value

    def invoke(self, target: Value, name: str, arguments: list[Value]) -> Value:
        """See Guest: 7.3.20 Invoke, and the jobs that it leaves."""
        function = get_v(self.realm, target, to_utf16(name))
        value = entry(function, len(arguments))(target, *arguments)
        self._settle(value)
        return value

    def awaiting(self, value: Value) -> Generator[object, object, Value]:
        """See Guest: waits while a promise is pending."""
        while isinstance(value, JSPromise):
            if value.state_ == PENDING:
                yield None
                self._settle(value)
                continue
            self.state.living()[0].rejected.pop(value, None)
            value.is_handled_ = True
            if value.state_ != FULFILLED:
                raise ThrowCompletion(value.result_)
            value = value.result_
        return value

    # Globals

    def get_global(self, name: str) -> Value:
        """See Guest: a global variable of any kind."""
        key, environment = to_utf16(name), self.realm.global_environment
        if not environment.has_binding(key):
            raise MissingKey(name)
        return environment.get_binding_value(key, True)

    def set_global(self, name: str, value: Value) -> None:
        """See Guest."""
        self.realm.global_environment.set_mutable_binding(to_utf16(name), value, False)

    def delete_global(self, name: str) -> None:
        """See Guest: only what JavaScript could delete."""
        key, environment = to_utf16(name), self.realm.global_environment
        if not environment.has_binding(key):
            raise MissingKey(name)
        if not environment.delete_binding(key):
            raise type_error(f"Cannot delete '{name}'")

    # What handles do

    def get_item(self, target: Value, key: Value) -> Value:
        """See Guest: 7.3.3 GetV; undefined where there is nothing."""
        return get_v(self.realm, target, to_property_key(key))

    def set_item(self, target: Value, key: Value, value: Value) -> None:
        """See Guest: 7.3.4 Set."""
        if not isinstance(target, JSObject):
            raise type_error("only objects have properties to set")
        set_property(target, to_property_key(key), value, True)

    def length(self, target: Value) -> int:
        """See Guest: `length`, or the `size` of a Map or Set."""
        if isinstance(target, JSObject) and not target.has_property("length"):
            size = get(target, "size")
            if size.__class__ is float:
                return int(size)
        return length_of_array_like(to_object(self.realm, target))

    def keys(self, target: Value) -> Iterator[Value]:
        """See Guest: what `for (x of target)` gives where that can be, else the keys of `Object.keys`."""
        if get_v(self.realm, target, ITERATOR) is undefined:
            return iter(enumerable_own_keys(self.realm, to_object(self.realm, target)))
        return iterate(self.realm, target)

    def text(self, value: Value) -> str:
        """See Guest."""
        return to_code_points(inspect(value))

    def kind(self, value: Value) -> str:
        """See Guest: `function`, `symbol`, or the class of an object in lower case."""
        if not isinstance(value, JSObject):
            return type(value).__name__.lower()
        return "function" if value.is_callable_ else value.class_name_.lower()

    # Errors

    def failure(self, error: BaseException) -> Failure:
        """See Guest."""
        if isinstance(error, GuestSyntaxError):
            return Failure(parse_report(error))
        if isinstance(error, ReportedError):
            return Failure(error.report)
        where = error.__traceback__
        value = thrown_value(error, self.realm)
        origin = self.origins.get(value) if isinstance(value, JSError) else None
        again = ThrowCompletion(value)
        again.__traceback__ = where
        report = error_report(self.realm, again)
        return Failure(report, (value,), self._cause(value, _DEEPEST_CAUSE), origin)

    def _cause(self, value: Value, deepest: int) -> Failure | None:
        """20.5.8.1 InstallErrorCause: the own data property `cause` of an error."""
        own = value.get_own_property("cause") if isinstance(value, JSError) else None
        if own is None or own.is_accessor or deepest == 0:
            return None
        report = error_report(self.realm, ThrowCompletion(own.value))
        return Failure(report, (own.value,), self._cause(own.value, deepest - 1))

    def thrown(self, error: BaseException) -> ThrowCompletion:
        """What a host function's exception is inside: a guest's own error as it was, any other one an Error object."""
        if isinstance(error, GuestError) and error.value is not None:
            return ThrowCompletion(self.to_guest(error.value))
        made = self.realm.make_error("Error", to_utf16(str(error)))
        stored(made)["name"] = hidden(type(error).__name__)
        self.origins[made] = error
        return ThrowCompletion(made)

    # Values

    def host_form(self, value: Any, seen: dict[int, object]) -> Value:
        """See Guest."""
        kind = value.__class__
        if kind is str:
            return to_code_points(value)
        if kind is float:
            return (
                int(value)
                if value.is_integer() and abs(value) <= _SAFE_INTEGER and str(value) != "-0.0"
                else value
            )
        if value is undefined or value is null:
            return None
        if kind is bool:
            return value
        if kind is BigInt:
            return value.integer
        if kind is Symbol:
            raise NoFormError
        if id(value) in seen:
            return seen[id(value)]
        return self._host_object(value, seen)

    def _host_object(self, value: Any, seen: dict[int, object]) -> Value:
        if isinstance(value, JSHostObject):
            return value.original_
        if isinstance(value, JSFunction) and isinstance(value.host_, HostFunction):
            return value.host_.function
        if isinstance(value, JSArray):
            return self._host_list(value, seen)
        if isinstance(value, JSTypedArray) and value.kind_.name == "Uint8":
            return bytes(int(value.elements_[index]) for index in range(len(value.elements_)))
        if (
            value.is_callable_
            or value.is_exotic_
            or type(value).class_name_ != "Object"
            or value.has_virtual_
        ):
            raise NoFormError
        if value.prototype_ is not self.realm.object_prototype and value.prototype_ is not null:
            raise NoFormError
        return self._host_dict(value, seen)

    def _host_list(self, value: JSArray, seen: dict[int, object]) -> list[object]:
        elements = value.elements_
        if elements is None or value.prototype_ is not self.realm.array_prototype:
            raise NoFormError
        self.state.living()[0].budget.take(len(elements) >> 4)
        made: list[object] = []
        seen[id(value)] = made
        made.extend(None if one is HOLE else self.to_host(one, seen) for one in elements)
        return made

    def _host_dict(self, value: JSObject, seen: dict[int, object]) -> dict[str, object]:
        held: list[tuple[str, Value]] = []
        for key in value.own_property_keys():
            own = value.get_own_property(key)
            if not isinstance(key, str) or own is None or own.is_accessor or not own.enumerable:
                raise NoFormError
            held.append((key, own.value))
        self.state.living()[0].budget.take(len(held) >> 4)
        made: dict[str, object] = {}
        seen[id(value)] = made
        for name, one in held:
            made[to_code_points(name)] = self.to_host(one, seen)
        return made

    def guest_form(self, value: Value, seen: dict[int, object]) -> Value:
        """See Guest."""
        if value is None:
            return null
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return to_utf16(str(value))
        if isinstance(value, float):
            return float(value)
        if isinstance(value, int):
            return float(value) if abs(value) <= _SAFE_INTEGER else BigInt(int(value))
        if id(value) in seen:
            return seen[id(value)]
        return self._guest_object(value, seen)

    def _guest_object(self, value: Value, seen: dict[int, object]) -> Value:
        realm = self.realm
        if isinstance(value, (list, tuple)):
            elements: list[Value] = []
            array = seen[id(value)] = realm.make_array(elements)
            elements.extend(self.to_guest(one, seen) for one in value)
            return array
        if isinstance(value, dict):
            made = seen[id(value)] = realm.make_object()
            for key, one in value.items():
                create_data_property(made, _property_key(key), self.to_guest(one, seen))
            return made
        if isinstance(value, (bytes, bytearray)):
            return construct(realm.uint8_array, [realm.make_array([float(one) for one in value])])
        if callable(value):
            return self.stand_in(value, lambda function: host_function(realm, HostFunction(self, function)))
        return self.stand_in(value, lambda original: host_object(realm, self, original))

    def promise_of(self, pending: Any) -> Value:
        """A promise of what a host coroutine will give."""
        realm = self.realm
        promise = new_promise(realm)
        resolve, reject = create_resolving_functions(realm, promise)

        def settle(value: Value, error: BaseException | None) -> None:
            if error is not None:
                reject(self.thrown(error).value)
                return
            try:
                resolve(undefined if value is None else self.to_guest(value))
            except (TypeError, ValueError) as refused:
                reject(self.thrown(refused).value)

        self.embedder.later(pending.task, settle)
        return promise

    def result_of(self, value: Value) -> Value:
        """See Guest: None is undefined, and what is waited for a promise."""
        if value is None:
            return undefined
        if isinstance(value, Pending):
            return self.promise_of(value)
        return super().result_of(value)

    # Life

    def roots_of_state(self) -> tuple[list[object], list[object]]:
        """See Guest."""
        agent, realm = self.state.living()
        return [agent, realm], [agent.budget, agent.output, self.state.backend, agent.evaluator]

    def close(self) -> None:
        """See Guest."""
        self.state.end_agents()
        self.state.close()


def _property_key(key: Value) -> str:
    if isinstance(key, str):
        return to_utf16(key)
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise TypeError(f"a property of an object is named by a str, not by {type(key).__name__}")
