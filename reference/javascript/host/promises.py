"""Promises that the host settles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.inspect.options import registered
from lockstep.reference.javascript.runtime.completions import thrown_value
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import hidden, plain
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.objects import call, get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

CUSTOM_PROMISIFY = "nodejs.util.promisify.custom"


def promisified(realm: Realm, function: JSObject, instead: Value) -> None:
    """Let `util.promisify` of `function` give `instead`."""
    function.define_own_property(registered(realm, CUSTOM_PROMISIFY), hidden(instead))


def promise_of(realm: Realm, body: Callable[[], Value]) -> JSObject:
    """A promise of what `body` returns or throws now."""
    promise = new_promise(realm)
    resolve, reject = create_resolving_functions(realm, promise)
    try:
        resolve(body())
    except Exception as error:  # a host error passes thrown_value
        reject(thrown_value(error, realm))
    return promise


def abort_error(realm: Realm, reason: Value) -> JSObject:
    """The AbortError of node's own operations."""
    error = realm.make_error("Error", "The operation was aborted")
    error.define_own_property("name", hidden("AbortError"))
    hosting_of(realm).stacks.capture(error)
    error.define_own_property("code", plain("ABORT_ERR"))
    if reason is not undefined:
        error.define_own_property("cause", hidden(reason))
    return error


def abortable(
    realm: Realm, options: Value, begin: Callable[[Callable[[Value], None]], Callable[[], object]]
) -> JSObject:
    """A promise that `begin` gets the resolving function of; what it returns takes it back when `options.signal` aborts."""
    promise = new_promise(realm)
    resolve, reject = create_resolving_functions(realm, promise)
    signal = get(options, "signal") if isinstance(options, JSObject) else undefined
    if isinstance(signal, JSObject) and to_boolean(get(signal, "aborted")):
        reject(abort_error(realm, get(signal, "reason")))
        return promise
    take_back = begin(resolve)
    if isinstance(signal, JSObject):

        def aborted(_this: Value, *_rest: Value) -> None:
            take_back()
            reject(abort_error(realm, get(signal, "reason")))

        once = realm.make_object()
        once.define_own_property("once", plain(True))
        call(get(signal, "addEventListener"), signal, "abort", native(realm, aborted, 0), once)
    return promise
