"""ECMA-262 27.1: Iterator, its prototype and the methods that consume an iterator; %AsyncIteratorPrototype%."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import range_error, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control import iterator_helper, iterator_joint
from lockstep.reference.javascript.runtime.intrinsics.control.iterator_helper import (
    closing,
    guarded,
    required_function,
    this_object,
    values_of,
)
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    new_promise_capability,
    perform_promise_then,
    promise_resolve,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import (
    builtin,
    create_builtin,
    prototype_from_constructor,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import accessor
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    create_iter_result,
    get_iterator_direct,
    get_iterator_flattenable,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    call,
    create_data_property_or_throw,
    get_method,
    ordinary_has_instance,
)
from lockstep.reference.javascript.runtime.operations.operators import same_value_zero
from lockstep.reference.javascript.runtime.symbols import (
    ASYNC_DISPOSE,
    ASYNC_ITERATOR,
    DISPOSE,
    ITERATOR,
    TO_STRING_TAG,
)
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


_INFINITY = float("inf")
_MAX_SAFE_INTEGER = 2**53 - 1


class JSWrappedIterator(JSObject):
    """27.1.2.1.3.1: what Iterator.from wraps around a foreign iterator."""

    __slots__ = ("iterated_",)
    iterated_: IteratorRecord


def construct_iterator(realm: Realm, new_target: JSObject | None) -> JSObject:
    """27.1.3.1.1 Iterator."""
    if new_target is undefined or new_target is realm.iterator:
        raise type_error("Abstract class Iterator not directly constructable")
    return object_create(prototype_from_constructor(new_target, "iterator_prototype"))


def iterator_from(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """27.1.3.2.2 Iterator.from."""
    record = get_iterator_flattenable(realm, value, reject_strings=False)
    if ordinary_has_instance(realm.iterator, record.iterator):
        return record.iterator
    wrapper = object_create(realm.wrap_for_valid_iterator_prototype, JSWrappedIterator)
    wrapper.iterated_ = record
    return wrapper


def wrapped_next(realm: Realm, this: Value) -> Value:
    """27.1.3.2.2.1.1 %WrapForValidIteratorPrototype%.next."""
    if not isinstance(this, JSWrappedIterator):
        raise type_error("not a wrapped iterator")
    record = this.iterated_
    return call(record.next_method, record.iterator)


def wrapped_return(realm: Realm, this: Value) -> Value:
    """27.1.3.2.2.1.2 %WrapForValidIteratorPrototype%.return."""
    if not isinstance(this, JSWrappedIterator):
        raise type_error("not a wrapped iterator")
    iterator = this.iterated_.iterator
    method = get_method(iterator, "return")
    if method is undefined:
        return create_iter_result(realm, undefined, True)
    return method.call_n(iterator)


def return_this(realm: Realm, this: Value) -> Value:
    """27.1.3.3.14 %Iterator.prototype% [ %Symbol.iterator% ]."""
    return this


def iterator_every(realm: Realm, this: Value, predicate: Value = undefined) -> bool:
    """27.1.3.3.3 Iterator.prototype.every."""
    return not _search(this, predicate, wanted=False)[0]


def iterator_some(realm: Realm, this: Value, predicate: Value = undefined) -> bool:
    """27.1.3.3.10 Iterator.prototype.some."""
    return _search(this, predicate, wanted=True)[0]


def iterator_find(realm: Realm, this: Value, predicate: Value = undefined) -> Value:
    """27.1.3.3.5 Iterator.prototype.find."""
    return _search(this, predicate, wanted=True)[1]


def _search(this: Value, predicate: Value, *, wanted: bool) -> tuple[bool, Value]:
    iterator = this_object(this)
    required_function(iterator, predicate)
    record = get_iterator_direct(iterator)
    for counter, value in enumerate(values_of(record)):
        if to_boolean(guarded(record, predicate, value, float(counter))) is wanted:
            record.close()
            return True, value
    return False, undefined


def iterator_for_each(realm: Realm, this: Value, procedure: Value = undefined) -> None:
    """27.1.3.3.7 Iterator.prototype.forEach."""
    iterator = this_object(this)
    required_function(iterator, procedure)
    record = get_iterator_direct(iterator)
    for counter, value in enumerate(values_of(record)):
        guarded(record, procedure, value, float(counter))


def iterator_reduce(realm: Realm, this: Value, reducer: Value = undefined, *initial: Value) -> Value:
    """27.1.3.3.9 Iterator.prototype.reduce."""
    iterator = this_object(this)
    required_function(iterator, reducer)
    record = get_iterator_direct(iterator)
    counter = 0.0
    if initial:
        accumulator = initial[0]
    else:
        accumulator = record.step()
        if accumulator is DONE:
            raise type_error("Reduce of a done iterator with no initial value")
        counter = 1.0
    for value in values_of(record):
        accumulator = guarded(record, reducer, accumulator, value, counter)
        counter += 1
    return accumulator


def iterator_to_array(realm: Realm, this: Value) -> JSObject:
    """27.1.3.3.12 Iterator.prototype.toArray."""
    return realm.make_array(list(values_of(get_iterator_direct(this_object(this)))))


def iterator_includes(
    realm: Realm, this: Value, search_element: Value = undefined, skipped_elements: Value = undefined
) -> bool:
    """Iterator Includes: Iterator.prototype.includes ( searchElement [ , skippedElements ] )."""
    iterator = this_object(this)

    def to_skip() -> float:
        # 4. to 8.
        if skipped_elements is undefined:
            return 0.0
        if skipped_elements.__class__ is not float or not (
            skipped_elements in (_INFINITY, -_INFINITY) or skipped_elements.is_integer()
        ):
            raise type_error("The number of skipped elements is not an integral number")
        if skipped_elements < 0 or _MAX_SAFE_INTEGER < skipped_elements < _INFINITY:
            raise range_error("The number of skipped elements is out of range")
        return float(skipped_elements)

    left = closing(iterator, to_skip)
    record = get_iterator_direct(iterator)
    for value in values_of(record):
        if left > 0:
            left -= 1
        elif same_value_zero(value, search_element):
            record.close()
            return True
    return False


def iterator_join(realm: Realm, this: Value, separator: Value = undefined) -> str:
    """Iterator Join: Iterator.prototype.join ( separator )."""
    iterator = this_object(this)
    between = "," if separator is undefined else closing(iterator, lambda: to_string(separator))
    record = get_iterator_direct(iterator)
    parts = []
    for value in values_of(record):
        if value is undefined or value is null:
            parts.append("")
            continue
        try:
            parts.append(to_string(value))
        except Exception as error:
            record.close(error)
            raise
    return str(between.join(parts))


def iterator_dispose(realm: Realm, this: Value) -> None:
    """27.1.3.3.13 %Iterator.prototype% [ %Symbol.dispose% ]."""
    method = get_method(this, "return", realm)
    if method is not undefined:
        method.call_n(this)


def async_iterator_dispose(realm: Realm, this: Value) -> Value:
    """27.1.4.1 %AsyncIteratorPrototype% [ %Symbol.asyncDispose% ]."""
    capability = new_promise_capability(realm, realm.promise)
    try:
        method = get_method(this, "return", realm)
        if method is undefined:
            capability.resolve(undefined)
            return capability.promise
        wrapper = promise_resolve(realm, realm.promise, method.call_n(this))
    except Exception as error:  # any throw completion
        capability.reject(thrown_value(error, realm))
        return capability.promise
    return perform_promise_then(realm, wrapper, lambda _: undefined, undefined, capability)


def get_tag(realm: Realm, this: Value) -> str:
    """27.1.3.3.15 get Iterator.prototype [ %Symbol.toStringTag% ]."""
    return "Iterator"


def _setter(realm: Realm, this: Value, key: PropertyKey, value: Value) -> None:
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


def get_constructor(realm: Realm, this: Value) -> JSObject:
    """27.1.4.1.1 get Iterator.prototype.constructor."""
    return realm.iterator


def set_constructor(realm: Realm, this: Value, value: Value = undefined) -> None:
    """27.1.4.1.2 set Iterator.prototype.constructor."""
    _setter(realm, this, "constructor", value)


_CONSTRUCTOR = builtin(
    "Iterator", construct_iterator, 0, "builtin_constructor", section="27.1.3.1.1", since="ES2025"
)
_STATIC = functions(("from", iterator_from, 1, "27.1.3.2.2", "ES2025"))
_METHODS = functions(
    ("every", iterator_every, 1, "27.1.3.3.3", "ES2025"),
    ("find", iterator_find, 1, "27.1.3.3.5", "ES2025"),
    ("forEach", iterator_for_each, 1, "27.1.3.3.7", "ES2025"),
    ("includes", iterator_includes, 1, "sec-iterator.prototype.includes", "proposal-iterator-includes"),
    ("join", iterator_join, 1, "sec-iterator.prototype.join", "proposal-iterator-join"),
    ("reduce", iterator_reduce, 1, "27.1.3.3.9", "ES2025"),
    ("some", iterator_some, 1, "27.1.3.3.10", "ES2025"),
    ("toArray", iterator_to_array, 0, "27.1.3.3.12", "ES2025"),
    (ITERATOR, return_this, 0, "27.1.3.3.14", "ES2025"),
    (DISPOSE, iterator_dispose, 0, "27.1.3.3.13", "proposal-explicit-resource-management"),
)
_WRAPPED = functions(
    ("next", wrapped_next, 0, "27.1.3.2.2.1.1", "ES2025"),
    ("return", wrapped_return, 0, "27.1.3.2.2.1.2", "ES2025"),
)
_ASYNC = functions(
    (ASYNC_ITERATOR, return_this, 0, "27.1.4.2", "ES2018"),
    (ASYNC_DISPOSE, async_iterator_dispose, 0, "27.1.4.1", "proposal-explicit-resource-management"),
)
_ACCESSORS = (
    (
        TO_STRING_TAG,
        builtin("get [Symbol.toStringTag]", get_tag, 0, section="27.1.3.3.15", since="ES2025"),
        builtin("set [Symbol.toStringTag]", set_tag, 1, section="27.1.3.3.15", since="ES2025"),
    ),
    (
        "constructor",
        builtin("get constructor", get_constructor, 0, section="27.1.3.3.1", since="ES2025"),
        builtin("set constructor", set_constructor, 1, section="27.1.3.3.1", since="ES2025"),
    ),
)


def initialize(realm: Realm) -> None:
    """Make %Iterator%, %Iterator.prototype% and the helpers' prototypes."""
    prototype = prototype_object(realm)
    realm.iterator_prototype = prototype
    realm.iterator = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.iterator, _STATIC)
    define_functions(realm, realm.iterator, iterator_joint.STATIC)
    define_functions(realm, prototype, _METHODS)
    define_functions(realm, prototype, iterator_helper.METHODS)
    for key, getter, setter in _ACCESSORS:
        stored(prototype)[key] = accessor(create_builtin(realm, getter), create_builtin(realm, setter))
    wrapped = realm.wrap_for_valid_iterator_prototype = prototype_object(realm, prototype)
    define_functions(realm, wrapped, _WRAPPED)
    realm.async_iterator_prototype = prototype_object(realm)
    define_functions(realm, realm.async_iterator_prototype, _ASYNC)
