"""ECMA-262 7.4: operations on iterator objects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import (
    NativeErrorCompletion,
    ReturnSignal,
    sever_context,
    type_error,
)
from lockstep.reference.javascript.runtime.objects.array import JSArray, array_from_list
from lockstep.reference.javascript.runtime.objects.description import (
    Naming,
    describe,
    kind_and_value,
    not_iterable,
    not_spread,
)
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean
from lockstep.reference.javascript.runtime.operations.objects import get, get_method, get_v
from lockstep.reference.javascript.runtime.symbols import ASYNC_ITERATOR, ITERATOR
from lockstep.reference.javascript.runtime.values import HOLE, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

DONE = object()
"""What `step` gives when the iterator is done."""


def direct_step(iterator: Any, next_method: Value) -> Callable[[], Value] | None:
    """Stepping without a result object: an iterator of the language's own, whose `next` nobody replaced."""
    direct = iterator.direct_next_ if isinstance(iterator, JSObject) else None
    if direct is None or not isinstance(next_method, JSFunction) or next_method.template_ is not direct:
        return None
    return partial(iterator.advance_, next_method.realm_)


_Failure = Callable[[Value, Naming], NativeErrorCompletion]


class IteratorRecord:
    """7.4.1 Iterator Record.

    Attributes:
        advance: gives the next value, or DONE, without a result object; None where somebody could tell.
    """

    __slots__ = ("advance", "done", "iterator", "next_method")

    def __init__(self, iterator: JSObject, next_method: Value) -> None:
        self.iterator = iterator
        self.next_method = next_method
        self.advance = direct_step(iterator, next_method)
        self.done = False

    def next(self, *arguments: Value) -> JSObject:
        """7.4.6 IteratorNext: the result object."""
        try:
            method = self.next_method
            if not is_callable(method):
                raise type_error(f"{describe(method)} is not a function")
            result = method.call_n(self.iterator, *arguments)
            if not isinstance(result, JSObject):
                raise type_error(f"Iterator result {describe(result)} is not an object")
        except BaseException:
            self.done = True
            raise
        return result

    def is_done_after_step(self) -> bool:
        """7.4.9 IteratorStep, without the result."""
        result = self.next()
        try:
            self.done = to_boolean(result.get_value("done", result))
        except BaseException:
            self.done = True
            raise
        return self.done

    def step(self) -> Value:
        """7.4.10 IteratorStepValue: the next value, or DONE."""
        if self.advance is not None:
            try:
                value = self.advance()
            except BaseException:
                self.done = True
                raise
            if value is DONE:
                self.done = True
            return value
        result = self.next()
        try:
            if to_boolean(result.get_value("done", result)):
                self.done = True
                return DONE
            return result.get_value("value", result)
        except BaseException:
            self.done = True
            raise

    def close(self, error: BaseException | None = None) -> None:
        """7.4.11 IteratorClose: for a normal completion, or before `error` is raised again.

        An error of `return` is dropped when the completion is a throw; for a return completion
        (`ReturnSignal`) it is not.
        """
        if error is not None and not isinstance(error, (Exception, ReturnSignal)):
            return
        throwing = error is not None and not isinstance(error, ReturnSignal)
        sever_context()
        iterator = self.iterator
        try:
            method = get_method(iterator, "return")
            if method is undefined:
                return
            result = method.call_n(iterator)
        except Exception as failure:
            if throwing and not isinstance(failure, MemoryError):
                return
            raise
        if not throwing and not isinstance(result, JSObject):
            raise type_error(f"Iterator result {describe(result)} is not an object")


def iterator_close_all(records: list[IteratorRecord], error: Exception | None = None) -> None:
    """7.4.13 IteratorCloseAll: from the last to the first, for a throw completion or another one.

    Raises:
        ThrowCompletion: the completion is a throw, which is `error` or what closing made of it.
    """
    for record in reversed(records):
        try:
            record.close(error)
        except Exception as failure:  # noqa: PERF203  # any throw completion
            error = failure
    if error is not None:
        raise error


def create_iter_result(realm: Realm, value: Value, done: bool) -> Value:
    """7.4.14 CreateIteratorResultObject."""
    result: Any = object_create(realm.object_prototype)
    result.value = value
    result.done = done
    return result


def result_of_step(realm: Realm, value: Value) -> Value:
    """The result object of an iterator of the language's own, for what its `advance_` gave."""
    if value is DONE:
        return create_iter_result(realm, undefined, True)
    return create_iter_result(realm, value, False)


