"""What the array methods do at once with a fast array: its elements are a host list.

Each function says where that cannot be told from the steps of the specification; where it can, the answer is None
or False, and the caller takes the steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.function import JSFunction, entry
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.operations.objects import create_data_property_or_throw
from lockstep.reference.javascript.runtime.operations.operators import strictly_equal
from lockstep.reference.javascript.runtime.symbols import IS_CONCAT_SPREADABLE
from lockstep.reference.javascript.runtime.values import HOLE, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def dense(target: Value) -> list[Value] | None:
    """The elements of a fast array without holes."""
    if isinstance(target, JSArray):
        elements: list[Value] | None = target.elements_
        if elements is not None and HOLE not in elements:
            return elements
    return None


def growable(realm: Realm, target: Value) -> list[Value] | None:
    """The elements of a fast array that new ones can be put into.

    The prototype chain may hold setters or read-only indices only in its slow form's index keys.
    """
    if (
        isinstance(target, JSArray)
        and target.prototype_ is realm.array_prototype
        and realm.has_plain_prototypes()
    ):
        elements: list[Value] | None = target.elements_
        return elements
    return None


def part(realm: Realm, target: Value, start: int, end: int) -> list[Value] | None:
    """Copies of the elements from `start` to before `end` of a fast array that has all of them."""
    if not isinstance(target, JSArray):
        return None
    own = target.elements_
    if own is None or end > len(own):
        return None
    found: list[Value] = own[start:end]
    if HOLE in found:
        return None
    realm.agent.budget.bulk(len(found))
    return found


def filled(result: Value, elements: list[Value]) -> bool:
    """Define `elements` as the data properties 0, 1, ... of `result`, and set its length to their number.

    Each definition on a fast array succeeds and is unobservable (10.4.2.1), whoever holds it.
    """
    if isinstance(result, JSArray) and result.elements_ is not None:
        result.elements_ = elements
        return True
    return False


def spreads_plainly(realm: Realm, item: Value) -> bool:
    """Whether 23.1.3.2.1 IsConcatSpreadable says true of a fast array, and looking is unobservable."""
    return (
        isinstance(item, JSArray)
        and item.elements_ is not None
        and item.prototype_ is realm.array_prototype
        and not item.__dict__
        and IS_CONCAT_SPREADABLE not in stored(realm.array_prototype)
        and realm.array_prototype.prototype_ is realm.object_prototype
        and IS_CONCAT_SPREADABLE not in stored(realm.object_prototype)
    )


def entry_of_one(callback: Value) -> Callable[[Value, Value], Value] | None:
    """The entry for one argument of a guest function that looks at no more of them: the others need not be made."""
    return _entry_of_few(callback, 1)


def entry_of_two(callback: Value) -> Callable[[Value, Value, Value], Value] | None:
    """The entry for two arguments of a guest function that looks at no more of them."""
    return _entry_of_few(callback, 2)


def _entry_of_few(callback: Value, count: int) -> Callable[..., Value] | None:
    if isinstance(callback, JSFunction) and 0 <= callback.template_.arity <= count:
        return entry(callback, count)
    return None


def define_element(result: JSObject, index: int, value: Value) -> None:
    """7.3.6 CreateDataPropertyOrThrow of an index, which succeeds on every fast array."""
    if isinstance(result, JSArray):
        elements = result.elements_
        if elements is not None:
            size = len(elements)
            if index < size:
                elements[index] = value
                return
            if index == size:
                elements.append(value)
                return
    create_data_property_or_throw(result, index_key(index), value)


def position(elements: list[Value], wanted: Value, start: int, end: int) -> int:
    """The first index from `start` to before `end` with an element that is strictly equal (7.2.15) to `wanted`, or -1."""
    kind = wanted.__class__
    # NaN, which the host's lists find by its identity.
    if not strictly_equal(wanted, wanted):
        return -1
    place = start - 1
    try:
        while True:
            place = elements.index(wanted, place + 1, end)
            # The host's true is equal to 1.
            if elements[place].__class__ is kind:
                return place
    except ValueError:
        return -1
