"""ECMA-262 23.2: %TypedArray% and the TypedArray constructors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Callable, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics import TYPED_ARRAYS
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    functions,
    prototype_object,
    species,
)
from lockstep.reference.javascript.runtime.intrinsics.indexed import uint8_array
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_creation import (
    allocate_buffer,
    initialize_view,
    typed_array_create,
)
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_iteration import ITERATION_METHODS
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_prototype import GETTERS, METHODS
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.objects.typed_array import ELEMENT_TYPES, ElementType, JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    is_constructor,
    to_index,
    to_object,
)
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    get_iterator_from_method,
    iterates_plainly,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    create_list_from_array_like,
    get_method,
    length_of_array_like,
    set_property,
)
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def construct_abstract(realm: Realm, new_target: JSObject | None, *arguments: Value) -> JSObject:
    """23.2.1.1 %TypedArray%."""
    raise type_error("Abstract class TypedArray not directly constructable")


def typed_array_from(
    realm: Realm,
    this: Value,
    items: Value = undefined,
    mapper: Value = undefined,
    this_argument: Value = undefined,
) -> JSObject:
    """23.2.2.1 %TypedArray%.from."""
    # Steps 1 to 4.
    if not is_constructor(this):
        raise type_error("this is not a constructor")
    if mapper is not undefined and not is_callable(mapper):
        raise type_error("the mapper is not a function")
    # Steps 5 to 11.
    method = get_method(items, ITERATOR, realm)
    values: list[Value] | None
    if method is not undefined:
        values = _iterator_list(items, method)
        length = len(values)
    else:
        source = to_object(realm, items)
        length = length_of_array_like(source)
        values = None
    target = typed_array_create(this, [float(length)], length)
    # Step 12.
    for index in realm.each(range(length)):
        key = index_key(index)
        value = source.get_value(key, source) if values is None else values[index]
        if mapper is not undefined:
            value = mapper.call_n(this_argument, value, float(index))
        set_property(target, key, value, True)
    return target


def _iterator_list(items: Value, method: JSObject | None) -> list[Value]:
    """7.4.16 IteratorToList."""
    record = get_iterator_from_method(items, method)
    values: list[Value] = []
    while True:
        value = record.step()
        if value is DONE:
            return values
        values.append(value)


def typed_array_of(realm: Realm, this: Value, *items: Value) -> JSObject:
    """23.2.2.2 %TypedArray%.of."""
    # Steps 1 to 4.
    if not is_constructor(this):
        raise type_error("this is not a constructor")
    target = typed_array_create(this, [float(len(items))], len(items))
    # Step 5.
    for index, value in enumerate(items):
        set_property(target, index_key(index), value, True)
    return target


def _constructor(name: str, attribute: str, kind: ElementType) -> Callable[..., Value]:
    """23.2.5.1 TypedArray."""
    default = f"{attribute}_prototype"

    def construct_typed_array(
        realm: Realm,
        new_target: JSObject | None,
        first: Value = undefined,
        byte_offset: Value = undefined,
        length: Value = undefined,
    ) -> Value:
        if new_target is undefined:
            raise type_error(f"Constructor {name} requires 'new'")
        # Step 5.c: not an object.
        if not isinstance(first, JSObject):
            count = to_index(first)
            view = object_create(prototype_from_constructor(new_target, default), JSTypedArray)
            return allocate_buffer(realm, view, kind, count)
        # Step 5.b. 23.2.5.1.1 AllocateTypedArray, step 1.
        view = object_create(prototype_from_constructor(new_target, default), JSTypedArray)
        if isinstance(first, JSTypedArray):
            return _from_typed_array(realm, view, kind, first)
        if isinstance(first, JSArrayBuffer):
            return _from_array_buffer(view, kind, first, byte_offset, length)
        if iterates_plainly(realm, first):
            return _from_list(realm, view, kind, create_list_from_array_like(realm, first))
        method = get_method(first, ITERATOR)
        if method is not undefined:
            return _from_list(realm, view, kind, _iterator_list(first, method))
        return _from_array_like(realm, view, kind, first)

    return construct_typed_array


def _from_typed_array(realm: Realm, view: Any, kind: ElementType, source: JSTypedArray) -> Value:
    """23.2.5.1.2 InitializeTypedArrayFromTypedArray."""
    # Steps 1 to 7.
    if source.is_out_of_bounds_():
        raise type_error("Cannot construct a TypedArray from one that is out of bounds")
    length = source.length_()
    # Steps 8 and 9. Step 9.b: the content types must agree.
    if source.kind_ is not kind and source.kind_.is_bigint != kind.is_bigint:
        raise type_error("Cannot mix BigInt and other types, use explicit conversions")
    allocate_buffer(realm, view, kind, length)
    if source.kind_ is kind:
        data = source.buffer_.data_
        assert data is not None
        size = length * kind.size
        view.buffer_.data_[:size] = data[source.offset_ : source.offset_ + size]
        return view
    elements, target = source.elements_, view.elements_
    for index in realm.each(range(length)):
        target[index] = elements[index]
    return view


def _from_array_buffer(
    view: JSObject, kind: ElementType, buffer: JSArrayBuffer, byte_offset: Value, length: Value
) -> Value:
    """23.2.5.1.3 InitializeTypedArrayFromArrayBuffer."""
    # Steps 1 to 4.
    size = kind.size
    offset = to_index(byte_offset)
    if offset % size:
        raise range_error(f"start offset of {kind.name}Array should be a multiple of {size}")
    count = None if length is undefined else to_index(length)
    # Steps 5 and 6.
    if buffer.data_ is None:
        raise type_error("Cannot construct a TypedArray over a detached ArrayBuffer")
    available = buffer.byte_length_()
    # Step 7: a view that follows its buffer.
    if count is None and not buffer.is_fixed_length_():
        if offset > available:
            raise range_error("Start offset is outside the bounds of the buffer")
        return initialize_view(view, kind, buffer, offset, None)
    # Step 8.
    if count is None:
        if available % size:
            raise range_error(f"byte length of {kind.name}Array should be a multiple of {size}")
        if offset > available:
            raise range_error("Start offset is outside the bounds of the buffer")
        count = (available - offset) // size
    elif offset + count * size > available:
        raise range_error("Invalid typed array length")
    return initialize_view(view, kind, buffer, offset, count)


def _from_list(realm: Realm, view: JSObject, kind: ElementType, values: list[Value]) -> JSObject:
    """23.2.5.1.4 InitializeTypedArrayFromList."""
    allocate_buffer(realm, view, kind, len(values))
    _fill_new(view, enumerate(values))
    return view


def _from_array_like(realm: Realm, view: JSObject, kind: ElementType, source: JSObject) -> JSObject:
    """23.2.5.1.5 InitializeTypedArrayFromArrayLike."""
    length = length_of_array_like(source)
    allocate_buffer(realm, view, kind, length)
    _fill_new(
        view, ((index, source.get_value(index_key(index), source)) for index in realm.each(range(length)))
    )
    return view


def _fill_new(view: Any, items: Iterable[tuple[int, Value]]) -> None:
    """Set the elements of a view that no user code can reach yet."""
    elements = view.elements_
    for index, value in items:
        if value.__class__ is float and not view.kind_.is_bigint:
            elements[index] = value
        else:
            view.set_element_(float(index), value)


_ABSTRACT = builtin(
    "TypedArray", construct_abstract, 0, "builtin_constructor", section="23.2.1.1", since="ES2015"
)
_STATIC = functions(
    ("from", typed_array_from, 1, "23.2.2.1", "ES2015"), ("of", typed_array_of, 0, "23.2.2.2", "ES2015")
)
_LATER: Final = {"Float16Array": "ES2025", "BigInt64Array": "ES2020", "BigUint64Array": "ES2020"}
_CONSTRUCTORS: Final = tuple(
    (
        name,
        attribute,
        kind,
        builtin(
            name,
            _constructor(name, attribute, kind),
            3,
            "builtin_constructor",
            section="23.2.5.1",
            since=_LATER.get(name, "ES2015"),
        ),
    )
    for (name, attribute), kind in zip(TYPED_ARRAYS, ELEMENT_TYPES)
)
_SPECIES = species("23.2.2.4", "ES2015")


def initialize(realm: Realm) -> None:
    """Make %TypedArray%, the twelve constructors, and their prototypes."""
    parent = realm.typed_array_prototype = prototype_object(realm)
    abstract = realm.typed_array = constructor_function(realm, _ABSTRACT, parent)
    define_functions(realm, abstract, _STATIC)
    define_getters(realm, abstract, _SPECIES)
    define_functions(realm, parent, METHODS)
    define_functions(realm, parent, ITERATION_METHODS)
    define_getters(realm, parent, GETTERS)
    # 23.2.3.34 and 23.2.3.38: the same functions as elsewhere.
    stored(parent)[ITERATOR] = hidden(stored(parent)["values"].value)
    to_string = realm.array_prototype.get_own_property("toString")
    assert to_string is not None
    stored(parent)["toString"] = hidden(to_string.value)
    for _, attribute, kind, template in _CONSTRUCTORS:
        own = prototype_object(realm, parent)
        setattr(realm, f"{attribute}_prototype", own)
        constructor = constructor_function(realm, template, own, abstract)
        setattr(realm, attribute, constructor)
        # 23.2.6.1 and 23.2.7.1.
        for target in (constructor, own):
            stored(target)["BYTES_PER_ELEMENT"] = Property(float(kind.size), False, False, False)
    define_functions(realm, realm.uint8_array, uint8_array.STATIC)
    define_functions(realm, realm.uint8_array_prototype, uint8_array.METHODS)
