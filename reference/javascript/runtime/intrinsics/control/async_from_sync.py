"""ECMA-262 27.1.6: Async-from-Sync Iterator objects."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    PromiseCapability,
    new_promise_capability,
    perform_promise_then,
    promise_resolve,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.iteration import IteratorRecord, create_iter_result
from lockstep.reference.javascript.runtime.operations.objects import get, get_method
from lockstep.reference.javascript.runtime.values import ABSENT, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSAsyncFromSyncIterator(JSObject):
    """An object with [[SyncIteratorRecord]]; no guest ever sees it."""

    __slots__ = ("record_",)
    record_: IteratorRecord


def create_async_from_sync_iterator(realm: Realm, record: IteratorRecord) -> IteratorRecord:
    """27.1.6.1 CreateAsyncFromSyncIterator."""
    iterator = object_create(realm.async_from_sync_iterator_prototype, JSAsyncFromSyncIterator)
    iterator.record_ = record
    return IteratorRecord(iterator, get(iterator, "next"))


def next_(realm: Realm, this: Any, value: Value = ABSENT) -> Value:
    """27.1.5.2.1 next."""
    capability = new_promise_capability(realm, realm.promise)
    record = this.record_
    try:
        result = record.next() if value is ABSENT else record.next(value)
    except Exception as error:  # any throw completion
        capability.reject(thrown_value(error, realm))
        return capability.promise
    return _continue(realm, result, capability, record, close_on_rejection=True)


def return_(realm: Realm, this: Any, value: Value = ABSENT) -> Value:
    """27.1.5.2.2 return."""
    capability = new_promise_capability(realm, realm.promise)
    iterator = this.record_.iterator
    try:
        method = get_method(iterator, "return")
        if method is undefined:
            result_value = undefined if value is ABSENT else value
            capability.resolve(create_iter_result(realm, result_value, True))
            return capability.promise
        result = method.call_n(iterator) if value is ABSENT else method.call_n(iterator, value)
        if not isinstance(result, JSObject):
            raise type_error("Iterator result is not an object")
    except Exception as error:  # any throw completion
        capability.reject(thrown_value(error, realm))
        return capability.promise
    return _continue(realm, result, capability, this.record_, close_on_rejection=False)


def throw(realm: Realm, this: Any, value: Value = ABSENT) -> Value:
    """27.1.5.2.3 throw."""
    capability = new_promise_capability(realm, realm.promise)
    record = this.record_
    iterator = record.iterator
    try:
        method = get_method(iterator, "throw")
        if method is undefined:
            # 8. Close the iterator, and complain about its missing method.
            record.close()
            raise type_error("The iterator does not provide a 'throw' method")
        result = method.call_n(iterator) if value is ABSENT else method.call_n(iterator, value)
        if not isinstance(result, JSObject):
            raise type_error("Iterator result is not an object")
    except Exception as error:  # any throw completion
        capability.reject(thrown_value(error, realm))
        return capability.promise
    return _continue(realm, result, capability, record, close_on_rejection=True)


def _continue(
    realm: Realm,
    result: JSObject,
    capability: PromiseCapability,
    record: IteratorRecord,
    *,
    close_on_rejection: bool,
) -> Value:
    """27.1.6.4 AsyncFromSyncIteratorContinuation."""
    try:
        done = to_boolean(get(result, "done"))
        value = get(result, "value")
        try:
            wrapper = promise_resolve(realm, realm.promise, value)
        except Exception as error:
            if not done and close_on_rejection:
                record.close(error)
            raise
    except Exception as error:  # any throw completion
        capability.reject(thrown_value(error, realm))
        return capability.promise

    def close(reason: Value) -> Value:
        error = ThrowCompletion(reason)
        record.close(error)
        raise error

    on_rejected = undefined if done or not close_on_rejection else close
    perform_promise_then(
        realm, wrapper, lambda found: create_iter_result(realm, found, done), on_rejected, capability
    )
    return capability.promise


_METHODS = functions(
    ("next", next_, 1, "27.1.5.2.1", "ES2018"),
    ("return", return_, 1, "27.1.5.2.2", "ES2018"),
    ("throw", throw, 1, "27.1.5.2.3", "ES2018"),
)


def initialize(realm: Realm) -> None:
    """Make %AsyncFromSyncIteratorPrototype%, and what makes its iterators: clause 7 has no other way to here."""
    prototype = prototype_object(realm, realm.async_iterator_prototype)
    realm.async_from_sync_iterator_prototype = prototype
    realm.create_async_from_sync_iterator = partial(create_async_from_sync_iterator, realm)
    define_functions(realm, prototype, _METHODS)