def get_iterator(
    realm: Realm, value: Value, naming: Naming = "", failure: _Failure = not_iterable
) -> IteratorRecord:
    """7.4.4 GetIterator with kind sync; `naming` tells how the program calls the value."""
    if value is undefined or value is null:
        raise failure(value, naming)
    method = get_v(realm, value, ITERATOR)
    if not is_callable(method):
        raise failure(value, naming)
    return get_iterator_from_method(value, method)


def get_iterator_from_method(value: Value, method: Any) -> IteratorRecord:
    """7.4.3 GetIteratorFromMethod."""
    iterator = method.call_n(value)
    if not isinstance(iterator, JSObject):
        raise type_error("Result of the Symbol.iterator method is not an object")
    return IteratorRecord(iterator, get(iterator, "next"))


def get_iterator_direct(iterator: JSObject) -> IteratorRecord:
    """7.4.2 GetIteratorDirect."""
    return IteratorRecord(iterator, get(iterator, "next"))


def get_iterator_flattenable(realm: Realm, value: Value, reject_strings: bool) -> IteratorRecord:
    """7.4.5 GetIteratorFlattenable."""
    if not isinstance(value, JSObject) and (reject_strings or value.__class__ is not str):
        raise type_error(f"{describe(value)} is not an object")
    method = get_method(value, ITERATOR, realm)
    iterator = value if method is undefined else method.call_n(value)
    if not isinstance(iterator, JSObject):
        raise type_error(f"{describe(iterator)} is not an object")
    return get_iterator_direct(iterator)


def get_async_iterator(realm: Realm, value: Value) -> IteratorRecord:
    """7.4.4 GetIterator with kind async."""
    method = get_method(value, ASYNC_ITERATOR, realm)
    if method is undefined:
        sync_method = get_method(value, ITERATOR, realm)
        if sync_method is undefined:
            raise type_error(f"{kind_and_value(value)} is not async iterable")
        record: IteratorRecord = realm.create_async_from_sync_iterator(
            get_iterator_from_method(value, sync_method)
        )
        return record
    iterator = method.call_n(value)
    if not isinstance(iterator, JSObject):
        raise type_error("Result of the Symbol.asyncIterator method is not an object")
    return IteratorRecord(iterator, get(iterator, "next"))


def iterates_plainly(realm: Realm, value: Value) -> bool:
    """Whether iterating `value` means reading the elements of a fast array in order, unobservably."""
    if not isinstance(value, JSArray) or value.elements_ is None:
        return False
    if value.prototype_ is not realm.array_prototype or value.__dict__:
        return False
    return bool(realm.array_iteration_is_plain())


def iterate(realm: Realm, value: Any) -> Iterator[Value]:
    """Iterate from the runtime: a host generator that closes the iterator when it is left early.

    The caller must exhaust it or close it; an error that leaves the caller's loop goes through `close_over`.
    """
    if iterates_plainly(realm, value):
        index = 0
        elements = value.elements_
        while elements is not None and index < len(elements):
            if not index & 255:
                realm.agent.budget.elements(256 if index else 0)
            element = elements[index]
            yield value.get_value(str(index), value) if element is HOLE else element
            index += 1
            elements = value.elements_
        if elements is not None:
            return
        while index < value.get_value("length", value):
            yield value.get_value(str(index), value)
            index += 1
        return
    record = get_iterator(realm, value)
    budget = realm.agent.budget
    while True:
        budget.step()
        step = record.step()
        if step is DONE:
            return
        yield step


def iterator_to_list(
    realm: Realm, value: Any, naming: Naming = "", failure: _Failure = not_iterable
) -> list[Value]:
    """7.4.16 IteratorToList of the iterator of `value`: spread and rest."""
    if iterates_plainly(realm, value):
        elements = value.elements_
        if HOLE not in elements:
            realm.agent.budget.bulk(len(elements))
            return list(elements)
        return [value.get_value(str(index), value) for index in realm.each(range(len(elements)))]
    record = get_iterator(realm, value, naming, failure)
    values: list[Value] = []
    budget = realm.agent.budget
    while True:
        budget.step()
        step = record.step()
        if step is DONE:
            return values
        values.append(step)


def create_array_from_list(realm: Realm, values: list[Value]) -> JSArray:
    """7.3.17 CreateArrayFromList; takes over the list."""
    return array_from_list(realm.array_prototype, values)


def is_nullish(value: Value) -> bool:
    """Whether the value is undefined or null."""
    return value is undefined or value is null


def array_spread(realm: Realm, value: Value, naming: Naming = "") -> list[Value]:
    """13.2.4.1 ArrayAccumulation of a SpreadElement."""
    return iterator_to_list(realm, value, naming)


def argument_spread(realm: Realm, value: Value, naming: Naming = "") -> list[Value]:
    """13.3.8.1 ArgumentListEvaluation of `...value`."""
    return iterator_to_list(realm, value, naming, not_spread)
