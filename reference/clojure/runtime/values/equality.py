"""`=`, keys of host dicts, `hash` and `compare`.

Guest classes carry host `==` and hash with Clojure's meaning, so host dicts and lists work on guest values.
Two things differ on the host: `1 == 1.0` and NaN; a double key therefore stands in a `DoubleKey`.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Callable

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import class_cast_fault
from lockstep.reference.clojure.runtime.values.names import FALSE, Boolean, Char, Keyword, Symbol
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInt,
    BigInteger,
    Number,
    Ratio,
    is_nan,
    is_number,
    to_exact_integer,
)


class DoubleKey:
    """A double as a key of a host dict."""

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return other.__class__ is DoubleKey and (other.value is self.value or other.value == self.value)

    def __hash__(self) -> int:
        return hash(self.value) ^ 0x27D4EB2F


class Probe:
    """A key that notes which key of a host dict it met."""

    __slots__ = ("found", "key")

    def __init__(self, key: Value) -> None:
        self.key = key
        self.found: Value = None

    def __eq__(self, other: object) -> bool:
        same = equiv(self.key, value_of(other))
        if same:
            self.found = value_of(other)
        return same

    def __hash__(self) -> int:
        return hash(key_of(self.key))


# Of these an equal key is the same one to every guest.
_PLAIN_KEYS = frozenset({Keyword, str, Char, Boolean, type(None), float})


def held_key(table: dict[Value, Value], key: Value) -> Value:
    """The key of a host dict that equals `key`, which is there."""
    if key.__class__ in _PLAIN_KEYS:
        return key
    probe = Probe(key)
    table.get(probe)
    return key if probe.found is None else probe.found


def key_of(value: Value) -> Value:
    """What stands for `value` in a host dict."""
    return DoubleKey(value) if value.__class__ is float else value


def value_of(key: Value) -> Value:
    """The guest value of a key of a host dict."""
    return key.value if key.__class__ is DoubleKey else key


def equiv(left: Value, right: Value) -> bool:
    """`=`: same category and value for numbers, by content for collections (clojure.lang.Util.equiv)."""
    if left is right:
        return True
    if left.__class__ is float or right.__class__ is float:
        return left.__class__ is right.__class__ and left == right
    return bool(left == right)


_MASK = 0xFFFFFFFF
_INT_MAX = (1 << 31) - 1


def _signed(value: int) -> int:
    value &= _MASK
    return value - (1 << 32) if value & 0x80000000 else value


def _rotate(value: int, bits: int) -> int:
    value &= _MASK
    return ((value << bits) | (value >> (32 - bits))) & _MASK


def _mix_k1(k1: int) -> int:
    return _rotate(k1 * 0xCC9E2D51, 15) * 0x1B873593 & _MASK


def _mix_h1(h1: int, k1: int) -> int:
    return _rotate(h1 ^ k1, 13) * 5 + 0xE6546B64 & _MASK


def _finish(h1: int, length: int) -> int:
    h1 ^= length
    h1 = (h1 ^ h1 >> 16) * 0x85EBCA6B & _MASK
    h1 = (h1 ^ h1 >> 13) * 0xC2B2AE35 & _MASK
    return _signed(h1 ^ h1 >> 16)


def hash_long(value: int) -> int:
    """Murmur3.hashLong."""
    low, high = value & _MASK, value >> 32 & _MASK
    if value == 0:
        return 0
    return _finish(_mix_h1(_mix_h1(0, _mix_k1(low)), _mix_k1(high)), 8)


def hash_int(value: int) -> int:
    """Murmur3.hashInt."""
    return 0 if value == 0 else _finish(_mix_h1(0, _mix_k1(value & _MASK)), 4)


def java_string_hash(text: str) -> int:
    """java.lang.String.hashCode, over UTF-16 code units."""
    result = 0
    units = text if text.isascii() else utf16_units(text)
    for unit in units:
        result = result * 31 + ord(unit) & _MASK
    return _signed(result)


def utf16_units(text: str) -> list[str]:
    """The UTF-16 code units of `text`, each as a one-character string."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [chr(raw[i] | raw[i + 1] << 8) for i in range(0, len(raw), 2)]


