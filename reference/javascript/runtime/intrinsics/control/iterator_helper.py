"""ECMA-262 27.1.2.1 and 27.1.4: iterator helpers, and the methods of Iterator.prototype that make them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_boolean,
    to_integer_or_infinity,
    to_number,
)
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    create_iter_result,
    get_iterator_direct,
    get_iterator_flattenable,
    iterator_close_all,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_MAX_SAFE_INTEGER = 2**53 - 1
_MAX_SIZE = 2**32 - 1


class JSIteratorHelper(JSObject):
    """An iterator helper.

    Attributes:
        steps_: a host generator of the values.
        underlying_: [[UnderlyingIterators]]: the open iterators, which `return` closes from the last to the
            first; None once the helper has ended.
        started_: whether the generator has run.
        running_: whether it runs now.
    """

    __slots__ = ("running_", "started_", "steps_", "underlying_")
    class_name_ = "Iterator Helper"
    steps_: Any
    underlying_: list[IteratorRecord] | None
    started_: bool
    running_: bool


def create_iterator_helper(
    realm: Realm, underlying: list[IteratorRecord], steps: Iterator[Value]
) -> JSObject:
    """27.5.3.5 CreateIteratorFromClosure with %IteratorHelperPrototype%.

    Args:
        realm: the running realm.
        underlying: what is open; `steps` keeps it up to date while it runs.
        steps: the closure. It is ended by GeneratorExit at a yield, and leaves closing `underlying` to `return`.
    """
    helper = object_create(realm.iterator_helper_prototype, JSIteratorHelper)
    helper.steps_ = steps
    helper.underlying_ = underlying
    helper.started_ = helper.running_ = False
    return helper


def _validate(this: Value) -> JSIteratorHelper:
    """27.5.3.2 GeneratorValidate."""
    if not isinstance(this, JSIteratorHelper):
        raise type_error("not an Iterator Helper")
    if this.running_:
        raise type_error("The iterator helper is already running")
    return this


def helper_next(realm: Realm, this: Value) -> Value:
    """27.1.2.1.1 %IteratorHelperPrototype%.next."""
    helper = _validate(this)
    if helper.underlying_ is None:
        return create_iter_result(realm, undefined, True)
    helper.running_ = helper.started_ = True
    value: Value = DONE
    try:
        value = next(helper.steps_, DONE)
    finally:
        helper.running_ = False
        if value is DONE:
            helper.underlying_ = None
    if value is DONE:
        return create_iter_result(realm, undefined, True)
    return create_iter_result(realm, value, False)


def helper_return(realm: Realm, this: Value) -> Value:
    """27.1.2.1.2 %IteratorHelperPrototype%.return."""
    helper = _validate(this)
    underlying = helper.underlying_
    helper.underlying_ = None
    if underlying is not None:
        # 4. Before the first step the helper counts as completed while it closes; after it, as running.
        helper.running_ = helper.started_
        try:
            helper.steps_.close()
            iterator_close_all(underlying)
        finally:
            helper.running_ = False
    return create_iter_result(realm, undefined, True)


Result = TypeVar("Result")


def this_object(this: Value) -> JSObject:
    """Steps 1 and 2 of every method: `this`, if it is an Object."""
    if not isinstance(this, JSObject):
        raise type_error("Iterator helper called on a value that is not an object")
    return this


def closing(iterator: JSObject, check: Callable[[], Result]) -> Result:
    """Run an argument check; IteratorClose if it fails."""
    try:
        return check()
    except Exception as error:
        IteratorRecord(iterator, undefined).close(error)
        raise


def required_function(iterator: JSObject, value: Value) -> JSObject:
    """A callback argument; the iterator is closed if it is not callable."""

    def check() -> JSObject:
        if not is_callable(value):
            raise type_error("The callback is not a function")
        return value

    return closing(iterator, check)


def guarded(record: IteratorRecord, function: Any, *arguments: Value) -> Value:
    """Call the callback; IfAbruptCloseIterator."""
    try:
        return function.call_n(undefined, *arguments)
    except Exception as error:
        record.close(error)
        raise


def values_of(record: IteratorRecord) -> Iterator[Value]:
    """The values that are left."""
    while True:
        value = record.step()
        if value is DONE:
            return
        yield value


def iterator_map(realm: Realm, this: Value, mapper: Value = undefined) -> JSObject:
    """27.1.3.3.8 Iterator.prototype.map."""
    iterator = this_object(this)
    required_function(iterator, mapper)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        for counter, value in enumerate(values_of(record)):
            yield guarded(record, mapper, value, float(counter))

    return create_iterator_helper(realm, [record], steps())


def iterator_filter(realm: Realm, this: Value, predicate: Value = undefined) -> JSObject:
    """27.1.3.3.4 Iterator.prototype.filter."""
    iterator = this_object(this)
    required_function(iterator, predicate)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        for counter, value in enumerate(values_of(record)):
            if to_boolean(guarded(record, predicate, value, float(counter))):
                yield value

    return create_iterator_helper(realm, [record], steps())


def _limit(iterator: JSObject, value: Value) -> float:
    def check() -> float:
        number = to_number(value)
        if math.isnan(number):
            raise range_error("The limit is not a number")
        limit = to_integer_or_infinity(number)
        if limit < 0:
            raise range_error("The limit is negative")
        if _MAX_SAFE_INTEGER < limit < float("inf"):
            raise range_error("The limit is too large")
        return limit

    return float(closing(iterator, check))


def iterator_take(realm: Realm, this: Value, limit: Value = undefined) -> JSObject:
    """27.1.3.3.11 Iterator.prototype.take."""
    iterator = this_object(this)
    remaining = _limit(iterator, limit)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        left = remaining
        while True:
            if left == 0:
                record.close()
                return
            left -= 1
            value = record.step()
            if value is DONE:
                return
            yield value

    return create_iterator_helper(realm, [record], steps())


def iterator_drop(realm: Realm, this: Value, limit: Value = undefined) -> JSObject:
    """27.1.3.3.2 Iterator.prototype.drop."""
    iterator = this_object(this)
    remaining = _limit(iterator, limit)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        left = remaining
        while left > 0:
            left -= 1
            if record.step() is DONE:
                return
        yield from values_of(record)

    return create_iterator_helper(realm, [record], steps())


def iterator_flat_map(realm: Realm, this: Value, mapper: Value = undefined) -> JSObject:
    """27.1.3.3.6 Iterator.prototype.flatMap."""
    iterator = this_object(this)
    required_function(iterator, mapper)
    record = get_iterator_direct(iterator)
    underlying = [record]

    def steps() -> Iterator[Value]:
        for counter, value in enumerate(values_of(record)):
            mapped = guarded(record, mapper, value, float(counter))
            try:
                inner = get_iterator_flattenable(realm, mapped, reject_strings=True)
            except Exception as error:
                record.close(error)
                raise
            # 6.b.ix: `return` closes the inner iterator, then this one.
            underlying.append(inner)
            while True:
                try:
                    item = inner.step()
                except Exception as error:
                    record.close(error)
                    raise
                if item is DONE:
                    break
                yield item
            underlying.pop()

    return create_iterator_helper(realm, underlying, steps())


def _size(value: Value) -> int:
    if value.__class__ is not float or not value.is_integer():
        raise type_error("The size is not an integral number")
    if not 1 <= value <= _MAX_SIZE:
        raise range_error("The size is not between 1 and 2**32 - 1")
    return int(value)


def iterator_chunks(realm: Realm, this: Value, chunk_size: Value = undefined) -> JSObject:
    """Iterator Chunking: Iterator.prototype.chunks ( chunkSize )."""
    iterator = this_object(this)
    size = closing(iterator, lambda: _size(chunk_size))
    record = get_iterator_direct(iterator)
    underlying = [record]

    def steps() -> Iterator[Value]:
        buffer: list[Value] = []
        for value in values_of(record):
            buffer.append(value)
            if len(buffer) == size:
                yield realm.make_array(buffer)
                buffer = []
        if buffer:
            underlying.clear()  # it is done: nothing is left to close
            yield realm.make_array(buffer)

    return create_iterator_helper(realm, underlying, steps())


def iterator_windows(
    realm: Realm, this: Value, window_size: Value = undefined, undersized: Value = undefined
) -> JSObject:
    """Iterator Chunking: Iterator.prototype.windows ( windowSize [ , undersized ] )."""
    iterator = this_object(this)

    def check() -> tuple[int, bool]:
        size = _size(window_size)
        if undersized is undefined:
            return size, False
        if undersized.__class__ is not str or undersized not in ("only-full", "allow-partial"):
            raise type_error("undersized is neither 'only-full' nor 'allow-partial'")
        return size, undersized == "allow-partial"

    size, partial = closing(iterator, check)
    record = get_iterator_direct(iterator)
    underlying = [record]

    def steps() -> Iterator[Value]:
        buffer: list[Value] = []
        for value in values_of(record):
            if len(buffer) == size:
                del buffer[0]
            buffer.append(value)
            if len(buffer) == size:
                yield realm.make_array(list(buffer))
        if partial and buffer and len(buffer) < size:
            underlying.clear()  # it is done: nothing is left to close
            yield realm.make_array(buffer)

    return create_iterator_helper(realm, underlying, steps())


METHODS = functions(
    ("chunks", iterator_chunks, 1, "sec-iterator.prototype.chunks", "proposal-iterator-chunking"),
    ("drop", iterator_drop, 1, "27.1.3.3.2", "ES2025"),
    ("filter", iterator_filter, 1, "27.1.3.3.4", "ES2025"),
    ("flatMap", iterator_flat_map, 1, "27.1.3.3.6", "ES2025"),
    ("map", iterator_map, 1, "27.1.3.3.8", "ES2025"),
    ("take", iterator_take, 1, "27.1.3.3.11", "ES2025"),
    ("windows", iterator_windows, 1, "sec-iterator.prototype.windows", "proposal-iterator-chunking"),
)
_HELPER = functions(
    ("next", helper_next, 0, "27.1.2.1.1", "ES2025"), ("return", helper_return, 0, "27.1.2.1.2", "ES2025")
)


def initialize(realm: Realm) -> None:
    """Make %IteratorHelperPrototype%."""
    helper = realm.iterator_helper_prototype = prototype_object(realm, realm.iterator_prototype)
    define_functions(realm, helper, _HELPER)
    define_tag(helper, "Iterator Helper")
