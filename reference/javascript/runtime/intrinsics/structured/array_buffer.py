"""ECMA-262 25.1 and 25.2: ArrayBuffer and SharedArrayBuffer objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    getters,
    prototype_object,
    species,
)
from lockstep.reference.javascript.runtime.objects.array_buffer import (
    JSArrayBuffer,
    SharedBlock,
    check_block_size,
    create_data_block,
    fill_buffer,
)
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import relative_index, to_index
from lockstep.reference.javascript.runtime.operations.objects import construct, get, species_constructor
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def allocate_array_buffer(
    realm: Realm, constructor: JSObject, byte_length: int, max_byte_length: int | None = None
) -> JSArrayBuffer:
    """25.1.3.1 AllocateArrayBuffer."""
    # Step 3.
    if max_byte_length is not None and byte_length > max_byte_length:
        raise range_error("Invalid array buffer max length")
    # Step 4.
    buffer = object_create(prototype_from_constructor(constructor, "array_buffer_prototype"), JSArrayBuffer)
    # Steps 5 to 9. The block of a resizable buffer is as long as it has to be; the maximum must be possible.
    if max_byte_length is not None:
        check_block_size(realm, max_byte_length)
    data = create_data_block(realm, byte_length)
    return fill_buffer(buffer, data, None, max_byte_length)


def allocate_shared_array_buffer(
    realm: Realm, constructor: JSObject, byte_length: int, max_byte_length: int | None = None
) -> JSArrayBuffer:
    """25.2.2.1 AllocateSharedArrayBuffer."""
    # Step 3.
    if max_byte_length is not None and byte_length > max_byte_length:
        raise range_error("Invalid array buffer max length")
    # Steps 4 to 10: other agents look at the block, so it has room for all it may grow to.
    buffer = object_create(
        prototype_from_constructor(constructor, "shared_array_buffer_prototype"), JSArrayBuffer
    )
    capacity = byte_length if max_byte_length is None else max_byte_length
    check_block_size(realm, capacity)
    return fill_buffer(buffer, None, SharedBlock(byte_length, capacity), max_byte_length)


def share_buffer(realm: Realm, block: SharedBlock, max_byte_length: int | None) -> JSArrayBuffer:
    """A SharedArrayBuffer of this realm over a block that comes from another agent."""
    buffer = object_create(realm.shared_array_buffer_prototype, JSArrayBuffer)
    return fill_buffer(buffer, None, block, max_byte_length)


def requested_max_byte_length(options: Value) -> int | None:
    """25.1.3.7 GetArrayBufferMaxByteLengthOption; None for empty."""
    if not isinstance(options, JSObject):
        return None
    value = get(options, "maxByteLength")
    return None if value is undefined else to_index(value)


def construct_array_buffer(
    realm: Realm, new_target: JSObject | None, length: Value = undefined, options: Value = undefined
) -> JSObject:
    """25.1.4.1 ArrayBuffer."""
    if new_target is undefined:
        raise type_error("Constructor ArrayBuffer requires 'new'")
    byte_length = to_index(length)
    return allocate_array_buffer(realm, new_target, byte_length, requested_max_byte_length(options))


def construct_shared_array_buffer(
    realm: Realm, new_target: JSObject | None, length: Value = undefined, options: Value = undefined
) -> JSObject:
    """25.2.3.1 SharedArrayBuffer."""
    if new_target is undefined:
        raise type_error("Constructor SharedArrayBuffer requires 'new'")
    byte_length = to_index(length)
    return allocate_shared_array_buffer(realm, new_target, byte_length, requested_max_byte_length(options))


def is_view(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """25.1.5.1 ArrayBuffer.isView."""
    from lockstep.reference.javascript.runtime.objects.typed_array import JSDataView, JSTypedArray  # noqa: PLC0415

    return isinstance(value, (JSTypedArray, JSDataView))


def _array_buffer(this: Value) -> JSArrayBuffer:
    """RequireInternalSlot, and not shared."""
    if not isinstance(this, JSArrayBuffer) or this.shared_ is not None:
        raise type_error("this is not an ArrayBuffer")
    return this


def _attached(buffer: JSArrayBuffer) -> Any:
    """Its bytes; TypeError if it is detached."""
    if buffer.data_ is None:
        raise type_error("Cannot perform the operation on a detached ArrayBuffer")
    return buffer.data_


def _mutable(buffer: JSArrayBuffer) -> None:
    """TypeError if it is immutable."""
    if buffer.is_immutable_():
        raise type_error("The ArrayBuffer is immutable")


def _shared_buffer(this: Value) -> JSArrayBuffer:
    if not isinstance(this, JSArrayBuffer) or this.shared_ is None:
        raise type_error("this is not a SharedArrayBuffer")
    return this


def byte_length(realm: Realm, this: Value) -> float:
    """25.1.6.1 get ArrayBuffer.prototype.byteLength."""
    return float(_array_buffer(this).byte_length_())


def detached(realm: Realm, this: Value) -> bool:
    """25.1.6.3 get ArrayBuffer.prototype.detached."""
    return _array_buffer(this).data_ is None


def max_byte_length(realm: Realm, this: Value) -> float:
    """25.1.6.4 get ArrayBuffer.prototype.maxByteLength."""
    buffer = _array_buffer(this)
    if buffer.data_ is None:
        return 0.0
    return float(buffer.byte_length_() if buffer.max_length_ is None else buffer.max_length_)


def resizable(realm: Realm, this: Value) -> bool:
    """25.1.6.5 get ArrayBuffer.prototype.resizable."""
    return not _array_buffer(this).is_fixed_length_()


def resize(realm: Realm, this: Value, length: Value = undefined) -> None:
    """25.1.6.6 ArrayBuffer.prototype.resize."""
    # Steps 1 to 4.
    if not isinstance(this, JSArrayBuffer) or this.max_length_ is None:
        raise type_error("this is not a resizable ArrayBuffer")
    buffer = _array_buffer(this)
    new_length = to_index(length)
    _attached(buffer)
    # Step 6.
    if new_length > this.max_length_:
        raise range_error("ArrayBuffer.prototype.resize: invalid length")
    # Steps 7 to 14.
    buffer.resize_(new_length)


def buffer_slice(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> JSObject:
    """25.1.6.7 ArrayBuffer.prototype.slice."""
    # Steps 1 to 4.
    buffer = _array_buffer(this)
    length = len(_attached(buffer))
    # Steps 5 to 14.
    first = relative_index(start, length, 0)
    final = relative_index(end, length, length)
    new_length = max(final - first, 0)
    constructor = species_constructor(buffer, realm.array_buffer)
    made = construct(constructor, [float(new_length)])
    # Steps 15 to 20.
    target = _array_buffer(made)
    _attached(target)
    _mutable(target)
    if target is buffer:
        raise type_error("ArrayBuffer subclass returned this from species constructor")
    if target.byte_length_() < new_length:
        raise type_error("Species constructor returned a too small ArrayBuffer")
    # Steps 21 to 27: user code may have detached or resized this buffer.
    data = _attached(buffer)
    assert target.data_ is not None
    if first < len(data):
        source = data[first : min(final, len(data))] if final > first else b""
        target.data_[: len(source)] = source
    return target


def allocate_immutable_array_buffer(realm: Realm, data: bytes) -> JSArrayBuffer:
    """AllocateImmutableArrayBuffer (immutable ArrayBuffers)."""
    return fill_buffer(object_create(realm.array_buffer_prototype, JSArrayBuffer), data, None, None)


def immutable(realm: Realm, this: Value) -> bool:
    """Get ArrayBuffer.prototype.immutable."""
    return _array_buffer(this).is_immutable_()


def slice_to_immutable(
    realm: Realm, this: Value, start: Value = undefined, end: Value = undefined
) -> JSObject:
    """ArrayBuffer.prototype.sliceToImmutable."""
    # Steps 1 to 9.
    buffer = _array_buffer(this)
    length = len(_attached(buffer))
    first = relative_index(start, length, 0)
    final = relative_index(end, length, length)
    # Steps 10 to 16: user code may have detached or resized this buffer.
    data = _attached(buffer)
    if len(data) < final:
        raise range_error("The ArrayBuffer became too short")
    size = max(final - first, 0)
    check_block_size(realm, size)
    return allocate_immutable_array_buffer(realm, bytes(data[first : first + size]))


def transfer_to_immutable(realm: Realm, this: Value, length: Value = undefined) -> Value:
    """ArrayBuffer.prototype.transferToImmutable."""
    return array_buffer_copy_and_detach(realm, this, length, False, immutable=True)


def array_buffer_copy_and_detach(
    realm: Realm, this: Value, length: Value, preserve: bool, *, immutable: bool = False
) -> JSObject:
    """25.1.3.4 ArrayBufferCopyAndDetach."""
    # Steps 1 to 4.
    buffer = _array_buffer(this)
    new_length = buffer.byte_length_() if length is undefined else to_index(length)
    # Step 5.
    data = _attached(buffer)
    _mutable(buffer)
    # Steps 6 and 7.
    maximum = buffer.max_length_ if preserve else None
    # Step 8.
    if buffer.detach_key_ is not undefined:
        raise type_error("Cannot detach the ArrayBuffer")
    if immutable:
        kept = data[:new_length]
        made = create_data_block(realm, new_length)
        made[: len(kept)] = kept
        buffer.detach_()
        return allocate_immutable_array_buffer(realm, bytes(made))
    # Steps 9 to 13.
    target = allocate_array_buffer(realm, realm.array_buffer, new_length, maximum)
    size = min(new_length, len(data))
    assert target.data_ is not None
    target.data_[:size] = data[:size]
    buffer.detach_()
    return target


def transfer(realm: Realm, this: Value, length: Value = undefined) -> Value:
    """25.1.6.8 ArrayBuffer.prototype.transfer."""
    return array_buffer_copy_and_detach(realm, this, length, True)


def transfer_to_fixed_length(realm: Realm, this: Value, length: Value = undefined) -> Value:
    """25.1.6.9 ArrayBuffer.prototype.transferToFixedLength."""
    return array_buffer_copy_and_detach(realm, this, length, False)


def shared_byte_length(realm: Realm, this: Value) -> float:
    """25.2.5.1 get SharedArrayBuffer.prototype.byteLength."""
    return float(_shared_buffer(this).byte_length_())


def grow(realm: Realm, this: Value, length: Value = undefined) -> None:
    """25.2.5.3 SharedArrayBuffer.prototype.grow."""
    # Steps 1 to 3.
    if not isinstance(this, JSArrayBuffer) or this.max_length_ is None:
        raise type_error("this is not a growable SharedArrayBuffer")
    block = _shared_buffer(this).shared_
    assert block is not None
    # Step 4.
    new_length = to_index(length)
    # Steps 5 to 10.
    if new_length > this.max_length_ or new_length < block.length:
        raise range_error("SharedArrayBuffer.prototype.grow: invalid length")
    block.length = new_length
    this.replace_data_(block.data)


def growable(realm: Realm, this: Value) -> bool:
    """25.2.5.4 get SharedArrayBuffer.prototype.growable."""
    return not _shared_buffer(this).is_fixed_length_()


def shared_max_byte_length(realm: Realm, this: Value) -> float:
    """25.2.5.5 get SharedArrayBuffer.prototype.maxByteLength."""
    buffer = _shared_buffer(this)
    return float(buffer.byte_length_() if buffer.max_length_ is None else buffer.max_length_)


def shared_slice(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> JSObject:
    """25.2.5.6 SharedArrayBuffer.prototype.slice."""
    # Steps 1 to 3.
    buffer = _shared_buffer(this)
    length = buffer.byte_length_()
    # Steps 4 to 13.
    first = relative_index(start, length, 0)
    final = relative_index(end, length, length)
    new_length = max(final - first, 0)
    constructor = species_constructor(buffer, realm.shared_array_buffer)
    made = construct(constructor, [float(new_length)])
    # Steps 14 to 17.
    target = _shared_buffer(made)
    if target.shared_ is buffer.shared_:
        raise type_error("SharedArrayBuffer subclass returned this from species constructor")
    if target.byte_length_() < new_length:
        raise type_error("Species constructor returned a too small SharedArrayBuffer")
    # Steps 18 to 21.
    assert buffer.data_ is not None
    assert target.data_ is not None
    if new_length:
        target.data_[:new_length] = buffer.data_[first : first + new_length]
    return target


_CONSTRUCTOR = builtin(
    "ArrayBuffer", construct_array_buffer, 1, "builtin_constructor", section="25.1.4.1", since="ES2015"
)
_STATIC = functions(("isView", is_view, 1, "25.1.5.1", "ES2015"))
_METHODS = functions(
    ("resize", resize, 1, "25.1.6.6", "ES2024"),
    ("slice", buffer_slice, 2, "25.1.6.7", "ES2015"),
    (
        "sliceToImmutable",
        slice_to_immutable,
        2,
        "sec-arraybuffer.prototype.slicetoimmutable",
        "proposal-immutable-arraybuffer",
    ),
    ("transfer", transfer, 0, "25.1.6.8", "ES2024"),
    ("transferToFixedLength", transfer_to_fixed_length, 0, "25.1.6.9", "ES2024"),
    (
        "transferToImmutable",
        transfer_to_immutable,
        0,
        "sec-arraybuffer.prototype.transfertoimmutable",
        "proposal-immutable-arraybuffer",
    ),
)
_GETTERS = getters(
    ("byteLength", byte_length, "25.1.6.1", "ES2015"),
    ("detached", detached, "25.1.6.3", "ES2024"),
    ("immutable", immutable, "sec-get-arraybuffer.prototype.immutable", "proposal-immutable-arraybuffer"),
    ("maxByteLength", max_byte_length, "25.1.6.4", "ES2024"),
    ("resizable", resizable, "25.1.6.5", "ES2024"),
)
_SHARED = builtin(
    "SharedArrayBuffer",
    construct_shared_array_buffer,
    1,
    "builtin_constructor",
    section="25.2.3.1",
    since="ES2017",
)
_SHARED_METHODS = functions(
    ("grow", grow, 1, "25.2.5.3", "ES2024"), ("slice", shared_slice, 2, "25.2.5.6", "ES2017")
)
_SHARED_GETTERS = getters(
    ("byteLength", shared_byte_length, "25.2.5.1", "ES2017"),
    ("growable", growable, "25.2.5.4", "ES2024"),
    ("maxByteLength", shared_max_byte_length, "25.2.5.5", "ES2024"),
)
_SPECIES = species("25.1.5.3", "ES2015")
_SHARED_SPECIES = species("25.2.4.2", "ES2017")


def initialize(realm: Realm) -> None:
    """Make %ArrayBuffer% and %SharedArrayBuffer% with their prototypes."""
    prototype = realm.array_buffer_prototype = prototype_object(realm)
    realm.array_buffer = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.array_buffer, _STATIC)
    define_getters(realm, realm.array_buffer, _SPECIES)
    define_functions(realm, prototype, _METHODS)
    define_getters(realm, prototype, _GETTERS)
    define_tag(prototype, "ArrayBuffer")
    prototype = realm.shared_array_buffer_prototype = prototype_object(realm)
    realm.shared_array_buffer = constructor_function(realm, _SHARED, prototype)
    define_getters(realm, realm.shared_array_buffer, _SHARED_SPECIES)
    define_functions(realm, prototype, _SHARED_METHODS)
    define_getters(realm, prototype, _SHARED_GETTERS)
    define_tag(prototype, "SharedArrayBuffer")
