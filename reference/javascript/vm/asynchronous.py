"""What generated code calls for async generators, `for await`, dynamic import and regular expressions."""

from __future__ import annotations

from collections.abc import Generator
from types import MethodType
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.module_loading import import_dynamically, import_meta_of
from lockstep.reference.javascript.runtime.operations.iteration import IteratorRecord, get_async_iterator
from lockstep.reference.javascript.runtime.operations.objects import call
from lockstep.reference.javascript.runtime.operations.suspension import (
    Suspending,
    async_iterator_close,
    awaited_step,
    awaited_yield,
    yield_delegate,
)
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.modules import SourceTextModule


def delegate_async(realm: Realm, value: Value) -> Suspending:
    """15.5.5 `yield*` in an async generator."""
    return yield_delegate(realm, value, is_async=True)


class _ForAwait:
    """The iteration of `for await`; the code around awaits what `begin` gives."""

    __slots__ = ("record",)

    def __init__(self, record: IteratorRecord) -> None:
        self.record = record

    def begin(self) -> Value:
        """Call `next`."""
        record = self.record
        return call(record.next_method, record.iterator)

    def finish(self, result: Value) -> Value:
        """The value of an awaited result, or DONE."""
        return awaited_step(self.record, result)


def for_await(realm: Realm, value: Value) -> _ForAwait:
    """14.7.5.6 with iteratorKind async."""
    return _ForAwait(get_async_iterator(realm, value))


def leave_async(iterator: _ForAwait, error: BaseException | None = None) -> Generator[Value, Value, None]:
    """A jump or an error leaves the loop, unless it has come to its end or was closed before."""
    record = iterator.record
    if not record.done:
        record.done = True
        yield from async_iterator_close(record, error)


def regular_expression(realm: Realm, pattern: str, flags: str) -> Value:
    """13.2.7.3: a new RegExp object for each evaluation."""
    from lockstep.reference.javascript.runtime.intrinsics.text.regexp import regexp_create  # noqa: PLC0415  # if used

    return regexp_create(realm, pattern, flags)


def import_call(realm: Realm, referrer: str, specifier: Value, options: Value, phase: str) -> Value:
    """13.3.10.2 EvaluateImportCall."""
    return import_dynamically(realm, referrer, specifier, options, phase)


def import_meta(realm: Realm, module: SourceTextModule) -> Value:
    """13.3.12.1 import.meta."""
    return import_meta_of(realm, module)


_PLAIN: dict[str, Callable[..., object]] = {
    "yield_async_": awaited_yield,
    "leave_async_": leave_async,
}
_WITH_REALM: dict[str, Callable[..., object]] = {
    "delegate_async_": delegate_async,
    "for_await_": for_await,
    "regular_expression_": regular_expression,
    "import_": import_call,
    "import_meta_": import_meta,
}


def install(realm: Realm) -> None:
    """Put the helpers where generated code finds them."""
    realm.host_globals.update(_PLAIN)
    for name, function in _WITH_REALM.items():
        realm.host_globals[name] = MethodType(function, realm)
