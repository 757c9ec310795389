"""java.lang.Object as guests see it: `.equals` and `.hashCode` of every value, and what else all objects answer."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Callable

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import Sequential
from lockstep.reference.clojure.runtime.collections.maps import MapInterface, SetInterface
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import (
    big_integer_hash,
    clojure_hash,
    decimal_hash,
    double_hash,
    equiv,
    hash_combine,
    java_string_hash,
    long_hash,
    ratio_hash,
)
from lockstep.reference.clojure.runtime.values.literals import (
    Identifier,
    Instant,
    ReaderConditional,
    TaggedLiteral,
)
from lockstep.reference.clojure.runtime.values.names import Boolean, Char, Keyword, Symbol
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    BigInteger,
    Ratio,
)

_MASK = 0xFFFFFFFF


def signed(value: int) -> int:
    """The low 32 bits as an int."""
    value &= _MASK
    return value - (1 << 32) if value & 0x80000000 else value


def _symbol_hash(value: Symbol | Keyword) -> int:
    return hash_combine(
        java_string_hash(value.name), 0 if value.namespace is None else java_string_hash(value.namespace)
    )


def _big_hash(value: BigInt) -> int:
    return long_hash(value.value) if LONG_MIN <= value.value <= LONG_MAX else big_integer_hash(value.value)


def list_hash(values: Iterable[Value]) -> int:
    """java.util.List.hashCode."""
    result = 1
    for value in values:
        result = 31 * result + java_hash(value) & _MASK
    return signed(result)


def entries_hash(values: MapInterface) -> int:
    """java.util.Map.hashCode."""
    pairs = (entry.array() for entry in values.entries())
    return signed(sum(java_hash(key) ^ java_hash(value) for key, value in pairs))


_HASHES: dict[type, Callable[..., int]] = {
    type(None): lambda _: 0,
    str: java_string_hash,
    Char: lambda value: ord(value.value),
    Boolean: lambda value: 1231 if value.value else 1237,
    int: long_hash,
    BigInt: _big_hash,
    BigInteger: lambda value: big_integer_hash(value.value),
    float: double_hash,
    Ratio: ratio_hash,
    BigDecimal: decimal_hash,
    Symbol: _symbol_hash,
    Keyword: lambda value: signed(_symbol_hash(value) + 0x9E3779B9),
    Identifier: lambda value: _uuid_hash(value.number),
    Instant: lambda value: long_hash(value.milliseconds),
    TaggedLiteral: lambda value: signed(31 * java_hash(value.tag) + java_hash(value.form)),
    ReaderConditional: lambda value: signed(31 * java_hash(value.form) + java_hash(value.splicing)),
}


def _uuid_hash(number: int) -> int:
    mixed = (number >> 64) ^ (number & (1 << 64) - 1)
    return signed((mixed >> 32) ^ mixed)


def java_hash(value: Value) -> int:
    """`.hashCode`."""
    known = _HASHES.get(value.__class__)
    if known is not None:
        return known(value)
    if isinstance(value, MapInterface):
        return entries_hash(value)
    if isinstance(value, SetInterface):
        return signed(sum(java_hash(element) for element in value.elements()))
    if isinstance(value, Sequential):
        return list_hash(value)
    own = getattr(value, "java_methods", {}).get("hashCode")
    if own is not None:
        return signed(int(own(value)))
    method = getattr(value, "java_hash", None)
    if method is not None:
        return int(method())
    return clojure_hash(value) if not hasattr(value, "java_methods") else signed(object.__hash__(value) >> 4)


def kind_of(value: Value, *names: str) -> bool:
    """Whether an object of a guest's or a Java class is one of the classes with these names."""
    found = getattr(value, "java_class", None)
    return found.__class__ is JavaClass and any(found.implements(name) for name in names)


def _is_sequential(value: Value) -> bool:
    return isinstance(value, Sequential) or kind_of(value, "clojure.lang.Sequential", "java.util.List")


def _equal_elements(left: Value, right: Value) -> bool:
    if not _is_sequential(right):
        return False
    mine, theirs = list(interface.iterate(interface.seq(left))), list(interface.iterate(interface.seq(right)))
    return len(mine) == len(theirs) and all(java_equals(one, other) for one, other in zip(mine, theirs))


def _equal_entries(left: MapInterface, right: Value) -> bool:
    if not (isinstance(right, MapInterface) or kind_of(right, "java.util.Map")):
        return False
    if access.count(left) != access.count(right):
        return False
    for entry in left.entries():
        key, value = entry.array()
        if not access.contains(right, key) or not java_equals(value, access.get(right, key)):
            return False
    return True


def _equal_doubles(left: float, right: Value) -> bool:
    return right.__class__ is float and (
        (math.isnan(left) and math.isnan(right)) or struct.pack("d", left) == struct.pack("d", right)
    )


def java_equals(left: Value, right: Value) -> bool:
    """`.equals`: by class and value for numbers, by content for collections, by identity for other objects."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    kind = left.__class__
    if left.__class__ is float:
        return _equal_doubles(left, right)
    if kind in _BY_CLASS:
        return right.__class__ is kind and bool(left == right)
    if left.__class__ is BigDecimal:
        return right.__class__ is BigDecimal and left.pair == right.pair
    own = getattr(left, "java_methods", {}).get("equals")
    if own is not None:
        return bool(own(left, right))
    if isinstance(left, MapInterface):
        return _equal_entries(left, right)
    if isinstance(left, Sequential):
        return _equal_elements(left, right)
    if isinstance(left, SetInterface) or kind_of(left, "java.util.Collection", "java.util.Map"):
        return equiv(left, right)
    if hasattr(left, "java_methods"):
        return False
    return bool(left == right)


_BY_CLASS = frozenset({int, BigInt, BigInteger, Ratio})
