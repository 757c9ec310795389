"""ECMA-262 27.1: Iterator objects and iterator helpers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from reference.javascript.runtime.completions import range_error, type_error
from reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from reference.javascript.runtime.objects.function import (
    builtin,
    create_builtin,
    prototype_from_constructor,
)
from reference.javascript.runtime.objects.ordinary import JSObject, object_create
from reference.javascript.runtime.objects.property import accessor
from reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_boolean,
    to_integer_or_infinity,
    to_number,
)
from reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    create_iter_result,
    get_iterator_direct,
    get_iterator_flattenable,
)
from reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    get_method,
    ordinary_has_instance,
)
from reference.javascript.runtime.symbols import ASYNC_ITERATOR, ITERATOR, TO_STRING_TAG
from reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from reference.javascript.runtime.realm import Realm


class JSIteratorHelper(JSObject):
    """An iterator helper: `steps_` is a host generator over the underlying iterator."""

    __slots__ = ("running_", "steps_", "underlying_")
    class_name_ = "Iterator Helper"
    steps_: Any
    underlying_: Any
    running_: bool


class JSWrappedIterator(JSObject):
    """27.1.2.1.3.1: what Iterator.from wraps around a foreign iterator."""

    __slots__ = ("iterated_",)
    iterated_: IteratorRecord


def construct_iterator(realm: Realm, new_target: Any) -> Any:
    """27.1.3.1.1 Iterator."""
    if new_target is undefined or new_target is realm.iterator:
        raise type_error("Abstract class Iterator not directly constructable")
    return object_create(prototype_from_constructor(new_target, "iterator_prototype"))


def iterator_from(realm: Realm, this: Value, value: Value = undefined) -> Any:
    """27.1.3.2.1 Iterator.from."""
    record = get_iterator_flattenable(realm, value, reject_strings=False)
    if ordinary_has_instance(realm.iterator, record.iterator):
        return record.iterator
    wrapper = object_create(realm.wrap_for_valid_iterator_prototype, JSWrappedIterator)
    wrapper.iterated_ = record
    return wrapper


def wrapped_next(realm: Realm, this: Value) -> Value:
    """27.1.3.2.1.1.1 %WrapForValidIteratorPrototype%.next."""
    if not isinstance(this, JSWrappedIterator):
        raise type_error("not a wrapped iterator")
    record = this.iterated_
    return record.next_method.call_n(record.iterator)


def wrapped_return(realm: Realm, this: Value) -> Value:
    """27.1.3.2.1.1.2 %WrapForValidIteratorPrototype%.return."""
    if not isinstance(this, JSWrappedIterator):
        raise type_error("not a wrapped iterator")
    iterator = this.iterated_.iterator
    method = get_method(iterator, "return")
    if method is undefined:
        return create_iter_result(realm, undefined, True)
    return method.call_n(iterator)


def return_this(realm: Realm, this: Value) -> Value:
    """27.1.4.13 %Iterator.prototype% [ %Symbol.iterator% ]."""
    return this


def _this_object(this: Value) -> Any:
    if not isinstance(this, JSObject):
        raise type_error("Iterator helper called on a value that is not an object")
    return this


def _closing(iterator: Any, check: Callable[[], Any]) -> Any:
    """Run an argument check; close the iterator if it fails."""
    try:
        return check()
    except Exception as error:
        IteratorRecord(iterator, undefined).close(error)
        raise


def _function(iterator: Any, value: Value) -> Any:
    def check() -> Any:
        if not is_callable(value):
            raise type_error("The callback is not a function")
        return value

    return _closing(iterator, check)


def _guarded(record: IteratorRecord, function: Any, *arguments: Value) -> Value:
    try:
        return function.call_n(undefined, *arguments)
    except Exception as error:
        record.close(error)
        raise


def _helper(realm: Realm, record: IteratorRecord, steps: Iterator[Value]) -> Any:
    helper = object_create(realm.iterator_helper_prototype, JSIteratorHelper)
    helper.steps_ = steps
    helper.underlying_ = record
    helper.running_ = False
    return helper


def _values(record: IteratorRecord) -> Iterator[Value]:
    while True:
        value = record.step()
        if value is DONE:
            return
        yield value


def iterator_map(realm: Realm, this: Value, mapper: Value = undefined) -> Any:
    """27.1.4.8 Iterator.prototype.map."""
    iterator = _this_object(this)
    _function(iterator, mapper)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        for counter, value in enumerate(_values(record)):
            yield _guarded(record, mapper, value, float(counter))

    return _helper(realm, record, steps())


def iterator_filter(realm: Realm, this: Value, predicate: Value = undefined) -> Any:
    """27.1.4.5 Iterator.prototype.filter."""
    iterator = _this_object(this)
    _function(iterator, predicate)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        for counter, value in enumerate(_values(record)):
            if to_boolean(_guarded(record, predicate, value, float(counter))):
                yield value

    return _helper(realm, record, steps())


def _limit(iterator: Any, value: Value) -> float:
    def check() -> float:
        number = to_number(value)
        if number != number:  # noqa: PLR0124  # NaN
            raise range_error("The limit is not a number")
        limit = to_integer_or_infinity(number)
        if limit < 0:
            raise range_error("The limit is negative")
        return limit

    return float(_closing(iterator, check))


def iterator_take(realm: Realm, this: Value, limit: Value = undefined) -> Any:
    """27.1.4.11 Iterator.prototype.take."""
    iterator = _this_object(this)
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

    return _helper(realm, record, steps())


def iterator_drop(realm: Realm, this: Value, limit: Value = undefined) -> Any:
    """27.1.4.2 Iterator.prototype.drop."""
    iterator = _this_object(this)
    remaining = _limit(iterator, limit)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        left = remaining
        while left > 0:
            left -= 1
            if record.step() is DONE:
                return
        yield from _values(record)

    return _helper(realm, record, steps())


def iterator_flat_map(realm: Realm, this: Value, mapper: Value = undefined) -> Any:
    """27.1.4.6 Iterator.prototype.flatMap."""
    iterator = _this_object(this)
    _function(iterator, mapper)
    record = get_iterator_direct(iterator)

    def steps() -> Iterator[Value]:
        for counter, value in enumerate(_values(record)):
            mapped = _guarded(record, mapper, value, float(counter))
            try:
                inner = get_iterator_flattenable(realm, mapped, reject_strings=True)
            except Exception as error:
                record.close(error)
                raise
            while True:
                try:
                    item = inner.step()
                except Exception as error:
                    record.close(error)
                    raise
                if item is DONE:
                    break
                try:
                    yield item
                except GeneratorExit:
                    try:
                        inner.close()
                    except Exception as error:
                        record.close(error)
                        raise
                    raise

    return _helper(realm, record, steps())


def iterator_every(realm: Realm, this: Value, predicate: Value = undefined) -> bool:
    """27.1.4.3 Iterator.prototype.every."""
    return not _search(this, predicate, wanted=False)[0]


def iterator_some(realm: Realm, this: Value, predicate: Value = undefined) -> bool:
    """27.1.4.10 Iterator.prototype.some."""
    return _search(this, predicate, wanted=True)[0]


def iterator_find(realm: Realm, this: Value, predicate: Value = undefined) -> Value:
    """27.1.4.4 Iterator.prototype.find."""
    return _search(this, predicate, wanted=True)[1]


def _search(this: Value, predicate: Value, *, wanted: bool) -> tuple[bool, Value]:
    iterator = _this_object(this)
    _function(iterator, predicate)
    record = get_iterator_direct(iterator)
    for counter, value in enumerate(_values(record)):
        if to_boolean(_guarded(record, predicate, value, float(counter))) is wanted:
            record.close()
            return True, value
    return False, undefined


def iterator_for_each(realm: Realm, this: Value, procedure: Value = undefined) -> None:
    """27.1.4.7 Iterator.prototype.forEach."""
    iterator = _this_object(this)
    _function(iterator, procedure)
    record = get_iterator_direct(iterator)
    for counter, value in enumerate(_values(record)):
        _guarded(record, procedure, value, float(counter))


def iterator_reduce(realm: Realm, this: Value, reducer: Value = undefined, *initial: Value) -> Value:
    """27.1.4.9 Iterator.prototype.reduce."""
    iterator = _this_object(this)
    _function(iterator, reducer)
    record = get_iterator_direct(iterator)
    counter = 0.0
    if initial:
        accumulator = initial[0]
    else:
        accumulator = record.step()
        if accumulator is DONE:
            raise type_error("Reduce of a done iterator with no initial value")
        counter = 1.0
    for value in _values(record):
        accumulator = _guarded(record, reducer, accumulator, value, counter)
        counter += 1
    return accumulator


def iterator_to_array(realm: Realm, this: Value) -> Any:
    """27.1.4.12 Iterator.prototype.toArray."""
    return realm.make_array(list(_values(get_iterator_direct(_this_object(this)))))


def helper_next(realm: Realm, this: Value) -> Any:
    """27.1.2.1.1 %IteratorHelperPrototype%.next."""
    if not isinstance(this, JSIteratorHelper):
        raise type_error("not an Iterator Helper")
    if this.running_:
        raise type_error("The iterator helper is already running")
    this.running_ = True
    try:
        value = next(this.steps_, DONE)
    finally:
        this.running_ = False
    if value is DONE:
        this.underlying_ = None
        return create_iter_result(realm, undefined, True)
    return create_iter_result(realm, value, False)


def helper_return(realm: Realm, this: Value) -> Any:
    """27.1.2.1.2 %IteratorHelperPrototype%.return."""
    if not isinstance(this, JSIteratorHelper):
        raise type_error("not an Iterator Helper")
    if this.running_:
        raise type_error("The iterator helper is already running")
    record = this.underlying_
    this.underlying_ = None
    if record is not None:
        this.running_ = True
        try:
            this.steps_.close()
        finally:
            this.running_ = False
        if not record.done:
            record.done = True
            record.close()
    return create_iter_result(realm, undefined, True)


def get_tag(realm: Realm, this: Value) -> str:
    """27.1.4.14.1 get Iterator.prototype [ %Symbol.toStringTag% ]."""
    return "Iterator"


def _setter(realm: Realm, this: Value, key: Any, value: Value) -> None:
    """7.3.38 SetterThatIgnoresPrototypeProperties."""
    if not isinstance(this, JSObject):
        raise type_error("the receiver is not an object")
    if this is realm.iterator_prototype:
        raise type_error("Cannot assign to this property of Iterator.prototype")
    if this.get_own_property(key) is None:
        create_data_property_or_throw(this, key, value)
    elif not this.set_value(key, value, this):
        raise type_error("Cannot assign to read only property")


def set_tag(realm: Realm, this: Value, value: Value = undefined) -> None:
    """27.1.4.14.2 set Iterator.prototype [ %Symbol.toStringTag% ]."""
    _setter(realm, this, TO_STRING_TAG, value)


def get_constructor(realm: Realm, this: Value) -> Any:
    """27.1.4.1.1 get Iterator.prototype.constructor."""
    return realm.iterator


def set_constructor(realm: Realm, this: Value, value: Value = undefined) -> None:
    """27.1.4.1.2 set Iterator.prototype.constructor."""
    _setter(realm, this, "constructor", value)


_CONSTRUCTOR = builtin("Iterator", construct_iterator, 0, "builtin_constructor")
_STATIC = functions(("from", iterator_from, 1))
_METHODS = functions(
    ("drop", iterator_drop, 1),
    ("every", iterator_every, 1),
    ("filter", iterator_filter, 1),
    ("find", iterator_find, 1),
    ("flatMap", iterator_flat_map, 1),
    ("forEach", iterator_for_each, 1),
    ("map", iterator_map, 1),
    ("reduce", iterator_reduce, 1),
    ("some", iterator_some, 1),
    ("take", iterator_take, 1),
    ("toArray", iterator_to_array, 0),
    (ITERATOR, return_this, 0),
)
_HELPER = functions(("next", helper_next, 0), ("return", helper_return, 0))
_WRAPPED = functions(("next", wrapped_next, 0), ("return", wrapped_return, 0))
_ASYNC = functions((ASYNC_ITERATOR, return_this, 0))
_ACCESSORS = (
    (
        TO_STRING_TAG,
        builtin("get [Symbol.toStringTag]", get_tag, 0),
        builtin("set [Symbol.toStringTag]", set_tag, 1),
    ),
    (
        "constructor",
        builtin("get constructor", get_constructor, 0),
        builtin("set constructor", set_constructor, 1),
    ),
)


def initialize(realm: Realm) -> None:
    """Make %Iterator%, %Iterator.prototype% and the helpers' prototypes."""
    prototype = prototype_object(realm)
    realm.iterator_prototype = prototype
    realm.iterator = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.iterator, _STATIC)
    define_functions(realm, prototype, _METHODS)
    for key, getter, setter in _ACCESSORS:
        prototype.properties_[key] = accessor(create_builtin(realm, getter), create_builtin(realm, setter))
    helper = realm.iterator_helper_prototype = prototype_object(realm, prototype)
    define_functions(realm, helper, _HELPER)
    define_tag(helper, "Iterator Helper")
    wrapped = realm.wrap_for_valid_iterator_prototype = prototype_object(realm, prototype)
    define_functions(realm, wrapped, _WRAPPED)
    realm.async_iterator_prototype = prototype_object(realm)
    define_functions(realm, realm.async_iterator_prototype, _ASYNC)
