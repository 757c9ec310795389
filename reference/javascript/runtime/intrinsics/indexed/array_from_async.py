"""23.1.2.2 Array.fromAsync, as an execution: what it yields is awaited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.arrays import array_create
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    is_constructor,
    to_boolean,
    to_object,
)
from lockstep.reference.javascript.runtime.operations.iteration import (
    IteratorRecord,
    get_iterator_from_method,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    call,
    create_data_property_or_throw,
    get,
    get_method,
    length_of_array_like,
    set_property,
)
from lockstep.reference.javascript.runtime.symbols import ASYNC_ITERATOR, ITERATOR
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def steps(realm: Realm, this: Value, items: Value, mapper: Value, this_argument: Value) -> Any:
    """The closure of Array.fromAsync."""
    if mapper is not undefined and not is_callable(mapper):
        raise type_error("Array.fromAsync: the mapping is not a function")
    async_method = get_method(items, ASYNC_ITERATOR, realm)
    sync_method = undefined if async_method is not undefined else get_method(items, ITERATOR, realm)
    if async_method is undefined and sync_method is undefined:
        return (yield from _from_array_like(realm, this, items, mapper, this_argument))
    target = this.construct_n([], this) if is_constructor(this) else array_create(realm, 0.0)
    if async_method is not undefined:
        record = get_iterator_from_method(items, async_method)
    else:
        record = realm.create_async_from_sync_iterator(get_iterator_from_method(items, sync_method))
    index = 0
    while True:
        result = yield call(record.next_method, record.iterator)
        if not isinstance(result, JSObject):
            raise type_error("Iterator result is not an object")
        if to_boolean(get(result, "done")):
            set_property(target, "length", float(index), True)
            return target
        value = get(result, "value")
        try:
            if mapper is not undefined:
                value = yield mapper.call_n(this_argument, value, float(index))
            create_data_property_or_throw(target, index_key(index), value)
        except Exception:
            yield from _close(record)
            raise
        index += 1


def _close(record: IteratorRecord) -> Iterator[Value]:
    """7.4.13 AsyncIteratorClose for a throw completion."""
    try:
        method = get_method(record.iterator, "return")
        if method is not undefined:
            yield method.call_n(record.iterator)
    except MemoryError:
        raise
    except Exception:  # step 5: the original throw completion counts
        return


def _from_array_like(realm: Realm, this: Value, items: Value, mapper: Any, this_argument: Value) -> Any:
    source = to_object(realm, items)
    length = length_of_array_like(source)
    target = (
        this.construct_n([float(length)], this)
        if is_constructor(this)
        else array_create(realm, float(length))
    )
    for index in range(length):
        key = index_key(index)
        value = yield source.get_value(key, source)
        if mapper is not undefined:
            value = yield mapper.call_n(this_argument, value, float(index))
        create_data_property_or_throw(target, key, value)
    set_property(target, "length", float(length), True)
    return target