def hash_unencoded(text: str) -> int:
    """Murmur3.hashUnencodedChars."""
    units = list(text) if text.isascii() else utf16_units(text)
    h1 = 0
    for i in range(1, len(units), 2):
        h1 = _mix_h1(h1, _mix_k1(ord(units[i - 1]) | ord(units[i]) << 16))
    if len(units) & 1:
        h1 ^= _mix_k1(ord(units[-1]))
    return _finish(h1, 2 * len(units))


def hash_combine(seed: int, other: int) -> int:
    """clojure.lang.Util.hashCombine."""
    seed &= _MASK
    return _signed(seed ^ (other + 0x9E3779B9 + (seed << 6) + (_signed(seed) >> 2) & _MASK))


def _hash_symbol(value: Symbol | Keyword) -> int:
    namespace = 0 if value.namespace is None else java_string_hash(value.namespace)
    return hash_combine(hash_unencoded(value.name), namespace)


def mix_collection_hash(basis: int, count: int) -> int:
    """Murmur3.mixCollHash."""
    return _finish(_mix_h1(0, _mix_k1(basis & _MASK)), count)


def hash_ordered(values: Iterable[Value]) -> int:
    """Murmur3.hashOrdered."""
    result, count = 1, 0
    for value in values:
        result = 31 * result + clojure_hash(value) & _MASK
        count += 1
    return mix_collection_hash(result, count)


def hash_unordered(values: Iterable[Value]) -> int:
    """Murmur3.hashUnordered."""
    result, count = 0, 0
    for value in values:
        result = result + clojure_hash(value) & _MASK
        count += 1
    return mix_collection_hash(result, count)


def double_hash(value: float) -> int:
    """java.lang.Double.hashCode."""
    bits = int.from_bytes(struct.pack(">d", value), "big")
    return _signed(bits ^ bits >> 32)


def long_hash(value: int) -> int:
    """java.lang.Long.hashCode."""
    return _signed(value ^ (value & (1 << 64) - 1) >> 32)


