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
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.operations.conversion import to_object
from lockstep.reference.javascript.runtime.operations.iteration import DONE, result_of_step
from lockstep.reference.javascript.runtime.operations.objects import length_of_array_like
from lockstep.reference.javascript.runtime.values import HOLE, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSArrayIterator(JSObject):
    """An array iterator; `target_` is None once it is done."""

    __slots__ = ("index_", "kind_", "target_")
    class_name_ = "Array Iterator"
    target_: JSObject | None
    index_: int
    kind_: str

    def advance_(self, realm: Realm) -> Value:
        """See JSObject."""
        target = self.target_
        if target is None:
            return DONE
        index = self.index_
        kind = self.kind_
        if kind == "value" and isinstance(target, JSArray):
            elements = target.elements_
            if elements is not None and index < len(elements) and elements[index] is not HOLE:
                self.index_ = index + 1
                value: Value = elements[index]
                return value
        length_function = getattr(target, "iteration_length_", None)
        length = length_of_array_like(target) if length_function is None else length_function()
        if index >= length:
            self.target_ = None
            return DONE
        self.index_ = index + 1
        if kind == "key":
            return float(index)
        value = target.get_value(index_key(index), target)
        return value if kind == "value" else realm.make_array([float(index), value])


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
    return result_of_step(realm, this.advance_(realm))


_METHODS = functions(("next", iterator_next, 0, "23.1.5.2.1", "ES2015"))
JSArrayIterator.direct_next_ = dict(_METHODS)["next"]


def initialize(realm: Realm) -> None:
    """Make %ArrayIteratorPrototype%."""
    prototype = prototype_object(realm, realm.iterator_prototype)
    realm.array_iterator_prototype = prototype
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Array Iterator")
    realm.array_iterator_next = stored(prototype)["next"].value
