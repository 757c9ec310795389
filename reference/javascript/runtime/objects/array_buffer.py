"""ECMA-262 25.1 and 25.2: ArrayBuffer and SharedArrayBuffer objects, and 6.2.9 data blocks."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, Protocol

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

_FIRST_LIMIT: Final = 16
LARGEST_BLOCK: Final = 1 << 33
"""No data block has more bytes than this (6.2.9.1, step 1: it is impossible to create)."""


class Waiter:
    """25.4.1.2 Waiter Record of an agent that blocks."""

    __slots__ = ("notified",)

    def __init__(self) -> None:
        self.notified = False

    def notify(self) -> None:
        """25.4.3.12 NotifyWaiter."""
        self.notified = True


class View(Protocol):
    """What looks into a buffer and keeps something that depends on where its bytes are."""

    def refresh_(self) -> None:
        """Told that the buffer has other bytes, or none."""


class SharedBlock:
    """6.2.9 a Shared Data Block, with what agents need to meet on it.

    Attributes:
        data: the bytes, as many as it may grow to.
        length: how many there are.
        waiters: 25.4.1.4 WaiterLists, by byte index; `Waiter`s in order.
    """

    __slots__ = ("data", "length", "waiters")

    def __init__(self, length: int, capacity: int) -> None:
        self.data = bytearray(capacity)
        self.length = length
        self.waiters: dict[int, list[Waiter]] = {}


class JSArrayBuffer(JSObject):
    """An ArrayBuffer or SharedArrayBuffer.

    Attributes:
        data_: [[ArrayBufferData]], None once it is detached; a bytearray, or bytes, which nothing can write to,
            where [[ArrayBufferIsImmutable]].
        shared_: the shared block of a SharedArrayBuffer, else None.
        max_length_: [[ArrayBufferMaxByteLength]], None for a fixed-length buffer.
        detach_key_: [[ArrayBufferDetachKey]].
        views_: the views to tell of changes.
    """

    __slots__ = ("data_", "detach_key_", "limit_", "max_length_", "shared_", "views_")
    class_name_ = "ArrayBuffer"
    data_: Any
    shared_: SharedBlock | None
    max_length_: int | None
    detach_key_: Value
    views_: list[weakref.ref[Any]]
    limit_: int

    def byte_length_(self) -> int:
        """25.1.3.2 ArrayBufferByteLength; 0 for a detached buffer."""
        if self.shared_ is not None:
            return self.shared_.length
        return 0 if self.data_ is None else len(self.data_)

    def is_immutable_(self) -> bool:
        """IsImmutableBuffer (immutable ArrayBuffers)."""
        return self.data_.__class__ is bytes

    def is_fixed_length_(self) -> bool:
        """25.1.3.8 IsFixedLengthArrayBuffer."""
        return self.max_length_ is None

    def attach_view_(self, view: View) -> None:
        """Tell `view` of changes as long as it lives."""
        views = self.views_
        if len(views) >= self.limit_:
            views[:] = [reference for reference in views if reference() is not None]
            self.limit_ = max(_FIRST_LIMIT, 2 * len(views))
        views.append(weakref.ref(view))

    def replace_data_(self, data: bytearray | None) -> None:
        """Other bytes, or none."""
        self.data_ = data
        for reference in self.views_:
            view = reference()
            if view is not None:
                view.refresh_()

    def detach_(self, key: Value = undefined) -> None:
        """25.1.3.5 DetachArrayBuffer.

        Raises:
            ThrowCompletion: TypeError, the buffer is shared, or the key is not its own.
        """
        if self.shared_ is not None:
            raise type_error("Cannot detach a SharedArrayBuffer")
        if self.detach_key_ is not key:
            raise type_error("Cannot detach the ArrayBuffer: wrong key")
        if self.is_immutable_():
            raise type_error("Cannot detach an immutable ArrayBuffer")
        self.replace_data_(None)

    def resize_(self, length: int) -> None:
        """25.1.6.7, steps 8 to 13: other bytes of the new length, the old ones copied."""
        assert self.data_ is not None
        kept = self.data_[:length]
        kept.extend(bytes(length - len(kept)))
        self.replace_data_(kept)


def fill_buffer(
    buffer: JSArrayBuffer,
    data: bytearray | bytes | None,
    shared: SharedBlock | None,
    max_length: int | None,
) -> JSArrayBuffer:
    """Set the internal slots of a new buffer."""
    buffer.data_ = data if shared is None else shared.data
    buffer.shared_ = shared
    buffer.max_length_ = max_length
    buffer.detach_key_ = undefined
    buffer.views_ = []
    buffer.limit_ = _FIRST_LIMIT
    return buffer


def create_data_block(realm: Realm, size: int) -> bytearray:
    """6.2.9.1 CreateByteDataBlock.

    Raises:
        ThrowCompletion: RangeError, there cannot be a block of this size.
    """
    check_block_size(realm, size)
    try:
        return bytearray(size)
    except (MemoryError, OverflowError):
        raise range_error("Array buffer allocation failed") from None


def check_block_size(realm: Realm, size: int) -> None:
    """6.2.9.1 and 6.2.9.2, step 1."""
    if size > LARGEST_BLOCK:
        raise range_error("Array buffer allocation failed")
    realm.agent.budget.allocate(size)
