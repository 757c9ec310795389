"""ECMA-262 23.1.5: Array Iterator objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.operations.conversion import to_object
from lockstep.reference.javascript.runtime.operations.iteration import create_iter_result
from lockstep.reference.javascript.runtime.operations.objects import length_of_array_like
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSArrayIterator(JSObject):
    """An array iterator; `target_` is None once it is done."""

    __slots__ = ("index_", "kind_", "target_")
    class_name_ = "Array Iterator"
    target_: JSObject | None
    index_: int
    kind_: str


def create_array_iterator(realm: Realm, target: JSObject, kind: str) -> JSArrayIterator:
    """23.1.5.1 CreateArrayIterator; `kind` is `key`, `value` or `key+value`."""
    iterator = object_create(realm.array_iterator_prototype, JSArrayIterator)
    iterator.target_ = target
    iterator.index_ = 0
    iterator.kind_ = kind
    return iterator


def array_iterator_method(kind: str) -> Callable[..., Value]:
    """23.1.3.5 entries, 23.1.3.19 keys, 23.1.3.38 values."""

    def method(realm: Realm, this: Value) -> JSObject:
        return create_array_iterator(realm, to_object(realm, this), kind)

    return method


def iterator_next(realm: Realm, this: Value) -> Value:
    """23.1.5.2.1 %ArrayIteratorPrototype%.next."""
    if not isinstance(this, JSArrayIterator):
        raise type_error("not an Array Iterator")
    target = this.target_
    if target is None:
        return create_iter_result(realm, undefined, True)
    length_function = getattr(target, "iteration_length_", None)
    length = length_of_array_like(target) if length_function is None else length_function()
    index = this.index_
    if index >= length:
        this.target_ = None
        return create_iter_result(realm, undefined, True)
    this.index_ = index + 1
    if this.kind_ == "key":
        return create_iter_result(realm, float(index), False)
    value = target.get_value(index_key(index), target)
    if this.kind_ == "value":
        return create_iter_result(realm, value, False)
    return create_iter_result(realm, realm.make_array([float(index), value]), False)


_METHODS = functions(("next", iterator_next, 0, "23.1.5.2.1", "ES2015"))


def initialize(realm: Realm) -> None:
    """Make %ArrayIteratorPrototype%."""
    prototype = prototype_object(realm, realm.iterator_prototype)
    realm.array_iterator_prototype = prototype
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Array Iterator")
    realm.array_iterator_next = stored(prototype)["next"].value
