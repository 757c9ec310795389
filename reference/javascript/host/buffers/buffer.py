"""`Buffer`: Uint8Arrays with a class of their own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.buffers.encodings import bytes_of_text, encoding_name, text_of_bytes
from lockstep.reference.javascript.host.buffers.numbers import add_numbers
from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_accessors,
    add_functions,
    class_name,
    coded_error,
    dictionary,
    old_class,
    prototype_of,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import Part, part_of
from lockstep.reference.javascript.host.inspect.options import CUSTOM, registered
from lockstep.reference.javascript.host.inspect.primitives import plural
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.intrinsics.structured.array_buffer import allocate_array_buffer
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.keys import array_index
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.primitive_object import JSStringObject
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_number,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    create_list_from_array_like,
    get,
)
from lockstep.reference.javascript.runtime.symbols import TO_PRIMITIVE
from lockstep.reference.javascript.runtime.values import Null, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_SHOWN_BYTES = 50
LARGEST = 2**32
"""`buffer.constants.MAX_LENGTH`."""
_TEXT = "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object"


def view_bytes(view: JSTypedArray) -> memoryview:
    """The bytes of a buffer, to read and write."""
    return memoryview(view.buffer_.data_)[view.offset_ : view.offset_ + view.length_() * view.kind_.size]


class Buffers(Part):
    """Buffer of one realm.

    Attributes:
        constructor, prototype: the class.
    """

    def __init__(self, realm: Realm) -> None:
        super().__init__(realm)
        self.constructor, self.prototype = old_class(realm, "Buffer", self.initialize, 2)
        self.prototype.set_prototype_of(prototype_of(realm.uint8_array))
        self.constructor.set_prototype_of(realm.uint8_array)
        self._add_static()
        self._add_methods()
        add_numbers(realm, self.prototype, self.own)

    # Making

    def over(self, block: JSObject, start: int, length: int) -> JSObject:
        """A buffer over a part of an ArrayBuffer."""
        return construct(self.realm.uint8_array, [block, float(start), float(length)], self.constructor)

    def of(self, data: bytes) -> JSObject:
        """A buffer over its own copy of some bytes."""
        realm = self.realm
        realm.agent.budget.allocate(len(data))
        block = allocate_array_buffer(realm, realm.array_buffer, len(data))
        if data:
            block.data_[:] = data
        return self.over(block, 0, len(data))

    def initialize(self, _this: Value, given: Value = undefined, *rest: Value) -> Value:
        """`new Buffer(...)` and `Buffer(...)`, as before `Buffer.from`."""
        if given.__class__ is float:
            return self.alloc(undefined, given)
        return self.from_(undefined, given, *rest)

    def _size(self, size: Value) -> int:
        if size.__class__ is not float:
            raise wrong_type(self.realm, 'The "size" argument', "of type number", size)
        number = to_number(size)
        if not 0 <= number <= LARGEST:
            raise coded_error(
                self.realm,
                "RangeError",
                "ERR_OUT_OF_RANGE",
                f'The value of "size" is out of range. It must be >= 0 && <= {LARGEST}. Received {inspect(self.realm, size)}',
            )
        return int(number)

    def alloc(
        self,
        _this: Value,
        size: Value = undefined,
        fill: Value = undefined,
        encoding: Value = undefined,
        *_rest: Value,
    ) -> Value:
        """`Buffer.alloc`."""
        made = self.of(bytes(self._size(size)))
        if fill is not undefined and fill != 0:
            self.fill(made, fill, encoding)
        return made

    def from_(
        self,
        _this: Value,
        given: Value = undefined,
        first: Value = undefined,
        second: Value = undefined,
        *_rest: Value,
    ) -> Value:
        """`Buffer.from`."""
        if isinstance(given, str):
            return self.of(bytes_of_text(given, self.encoding(first)))
        if isinstance(given, JSArrayBuffer):
            size = given.byte_length_()
            start = 0 if first is undefined else int(to_number(first))
            if start > size:
                raise coded_error(
                    self.realm,
                    "RangeError",
                    "ERR_BUFFER_OUT_OF_BOUNDS",
                    '"offset" is outside of buffer bounds',
                )
            length = size - start if second is undefined else int(to_number(second))
            return self.over(given, start, length)
        if isinstance(given, JSTypedArray):
            return self.of(bytes(int(to_number(one)) & 0xFF for one in list(given.elements_ or ())))
        if isinstance(given, JSObject):
            if isinstance(given, JSStringObject):
                return self.from_(undefined, given.data_, first)
            data = get(given, "data")
            if get(given, "type") == "Buffer" and isinstance(data, JSObject):
                given = data
            if is_callable(get(given, TO_PRIMITIVE)):
                return self.from_(undefined, to_string(given), first)
            if get(given, "length") is not undefined:
                return self.of(
                    bytes(self._byte(one) for one in create_list_from_array_like(self.realm, given))
                )
            value = get(given, "valueOf")
            if is_callable(value):
                plain_value = value.call_n(given)
                if plain_value is not given and plain_value is not undefined and plain_value is not null:
                    return self.from_(undefined, plain_value, first, second)
        raise wrong_type(self.realm, "The first argument", _TEXT, given)

    @staticmethod
    def _byte(value: Value) -> int:
        number = to_number(value)
        return int(number) & 0xFF if abs(number) < float("inf") else 0

    def encoding(self, given: Value, default: str = "utf8") -> str:
        """An encoding's name.

        Raises:
            ThrowCompletion: nobody knows it.
        """
        if not isinstance(given, str) or not given:
            return default
        found = encoding_name(given)
        if found is None:
            raise coded_error(self.realm, "TypeError", "ERR_UNKNOWN_ENCODING", f"Unknown encoding: {given}")
        return found

    def own(self, this: Value) -> JSTypedArray:
        """The view that a method was called on."""
        if not isinstance(this, JSTypedArray):
            raise wrong_type(self.realm, "argument", "of type Buffer", this)
        return this

    def _bytes(self, value: Value, name: str = "buf") -> bytes:
        if not isinstance(value, JSTypedArray):
            raise wrong_type(
                self.realm, f'The "{name}" argument', "an instance of Buffer or Uint8Array", value
            )
        return bytes(view_bytes(value))

    # Statics

    def _add_static(self) -> None:
        realm = self.realm

        def concat(_this: Value, given: Value = undefined, length: Value = undefined, *_rest: Value) -> Value:
            if getattr(given, "class_name_", "") != "Array":
                raise wrong_type(realm, 'The "list" argument', "an instance of Array", given)
            parts = [
                self._bytes(one, f"list[{place}]")
                for place, one in enumerate(create_list_from_array_like(realm, given))
            ]
            data = b"".join(parts)
            if length is not undefined:
                size = int(to_number(length))
                data = data[:size] + bytes(max(0, size - len(data)))
            return self.of(data)

        def byte_length(
            _this: Value, given: Value = undefined, encoding: Value = undefined, *_rest: Value
        ) -> float:
            if isinstance(given, str):
                return float(len(bytes_of_text(given, self.encoding(encoding))))
            if isinstance(given, JSObject) and get(given, "byteLength") is not undefined:
                return to_number(get(given, "byteLength"))
            raise wrong_type(
                realm,
                'The "string" argument',
                "of type string or an instance of Buffer or ArrayBuffer",
                given,
            )

        def compare(_this: Value, left: Value = undefined, right: Value = undefined, *_rest: Value) -> float:
            one, other = self._bytes(left, "buf1"), self._bytes(right, "buf2")
            return float((one > other) - (one < other))

        def is_encoding(_this: Value, name: Value = undefined, *_rest: Value) -> bool:
            return isinstance(name, str) and encoding_name(name) is not None

        def is_buffer(_this: Value, value: Value = undefined, *_rest: Value) -> bool:
            if not isinstance(value, JSTypedArray):
                return False
            current: JSObject | Null = value
            while current is not null:
                if current is self.prototype:
                    return True
                current = current.get_prototype_of()
            return False

        add_functions(
            realm,
            self.constructor,
            [
                ("from", self.from_, 3),
                ("of", lambda _this, *values: self.of(bytes(self._byte(one) for one in values)), 0),
                ("alloc", self.alloc, 3),
                ("allocUnsafe", lambda _this, size=undefined, *_rest: self.of(bytes(self._size(size))), 1),
                (
                    "allocUnsafeSlow",
                    lambda _this, size=undefined, *_rest: self.of(bytes(self._size(size))),
                    1,
                ),
                ("isBuffer", is_buffer, 1),
                ("compare", compare, 2),
                ("isEncoding", is_encoding, 1),
                ("concat", concat, 2),
                ("byteLength", byte_length, 2),
            ],
        )
        self.constructor.define_own_property("poolSize", plain(8192.0))

    # Methods

    def _range(self, view: JSTypedArray, start: Value, end: Value) -> tuple[int, int]:
        size = view.length_()

        def place(value: Value, default: int) -> int:
            if value is undefined:
                return default
            number = to_number(value)
            found = 0 if math.isnan(number) else int(max(min(number, size), -size))
            return found + size if found < 0 else found

        return place(start, 0), place(end, size)

    def fill(self, this: Value, value: Value = 0.0, *rest: Value) -> Value:
        """`fill`."""
        view = self.own(this)
        encoding: Value = "utf8"
        places = list(rest)
        for index, one in enumerate(places):
            if isinstance(one, str):
                encoding = one
                del places[index:]
                break
        start, end = self._range(view, *[*places, undefined, undefined][:2])
        if isinstance(value, str):
            pattern = bytes_of_text(value, self.encoding(encoding))
        elif isinstance(value, JSTypedArray):
            pattern = bytes(view_bytes(value))
        else:
            pattern = bytes([self._byte(value)])
        if not pattern:
            if isinstance(value, str) and not value:
                pattern = b"\0"
            else:
                raise coded_error(
                    self.realm,
                    "TypeError",
                    "ERR_INVALID_ARG_VALUE",
                    f"The argument 'value' is invalid. Received {inspect(self.realm, value)}",
                )
        length = max(0, end - start)
        view_bytes(view)[start : start + length] = (pattern * (length // len(pattern) + 1))[:length]
        return this

    def _text(
        self,
        this: Value,
        encoding: Value = undefined,
        start: Value = undefined,
        end: Value = undefined,
        *_rest: Value,
    ) -> str:
        view = self.own(this)
        first, last = self._range(view, start, end)
        self.realm.agent.budget.bulk(view.length_())
        return text_of_bytes(bytes(view_bytes(view)[first : max(first, last)]), self.encoding(encoding))

    def _write(self, this: Value, text: Value = undefined, *rest: Value) -> float:
        view = self.own(this)
        if not isinstance(text, str):
            raise wrong_type(self.realm, 'The "string" argument', "of type string", text)
        places = list(rest)
        encoding: Value = "utf8"
        if places and isinstance(places[-1], str):
            encoding = places.pop()
        start = int(to_number(places[0])) if places and places[0] is not undefined else 0
        size = view.length_()
        if not 0 <= start <= size:
            raise coded_error(
                self.realm,
                "RangeError",
                "ERR_BUFFER_OUT_OF_BOUNDS",
                '"offset" is outside of buffer bounds',
            )
        room = size - start
        if len(places) > 1 and places[1] is not undefined:
            room = min(room, int(to_number(places[1])))
        kind = self.encoding(encoding)
        data = bytes_of_text(text, kind)[:room]
        if kind == "utf8":
            data = data.decode("utf-8", "ignore").encode("utf-8")
        view_bytes(view)[start : start + len(data)] = data
        return float(len(data))

    def _copy(self, this: Value, target: Value = undefined, *rest: Value) -> float:
        view, other = self.own(this), self.own(target)
        at, first, last = [
            int(to_number(one)) if one is not undefined else None for one in (rest + (undefined,) * 3)[:3]
        ]
        data = bytes(view_bytes(view)[first or 0 : view.length_() if last is None else last])
        start = at or 0
        data = data[: max(0, other.length_() - start)]
        view_bytes(other)[start : start + len(data)] = data
        return float(len(data))

    def _find(self, this: Value, value: Value, offset: Value, encoding: Value, *, last: bool) -> float:
        view = self.own(this)
        data = bytes(view_bytes(view))
        if isinstance(offset, str):
            offset, encoding = undefined, offset
        if isinstance(value, str):
            wanted = bytes_of_text(value, self.encoding(encoding))
        elif isinstance(value, JSTypedArray):
            wanted = bytes(view_bytes(value))
        elif value.__class__ is float:
            wanted = bytes([self._byte(value)])
        else:
            raise wrong_type(
                self.realm,
                'The "value" argument',
                "one of type number or string or an instance of Buffer or Uint8Array",
                value,
            )
        size = len(data)
        place = 0
        if offset is not undefined:
            number = to_number(offset)
            place = 0 if math.isnan(number) else int(max(min(number, size), -size - 1))
            if place < 0:
                place += size
        self.realm.agent.budget.bulk(size)
        if last:
            end = size if offset is undefined else place + len(wanted)
            return float(data.rfind(wanted, 0, max(0, end)))
        return float(data.find(wanted, max(0, place)))

    def _compare(self, this: Value, target: Value = undefined, *rest: Value) -> float:
        other_start, other_end, start, end = (rest + (undefined,) * 4)[:4]
        other = self._bytes(target, "target")
        mine = bytes(view_bytes(self.own(this)))
        left = mine[
            int(to_number(start)) if start is not undefined else 0 : int(to_number(end))
            if end is not undefined
            else None
        ]
        right = other[
            int(to_number(other_start)) if other_start is not undefined else 0 : int(to_number(other_end))
            if other_end is not undefined
            else None
        ]
        return float((left > right) - (left < right))

    def _slice(self, this: Value, start: Value = undefined, end: Value = undefined, *_rest: Value) -> Value:
        view = self.own(this)
        first, last = self._range(view, start, end)
        return self.over(view.buffer_, view.offset_ + first, max(0, last - first))

    def _swap(self, size: int) -> HostCall:
        def swap(this: Value, *_rest: Value) -> Value:
            data = view_bytes(self.own(this))
            if len(data) % size:
                raise coded_error(
                    self.realm,
                    "RangeError",
                    "ERR_INVALID_BUFFER_SIZE",
                    f"Buffer size must be a multiple of {size * 8}-bits",
                )
            for place in range(0, len(data), size):
                data[place : place + size] = bytes(data[place : place + size])[::-1]
            return this

        return swap

    def _json(self, this: Value, *_rest: Value) -> Value:
        data = view_bytes(self.own(this))
        rows = [("type", "Buffer"), ("data", self.realm.make_array([float(byte) for byte in data]))]
        return dictionary(self.realm, rows)

    def _inspected(self, this: Value, *_rest: Value) -> str:
        view = self.own(this)
        data = view_bytes(view)
        text = bytes(data[:_SHOWN_BYTES]).hex(" ")
        if len(data) > _SHOWN_BYTES:
            text += f" {plural(len(data) - _SHOWN_BYTES, 'byte')}"
        extras = []
        for key in self.realm.keys_of(view):
            if array_index(key) < 0:
                own = view.get_own_property(key)
                if own is not None and own.enumerable:
                    extras.append(f"{key}: {inspect(self.realm, own.value)}")
        name = class_name(view)
        return f"<{name} {', '.join([text, *extras])}>"

    def _add_methods(self) -> None:
        realm = self.realm

        def found(last: bool) -> HostCall:
            return lambda this, value=undefined, offset=undefined, encoding=undefined, *_rest: self._find(
                this, value, offset, encoding, last=last
            )

        def includes(
            this: Value,
            value: Value = undefined,
            offset: Value = undefined,
            encoding: Value = undefined,
            *_rest: Value,
        ) -> bool:
            return self._find(this, value, offset, encoding, last=False) >= 0

        def equals(this: Value, other: Value = undefined, *_rest: Value) -> bool:
            return bytes(view_bytes(self.own(this))) == self._bytes(other, "otherBuffer")

        add_functions(
            realm,
            self.prototype,
            [
                ("toString", self._text, 3),
                ("toLocaleString", self._text, 3),
                ("write", self._write, 4),
                ("equals", equals, 1),
                ("compare", self._compare, 5),
                ("indexOf", found(last=False), 3),
                ("lastIndexOf", found(last=True), 3),
                ("includes", includes, 3),
                ("fill", self.fill, 4),
                ("copy", self._copy, 4),
                ("slice", self._slice, 2),
                ("subarray", self._slice, 2),
                ("swap16", self._swap(2), 0),
                ("swap32", self._swap(4), 0),
                ("swap64", self._swap(8), 0),
                ("toJSON", self._json, 0),
                (registered(realm, CUSTOM), self._inspected, 2),
            ],
        )
        add_accessors(
            realm,
            self.prototype,
            [
                ("parent", lambda this, *_rest: self.own(this).buffer_, None),
                ("offset", lambda this, *_rest: float(self.own(this).offset_), None),
            ],
        )


def make_buffer(realm: Realm) -> JSObject:
    """The global `Buffer`."""
    return part_of(realm, Buffers).constructor


def buffer_of(realm: Realm, data: bytes) -> JSObject:
    """A buffer with a copy of these bytes."""
    return part_of(realm, Buffers).of(data)