def big_integer_hash(value: int) -> int:
    """java.math.BigInteger.hashCode: over the 32-bit parts of the magnitude, the highest first."""
    result = 0
    magnitude = abs(value)
    for shift in range((magnitude.bit_length() - 1) // 32 * 32, -1, -32):
        result = result * 31 + (magnitude >> shift & _MASK) & _MASK
    return _signed(-result if value < 0 else result)


def ratio_hash(value: Ratio) -> int:
    """clojure.lang.Ratio.hashCode."""
    return big_integer_hash(value.numerator) ^ big_integer_hash(value.denominator)


def decimal_hash(value: BigDecimal) -> int:
    """java.math.BigDecimal.hashCode, which tells scales apart."""
    unscaled, scale = value.unscaled, value.scale
    if -(1 << 63) < unscaled < 1 << 63:
        part = (abs(unscaled) >> 32) * 31 + (abs(unscaled) & _MASK)
        return _signed(31 * (-part if unscaled < 0 else part) + scale)
    return _signed(31 * big_integer_hash(unscaled) + scale)


def _hash_integer(value: int) -> int:
    if -(1 << 63) <= value < 1 << 63:
        return hash_long(value)
    return big_integer_hash(value)


_HASHES: dict[type, Callable[..., int]] = {
    type(None): lambda _: 0,
    Boolean: lambda value: 1231 if value.value else 1237,
    int: _hash_integer,
    BigInt: lambda value: _hash_integer(value.value),
    BigInteger: lambda value: _hash_integer(value.value),
    float: lambda value: 0 if value == 0.0 else double_hash(value),
    str: lambda value: hash_int(java_string_hash(value)),
    Char: lambda value: ord(value.value),
    Symbol: _hash_symbol,
    Keyword: lambda value: _signed(_hash_symbol(value) + 0x9E3779B9),
    Ratio: ratio_hash,
    BigDecimal: lambda value: decimal_hash(value.stripped()),
}


def clojure_hash(value: Value) -> int:
    """`hash`: the same numbers as on the JVM for scalars and collections of them, so that runs agree."""
    known = _HASHES.get(value.__class__)
    if known is not None:
        return known(value)
    method = getattr(value, "clojure_hash", None)
    return _signed(hash(value)) if method is None else int(method())


def _compare_texts(left: str, right: str) -> int:
    if left == right:
        return 0
    ones, twos = (text if text.isascii() else utf16_units(text) for text in (left, right))
    for one, two in zip(ones, twos):
        if one != two:
            return ord(one) - ord(two)
    return len(ones) - len(twos)


def _compare_names(left: Symbol | Keyword, right: Symbol | Keyword) -> int:
    if left.namespace is None or right.namespace is None:
        if left.namespace is not None:
            return 1
        if right.namespace is not None:
            return -1
        return _compare_texts(left.name, right.name)
    return _compare_texts(left.namespace, right.namespace) or _compare_texts(left.name, right.name)


_COMPARES: dict[type, Callable[..., int]] = {
    str: _compare_texts,
    Symbol: _compare_names,
    Keyword: _compare_names,
    Char: lambda a, b: ord(a.value) - ord(b.value),
    Boolean: lambda a, b: int(a.value) - int(b.value),
}


def is_comparable(value: Value) -> bool:
    """Whether `compare` takes the value (java.lang.Comparable)."""
    if value is None or is_number(value) or value.__class__ in _COMPARES:
        return True
    return hasattr(value, "compare_to")


def compare(left: Value, right: Value) -> int:
    """`compare`: nil first, numbers by value, the rest by Comparable.

    Raises:
        ClassCastException: the two cannot be compared.
    """
    if left is right:
        return 0
    if left is None:
        return -1
    if right is None:
        return 1
    if is_number(left):
        if not is_number(right):
            raise class_cast_fault(right, "java.lang.Number")
        return -1 if left < right else 1 if left > right else 0
    kind = left.__class__
    known = _COMPARES.get(kind)
    if known is not None:
        if right.__class__ is not kind:
            raise class_cast_fault(right, _JAVA_NAMES.get(kind, "java.lang.Comparable"))
        return known(left, right)
    method = getattr(left, "compare_to", None)
    if method is None:
        raise class_cast_fault(left, "java.lang.Comparable")
    return int(method(right))


_JAVA_NAMES = {
    str: "java.lang.String",
    Symbol: "clojure.lang.Symbol",
    Keyword: "clojure.lang.Keyword",
    Char: "java.lang.Character",
    Boolean: "java.lang.Boolean",
}


def _int_of(number: Number) -> int:
    """Number.intValue of what is no long: cut towards zero; of doubles NaN is 0 and the infinities are the bounds (JLS 5.1.3)."""
    if is_nan(number):
        return 0
    if number.__class__ is float and math.isinf(number):
        return _INT_MAX if number > 0 else -_INT_MAX - 1
    return to_exact_integer(number)


def compare_result(
    result: Value, comparator: Callable[[Value, Value], Value], left: Value, right: Value
) -> int:
    """What a guest comparator's `result` says: a number, or a boolean that means "less" (AFunction.compare)."""
    if result.__class__ is int:
        return int(result)
    if result.__class__ is Boolean:
        if result.value:
            return -1
        reverse = comparator(right, left)
        return 1 if reverse is not None and reverse is not FALSE else 0
    if is_number(result):
        return _int_of(result)
    raise class_cast_fault(result, "java.lang.Number")
