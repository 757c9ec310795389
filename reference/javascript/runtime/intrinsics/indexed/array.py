"""ECMA-262 23.1: Array objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_function_start
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    functions,
    species,
)
from lockstep.reference.javascript.runtime.intrinsics.indexed import array_search, array_transform
from lockstep.reference.javascript.runtime.intrinsics.indexed.array_iterator import array_iterator_method
from lockstep.reference.javascript.runtime.intrinsics.indexed.dense import (
    define_element,
    entry_of_one,
    filled,
    part,
)
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    make_slow,
    object_create,
    slow_object,
    stored,
)
from lockstep.reference.javascript.runtime.objects.property import Property, plain
from lockstep.reference.javascript.runtime.operations.arrays import array_create, is_array
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    is_constructor,
    to_object,
    to_uint32,
)
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    get_iterator_from_method,
    iterates_plainly,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    get_method,
    length_of_array_like,
    set_property,
)
from lockstep.reference.javascript.runtime.symbols import ITERATOR, SPECIES, UNSCOPABLES
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_UNSCOPABLE = (
    "at",
    "copyWithin",
    "entries",
    "fill",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "includes",
    "keys",
    "toReversed",
    "toSorted",
    "toSpliced",
    "values",
)


def construct_array(realm: Realm, new_target: JSObject | None, *values: Value) -> JSObject:
    """23.1.1.1 Array."""
    prototype = None
    if new_target is not undefined and new_target is not realm.array:
        prototype = prototype_from_constructor(new_target, "array_prototype")
    if len(values) == 1:
        length = values[0]
        if length.__class__ is float:
            if to_uint32(length) != length:
                raise range_error("Invalid array length")
            return array_create(realm, length, prototype)
    array = array_create(realm, 0.0, prototype)
    array.elements_ = list(values)
    return array


def array_from(
    realm: Realm,
    this: Value,
    items: Value = undefined,
    mapper: Value = undefined,
    this_argument: Value = undefined,
) -> JSObject:
    """23.1.2.1 Array.from."""
    if mapper is not undefined and not is_callable(mapper):
        raise type_error(f"{describe(mapper)} is not a function")
    method = get_method(items, ITERATOR, realm)
    if method is not undefined:
        target = this.construct_n([], this) if is_constructor(this) else realm.make_array([])
        index = 0
        if (
            method is realm.array_prototype_values
            and mapper is undefined
            and isinstance(items, JSArray)
            and iterates_plainly(realm, items)
        ):
            taken = part(realm, items, 0, len(items.elements_))
            if taken is not None and filled(target, taken):
                return target
        record = get_iterator_from_method(items, method)
        function = None if mapper is undefined else entry_of_one(mapper)
        while True:
            value = record.step()
            if value is DONE:
                set_property(target, "length", float(index), True)
                return target
            try:
                if function is not None:
                    value = function(this_argument, value)
                elif mapper is not undefined:
                    value = mapper.call_n(this_argument, value, float(index))
                define_element(target, index, value)
            except Exception as error:
                record.close(error)
                raise
            index += 1
    source = to_object(realm, items)
    length = length_of_array_like(source)
    target = (
        this.construct_n([float(length)], this)
        if is_constructor(this)
        else array_create(realm, float(length))
    )
    for index in realm.each(range(length)):
        key = index_key(index)
        value = source.get_value(key, source)
        if mapper is not undefined:
            value = mapper.call_n(this_argument, value, float(index))
        create_data_property_or_throw(target, key, value)
    set_property(target, "length", float(length), True)
    return target


def array_is_array(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """23.1.2.3 Array.isArray."""
    return is_array(value)


def array_of(realm: Realm, this: Value, *items: Value) -> JSObject:
    """23.1.2.4 Array.of."""
    length = float(len(items))
    target = this.construct_n([length], this) if is_constructor(this) else array_create(realm, length)
    for index, item in enumerate(items):
        create_data_property_or_throw(target, index_key(index), item)
    set_property(target, "length", length, True)
    return target


def array_from_async(
    realm: Realm,
    this: Value,
    items: Value = undefined,
    mapper: Value = undefined,
    this_argument: Value = undefined,
) -> JSObject:
    """23.1.2.2 Array.fromAsync."""
    from lockstep.reference.javascript.runtime.intrinsics.indexed.array_from_async import steps

    return async_function_start(realm, steps(realm, this, items, mapper, this_argument))


_CONSTRUCTOR = builtin("Array", construct_array, 1, "builtin_constructor", section="23.1.1.1", since="ES1")
_STATIC = functions(
    ("from", array_from, 1, "23.1.2.1", "ES2015"),
    ("fromAsync", array_from_async, 1, "23.1.2.2", "proposal-array-from-async"),
    ("isArray", array_is_array, 1, "23.1.2.3", "ES5"),
    ("of", array_of, 0, "23.1.2.4", "ES2015"),
)
_ITERATORS = functions(
    ("entries", array_iterator_method("key+value"), 0, "23.1.3.5", "ES2015"),
    ("keys", array_iterator_method("key"), 0, "23.1.3.19", "ES2015"),
    ("values", array_iterator_method("value"), 0, "23.1.3.38", "ES2015"),
)
_SPECIES = species("23.1.2.6", "ES2015")


def initialize(realm: Realm) -> None:
    """Make %Array% and %Array.prototype%."""
    prototype = object_create(realm.object_prototype, JSArray)
    make_slow(prototype)
    realm.array_prototype = prototype
    realm.array = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.array, _STATIC)
    define_getters(realm, realm.array, _SPECIES)
    realm.array_species = stored(realm.array)[SPECIES].get
    define_functions(realm, prototype, array_search.METHODS)
    define_functions(realm, prototype, array_transform.METHODS)
    define_functions(realm, prototype, _ITERATORS)
    values = stored(prototype)["values"].value
    realm.array_prototype_values = values
    stored(prototype)[ITERATOR] = Property(values, True, False, True)
    unscopables = slow_object(JSObject, null)
    for name in _UNSCOPABLE:
        stored(unscopables)[name] = plain(True)
    stored(prototype)[UNSCOPABLES] = Property(unscopables, False, False, True)
