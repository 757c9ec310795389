"""java.util.Random, Base64, java.net.URLEncoder and java.io.File, as far as portable code uses them."""

# Java's names
from __future__ import annotations

import base64
import binascii
import math
import os
import posixpath
import time
from typing import cast
from urllib.parse import quote, unquote_to_bytes

from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.java.classes import CLASSES
from lockstep.reference.clojure.runtime.java.collections import HostList
from lockstep.reference.clojure.runtime.java.objects import signed
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import java_string_hash
from lockstep.reference.clojure.runtime.values.faults import argument_fault
from lockstep.reference.clojure.runtime.values.names import boolean
from lockstep.reference.clojure.runtime.values.numbers import wrapped

_MULTIPLIER = 0x5DEECE66D
_MASK = (1 << 48) - 1


class Random:
    """java.util.Random, whose numbers are specified."""

    java_class = CLASSES["java.util.Random"]

    def __init__(self, seed: int | None = None) -> None:
        self.seed = ((time.time_ns() if seed is None else seed) ^ _MULTIPLIER) & _MASK
        self.spare: float | None = None

    def _next(self, bits: int) -> int:
        self.seed = (self.seed * _MULTIPLIER + 0xB) & _MASK
        return signed(self.seed >> (48 - bits))

    def guest_setSeed(self, seed: int) -> None:
        """Start anew."""
        self.seed = (seed ^ _MULTIPLIER) & _MASK
        self.spare = None

    def guest_nextInt(self, *bounds: int) -> int:
        """An int, or one from 0 (or a bound) up to a bound."""
        if not bounds:
            return self._next(32)
        low, bound = (0, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1] - bounds[0])
        if bound <= 0:
            raise argument_fault("bound must be positive")
        if bound & -bound == bound:
            return low + ((bound * self._next(31)) >> 31)
        while True:
            bits = self._next(31)
            value = bits % bound
            if bits - value + (bound - 1) < 1 << 31:
                return low + value

    def guest_nextLong(self) -> int:
        """A long."""
        return wrapped((self._next(32) << 32) + self._next(32))

    def guest_nextBoolean(self) -> Value:
        """A boolean."""
        return boolean(self._next(1) != 0)

    def guest_nextDouble(self) -> float:
        """A double from 0 up to 1."""
        return float(((self._next(26) << 27) + self._next(27)) * 2.0**-53)

    def guest_nextFloat(self) -> float:
        """A float from 0 up to 1."""
        return self._next(24) / float(1 << 24)

    def guest_nextGaussian(self) -> float:
        """A double of the normal distribution."""
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            one, other = 2 * self.guest_nextDouble() - 1, 2 * self.guest_nextDouble() - 1
            square = one * one + other * other
            if 0 < square < 1:
                factor = math.sqrt(-2 * math.log(square) / square)
                self.spare = other * factor
                return one * factor

    def guest_nextBytes(self, array: Array) -> None:
        """Fill an array of bytes."""
        number = 0
        for index in range(len(array.items)):
            number = self._next(32) if index % 4 == 0 else number >> 8
            array.items[index] = ((number & 255) ^ 128) - 128


def shuffle(items: HostList, source: Random | None = None) -> None:
    """Collections.shuffle."""
    random = source if source is not None else Random()
    held = items.items
    for index in range(len(held), 1, -1):
        other = random.guest_nextInt(index)
        held[index - 1], held[other] = held[other], held[index - 1]


def to_bytes(array: Array) -> bytes:
    """The host's bytes of an array of bytes."""
    return bytes(one & 255 for one in cast("list[int]", array.items))


def from_bytes(data: bytes) -> Array:
    """An array of bytes."""
    return Array("byte", [one - 256 if one > 127 else one for one in data])


class Encoder:
    """java.util.Base64.Encoder."""

    java_class = CLASSES["java.util.Base64$Encoder"]

    def __init__(self, *, url: bool = False, padded: bool = True) -> None:
        self.url = url
        self.padded = padded

    def _encoded(self, array: Array) -> bytes:
        encode = base64.urlsafe_b64encode if self.url else base64.b64encode
        made = encode(to_bytes(array))
        return made if self.padded else made.rstrip(b"=")

    def guest_encodeToString(self, array: Array) -> str:
        """The text of some bytes."""
        return self._encoded(array).decode("ascii")

    def guest_encode(self, array: Array) -> Array:
        """The text of some bytes, as bytes."""
        return from_bytes(self._encoded(array))

    def guest_withoutPadding(self) -> Encoder:
        """An encoder that leaves out the signs at the end."""
        return Encoder(url=self.url, padded=False)


class Decoder:
    """java.util.Base64.Decoder."""

    java_class = CLASSES["java.util.Base64$Decoder"]

    def __init__(self, *, url: bool = False) -> None:
        self.url = url

    def guest_decode(self, value: str | Array) -> Array:
        """The bytes of a text.

        Raises:
            IllegalArgumentException: it is no Base64.
        """
        data = value.encode("latin-1", "replace") if isinstance(value, str) else to_bytes(value)
        data += b"=" * (-len(data) % 4)
        try:
            return from_bytes(base64.b64decode(data, b"-_" if self.url else None, validate=True))
        except binascii.Error as error:
            raise argument_fault(f"Illegal base64 character: {error}") from None


def url_encoded(text: str, *_: Value) -> str:
    """URLEncoder.encode."""
    return quote(text.encode("utf-8", "replace"), safe=" *-._").replace("~", "%7E").replace(" ", "+")


def url_decoded(text: str, *_: Value) -> str:
    """URLDecoder.decode."""
    return unquote_to_bytes(text.replace("+", " ").encode("utf-8")).decode("utf-8", "replace")


class File:
    """java.io.File: a path."""

    java_class = CLASSES["java.io.File"]

    def __init__(self, *parts: str | File | None) -> None:
        names: list[str] = [
            part.path if isinstance(part, File) else part for part in parts if part is not None
        ]
        joined = "/".join(names)
        while "//" in joined:
            joined = joined.replace("//", "/")
        self.path: str = joined.rstrip("/") or joined[:1]

    def to_string(self) -> str:
        """The path."""
        return self.path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, File) and other.path == self.path

    def __hash__(self) -> int:
        return java_string_hash(self.path) ^ 1234321

    java_hash = clojure_hash = __hash__

    def compare_to(self, other: File) -> int:
        """By path."""
        return (self.path > other.path) - (self.path < other.path)

    def guest_getPath(self) -> str:
        """The path."""
        return self.path

    def guest_getName(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    def guest_getParent(self) -> str | None:
        """What stands before the last part."""
        parent, found, _ = self.path.rpartition("/")
        return (parent or "/") if found else None

    def guest_getParentFile(self) -> File | None:
        """What stands before the last part, as a file."""
        parent = self.guest_getParent()
        return None if parent is None else File(parent)

    def guest_isAbsolute(self) -> Value:
        """Whether the path starts at the root."""
        return boolean(self.path.startswith("/"))

    def guest_getAbsolutePath(self) -> str:
        """The path from the root on."""
        return posixpath.normpath(posixpath.join("/", self.path))

    def guest_exists(self) -> Value:
        """Whether there is such a file."""
        return boolean(os.path.exists(self.path))  # noqa: PTH110  # a guest's path

    def guest_isDirectory(self) -> Value:
        """Whether it is a folder."""
        return boolean(os.path.isdir(self.path))  # noqa: PTH112  # a guest's path

    def guest_isFile(self) -> Value:
        """Whether it is a plain file."""
        return boolean(os.path.isfile(self.path))  # noqa: PTH113  # a guest's path
