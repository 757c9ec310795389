"""ECMA-262 21.2: BigInt objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.primitive_object import JSBigIntObject
from lockstep.reference.javascript.runtime.operations.conversion import (
    to_bigint,
    to_index,
    to_integer_or_infinity,
    to_primitive,
)
from lockstep.reference.javascript.runtime.operations.number_text import integer_to_radix, number_to_string
from lockstep.reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject

_LARGEST_BITS: Final = 1 << 30


def construct_bigint(realm: Realm, new_target: JSObject | None, value: Value = undefined) -> BigInt:
    """21.2.1.1 BigInt."""
    # Step 1.
    if new_target is not undefined:
        raise type_error("BigInt is not a constructor")
    # Steps 2 to 4.
    primitive = to_primitive(value, "number")
    if primitive.__class__ is str:
        realm.agent.budget.take(len(primitive) >> 1)
    return number_to_bigint(primitive) if primitive.__class__ is float else to_bigint(primitive)


def number_to_bigint(number: float) -> BigInt:
    """21.2.1.1.1 NumberToBigInt."""
    if not number.is_integer():
        shown = number_to_string(number)
        raise range_error(f"The number {shown} cannot be converted to a BigInt because it is not an integer")
    return BigInt(int(number))


def as_int_n(realm: Realm, this: Value, bits: Value = undefined, bigint: Value = undefined) -> BigInt:
    """21.2.2.1 BigInt.asIntN."""
    # Steps 1 and 2.
    width = to_index(bits)
    integer = to_bigint(bigint).integer
    # Steps 3 and 4. What has fewer bits than that is its own remainder.
    if width == 0:
        return BigInt(0)
    if integer.bit_length() < width:
        return BigInt(integer)
    remainder = integer & ((1 << width) - 1)
    return BigInt(remainder - (1 << width) if remainder >> (width - 1) else remainder)


def as_uint_n(realm: Realm, this: Value, bits: Value = undefined, bigint: Value = undefined) -> BigInt:
    """21.2.2.2 BigInt.asUintN."""
    # Steps 1 and 2.
    width = to_index(bits)
    integer = to_bigint(bigint).integer
    # Step 3.
    if integer >= 0 and integer.bit_length() <= width:
        return BigInt(integer)
    if width > _LARGEST_BITS:
        raise range_error("Maximum BigInt size exceeded")
    return BigInt(integer & ((1 << width) - 1))


def this_bigint(this: Value) -> BigInt:
    """21.2.3.4.1 ThisBigIntValue."""
    if this.__class__ is BigInt:
        return this
    if isinstance(this, JSBigIntObject):
        return this.data_
    raise type_error("this is not a BigInt")


def to_locale_string(realm: Realm, this: Value) -> str:
    """21.2.3.2 BigInt.prototype.toLocaleString, without ECMA-402."""
    return integer_to_radix(this_bigint(this).integer, 10)


def to_string(realm: Realm, this: Value, radix: Value = undefined) -> str:
    """21.2.3.3 BigInt.prototype.toString."""
    # Step 1.
    bigint = this_bigint(this)
    # Steps 2 to 4.
    base = 10.0 if radix is undefined else to_integer_or_infinity(radix)
    if not 2 <= base <= 36:
        raise range_error("toString() radix must be between 2 and 36")
    # Step 5.
    # The host takes time by the square of the length.
    realm.agent.budget.take((bigint.integer.bit_length() >> 12) ** 2)
    return integer_to_radix(bigint.integer, int(base))


def value_of(realm: Realm, this: Value) -> BigInt:
    """21.2.3.4 BigInt.prototype.valueOf."""
    return this_bigint(this)


_CONSTRUCTOR = builtin(
    "BigInt", construct_bigint, 1, "builtin_constructor", section="21.2.1.1", since="ES2020"
)
_STATIC = functions(
    ("asIntN", as_int_n, 2, "21.2.2.1", "ES2020"), ("asUintN", as_uint_n, 2, "21.2.2.2", "ES2020")
)
_METHODS = functions(
    ("toLocaleString", to_locale_string, 0, "21.2.3.2", "ES2020"),
    ("toString", to_string, 0, "21.2.3.3", "ES2020"),
    ("valueOf", value_of, 0, "21.2.3.4", "ES2020"),
)


def initialize(realm: Realm) -> None:
    """Make %BigInt% and %BigInt.prototype%."""
    prototype = prototype_object(realm)
    realm.bigint_prototype = prototype
    realm.bigint = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.bigint, _STATIC)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "BigInt")
