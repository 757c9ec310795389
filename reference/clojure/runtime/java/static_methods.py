"""Static methods of java.util.Collections and Arrays, and the bits of Long and Integer."""

# a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from functools import cmp_to_key
from typing import Any, Callable, cast

from lockstep.reference.clojure.runtime.collections import interface
from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.collections.sorted import sort_key
from lockstep.reference.clojure.runtime.java.collections import (
    HostList,
    HostMap,
    HostSet,
    no_such_element,
    pairs_of,
)
from lockstep.reference.clojure.runtime.java.objects import java_equals, list_hash
from lockstep.reference.clojure.runtime.java.utilities import shuffle
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import compare
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.names import FALSE, Boolean, Char, boolean
from lockstep.reference.clojure.runtime.values.numbers import double_text, to_exact_integer, wrapped

Method = Callable[..., Value]


def _order(comparator: Function | None = None) -> Any:
    return cmp_to_key(compare if comparator is None else sort_key(comparator))


def _sort(values: HostList, comparator: Function | None = None) -> None:
    values.items.sort(key=_order(comparator))


def _extreme(choose: Callable[..., Value]) -> Method:
    def call(values: Value, comparator: Function | None = None) -> Value:
        items = list(interface.iterate(values))
        if not items:
            raise no_such_element()
        return choose(items, key=_order(comparator))

    return call


def _swap(values: HostList, one: int, other: int) -> None:
    items = values.items
    items[one], items[other] = items[other], items[one]


def _reverse_order(comparator: Function | None = None) -> Value:
    order = compare if comparator is None else sort_key(comparator)
    return lambda a, b: order(b, a)


COLLECTIONS: dict[str, Method] = {
    "sort": _sort,
    "reverse": lambda values: values.items.reverse(),
    "shuffle": shuffle,
    "swap": _swap,
    "max": _extreme(max),
    "min": _extreme(min),
    "frequency": lambda values, x: sum(1 for one in interface.iterate(values) if java_equals(x, one)),
    "addAll": lambda values, items: values.guest_addAll(items),
    "unmodifiableList": lambda values: HostList(list(interface.iterate(values)), fixed=True),
    "unmodifiableCollection": lambda values: HostList(list(interface.iterate(values)), fixed=True),
    "unmodifiableMap": lambda values: HostMap(pairs_of(values)),
    "unmodifiableSet": lambda values: HostSet(list(interface.iterate(values))),
    "synchronizedList": lambda values: values,
    "synchronizedMap": lambda values: values,
    "singletonList": lambda x: HostList([x], fixed=True),
    "singleton": lambda x: HostSet([x]),
    "singletonMap": lambda k, v: HostMap([(k, v)]),
    "nCopies": lambda n, x: HostList([x] * n, fixed=True),
    "emptyList": lambda: HostList([], fixed=True),
    "emptyMap": lambda: HostMap([]),
    "emptySet": lambda: HostSet([]),
    "reverseOrder": _reverse_order,
}


def _part(start: Value, end: Value) -> slice[int, int, None]:
    return slice(to_exact_integer(start), to_exact_integer(end), None)


def _sort_array(array: Array, *arguments: Value) -> None:
    if len(arguments) >= 2:
        part = _part(arguments[0], arguments[1])
        array.items[part] = sorted(array.items[part], key=_order(*cast("list[Function]", arguments[2:])))
    else:
        array.items.sort(key=_order(*cast("list[Function]", arguments)))


def _fill(array: Array, *arguments: Value) -> None:
    part = _part(arguments[0], arguments[1]) if len(arguments) == 3 else slice(0, len(array.items))
    array.items[part] = [arguments[-1]] * (part.stop - part.start)


def _default(component: str) -> Value:
    if component in {"double", "float"}:
        return 0.0
    if component in {"long", "int", "short", "byte"}:
        return 0
    return {"char": Char("\0"), "boolean": FALSE}.get(component)


def _copy(array: Array, start: int, end: int) -> Array:
    missing = max(end - len(array.items), 0)
    return Array(array.component, array.items[start:end] + [_default(array.component)] * missing)


def _shown(value: Value) -> str:
    if value is None:
        return "null"
    if value.__class__ is float:
        return double_text(value)
    return (
        str(value.value)
        if value.__class__ is Char
        else repr(value)
        if isinstance(value, Boolean)
        else str(value)
    )


def _same(left: Array | None, right: Array | None) -> Value:
    if left is None or right is None:
        return boolean(left is right)
    return boolean(len(left.items) == len(right.items) and all(map(java_equals, left.items, right.items)))


ARRAYS: dict[str, Method] = {
    "sort": _sort_array,
    "fill": _fill,
    "toString": lambda array: (
        "null" if array is None else f"[{', '.join(_shown(one) for one in array.items)}]"
    ),
    "equals": _same,
    "deepEquals": _same,
    "hashCode": lambda array: list_hash(array.items),
    "asList": lambda *values: HostList(
        list(values[0].items if len(values) == 1 and values[0].__class__ is Array else values)
    ),
    "copyOf": lambda array, length: _copy(array, 0, length),
    "copyOfRange": _copy,
}


def _reversed(value: int, bits: int) -> int:
    return int(format(value & (1 << bits) - 1, f"0{bits}b")[::-1], 2)


def _bits(bits: int) -> dict[str, Method]:
    """The methods of Long (64) and Integer (32) that look at the bits."""
    mask = (1 << bits) - 1

    def signed(value: int) -> int:
        value &= mask
        return value - (1 << bits) if value >> bits - 1 else value

    return {
        "bitCount": lambda n: bin(n & mask).count("1"),
        "numberOfLeadingZeros": lambda n: bits - (n & mask).bit_length(),
        "numberOfTrailingZeros": lambda n: ((n & -n) & mask).bit_length() - 1 if n & mask else bits,
        "highestOneBit": lambda n: signed(1 << (n & mask).bit_length() - 1) if n & mask else 0,
        "lowestOneBit": lambda n: signed(n & -n),
        "reverse": lambda n: signed(_reversed(n, bits)),
        "reverseBytes": lambda n: signed(int.from_bytes((n & mask).to_bytes(bits // 8, "little"), "big")),
        "rotateLeft": lambda n, d: signed((n & mask) << d % bits | (n & mask) >> (-d % bits)),
        "rotateRight": lambda n, d: signed((n & mask) >> d % bits | (n & mask) << (-d % bits)),
        "signum": lambda n: (n > 0) - (n < 0),
        "sum": lambda a, b: signed(a + b),
        "max": max,
        "min": min,
        "toBinaryString": lambda n: format(n & mask, "b"),
        "toOctalString": lambda n: format(n & mask, "o"),
        "toHexString": lambda n: format(n & mask, "x"),
        "hashCode": lambda n: signed(n) if bits == 32 else wrapped(n),
        "divideUnsigned": lambda a, b: signed((a & mask) // (b & mask)),
        "remainderUnsigned": lambda a, b: signed((a & mask) % (b & mask)),
        "toUnsignedString": lambda n: str(n & mask),
        "compareUnsigned": lambda a, b: ((a & mask) > (b & mask)) - ((a & mask) < (b & mask)),
    }


LONG_BITS = _bits(64)
INTEGER_BITS = _bits(32)
