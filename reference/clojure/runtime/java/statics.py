"""Static methods and fields of the Java classes that portable code uses."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

import math
import os
import random
import struct
import time
from typing import TYPE_CHECKING, Callable

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import EMPTY_LIST, list_of
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    EMPTY_SET,
    Map,
    MapInterface,
    map_of,
    set_of,
)
from lockstep.reference.clojure.runtime.collections.sorted import SortedMap, SortedSet
from lockstep.reference.clojure.runtime.collections.vector import EMPTY_VECTOR, MapEntry, Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_name_of
from lockstep.reference.clojure.runtime.java.collections import HostMap, iterator_of
from lockstep.reference.clojure.runtime.java.constructors import boxed_double
from lockstep.reference.clojure.runtime.java.exceptions import refuses_call
from lockstep.reference.clojure.runtime.java.matchers import quoted_pattern, quoted_replacement
from lockstep.reference.clojure.runtime.java.number_methods import in_radix
from lockstep.reference.clojure.runtime.java.objects import java_equals, java_hash, list_hash
from lockstep.reference.clojure.runtime.java.parsing import parse_double, parse_long
from lockstep.reference.clojure.runtime.java.static_methods import (
    ARRAYS,
    COLLECTIONS,
    INTEGER_BITS,
    LONG_BITS,
)
from lockstep.reference.clojure.runtime.java.threads import ThreadLocal, current_thread
from lockstep.reference.clojure.runtime.java.utilities import Decoder, Encoder, url_decoded, url_encoded
from lockstep.reference.clojure.runtime.regular_expressions import escapes
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Pattern
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import (
    clojure_hash,
    compare,
    equiv,
    hash_combine,
    hash_int,
    hash_long,
    hash_ordered,
    hash_unencoded,
    hash_unordered,
    mix_collection_hash,
)
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    arithmetic_fault,
)
from lockstep.reference.clojure.runtime.values.literals import Identifier, Location
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Char, Symbol, boolean, truthy
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInteger,
    Number,
    add,
    divide,
    double_text,
    is_nan,
    multiply,
    number_equal,
    require_number,
    subtract,
    to_double,
    wrapped,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Method = Callable[..., Value]


def _text(environment: Environment, value: Value) -> str:
    return str(environment.printer.string(value))


def _character(test: Callable[[str], bool]) -> Method:
    return lambda c: boolean(test(c.value if c.__class__ is Char else chr(c)))


def _math(function: Callable[..., float]) -> Method:
    def call(*values: Value) -> float:
        try:
            return function(*[to_double(value) for value in values])
        except (ValueError, OverflowError):
            return math.nan if function is not math.exp else math.inf

    return call


def _rounding(function: Callable[[float], int]) -> Method:
    """A rounding function, which keeps the sign of a zero."""

    def call(value: Value) -> float:
        number = to_double(value)
        return math.copysign(float(function(number)), number) if math.isfinite(number) else number

    return call


def _chosen(choose: Callable[..., Number], one: Value, other: Value) -> Number:
    """Math.max and Math.min: NaN wins, and -0.0 is less than 0.0."""
    left, right = require_number(one), require_number(other)
    if is_nan(left) or is_nan(right):
        return math.nan
    if left.__class__ is right.__class__ is not float:
        return choose(left, right)
    doubles = to_double(left), to_double(right)
    if doubles == (0.0, 0.0):
        return choose(*doubles, key=lambda zero: math.copysign(1.0, zero))
    return choose(*doubles)


def _long(value: Value) -> int:
    if value.__class__ is not int:
        require_number(value)
        raise argument_fault(f"No matching method found for class {class_name_of(value)}")
    return value


def _of_longs(operate: Callable[..., int], *, divides: bool = False) -> Method:
    """An exact method of Math over longs."""

    def call(*values: Value) -> int:
        longs = [_long(value) for value in values]
        if divides and longs[1] == 0:
            raise arithmetic_fault("/ by zero")
        result = operate(*longs)
        if not LONG_MIN <= result <= LONG_MAX:
            raise arithmetic_fault("long overflow")
        return result

    return call


def _int_exact(value: int) -> int:
    if not -(1 << 31) <= value < 1 << 31:
        raise arithmetic_fault("integer overflow")
    return value


def java_round(value: Value) -> int:
    """Math.round: half up, and never out of the range of a long."""
    number = to_double(value)
    if math.isnan(number):
        return 0
    if math.isinf(number):
        return LONG_MAX if number > 0 else LONG_MIN
    return min(max(math.floor(number + 0.5), LONG_MIN), LONG_MAX)


def _square_root(value: Value) -> float:
    number = to_double(value)
    return math.nan if number < 0 or math.isnan(number) else math.sqrt(number)


def _absolute(value: Number) -> Number:
    return value if value == LONG_MIN else abs(value) if value.__class__ in (int, float) else -value


def java_pow(base: Value, exponent: Value) -> float:
    """Math.pow."""
    one, two = to_double(base), to_double(exponent)
    try:
        return float(one**two) if not isinstance(one**two, complex) else math.nan
    except OverflowError:
        return -math.inf if one < 0 and two % 2 == 1 else math.inf
    except ZeroDivisionError:
        return math.inf


def _cube_root(value: float) -> float:
    if value == 0.0 or not math.isfinite(value):
        return value
    root = math.copysign(abs(value) ** (1 / 3), value)
    return root - (root - value / root / root) / 3  # one step of Newton's mends the last digit


_MATH: dict[str, Method] = {
    "sqrt": _square_root,
    "pow": java_pow,
    "abs": _absolute,
    "floor": _rounding(math.floor),
    "ceil": _rounding(math.ceil),
    "rint": _rounding(round),
    "round": java_round,
    "max": lambda a, b: _chosen(max, a, b),
    "min": lambda a, b: _chosen(min, a, b),
    "sin": _math(math.sin),
    "cos": _math(math.cos),
    "tan": _math(math.tan),
    "asin": _math(math.asin),
    "acos": _math(math.acos),
    "atan": _math(math.atan),
    "atan2": _math(math.atan2),
    "exp": _math(math.exp),
    "log": lambda x: -math.inf if to_double(x) == 0 else _math(math.log)(x),
    "log10": lambda x: -math.inf if to_double(x) == 0 else _math(math.log10)(x),
    "hypot": _math(math.hypot),
    "signum": lambda x: math.copysign(1.0, x) if x else x,
    "floorMod": _of_longs(lambda a, b: a % b, divides=True),
    "floorDiv": _of_longs(lambda a, b: wrapped(a // b), divides=True),
    "addExact": _of_longs(lambda a, b: a + b),
    "multiplyExact": _of_longs(lambda a, b: a * b),
    "subtractExact": _of_longs(lambda a, b: a - b),
    "negateExact": _of_longs(lambda a: -a),
    "incrementExact": _of_longs(lambda a: a + 1),
    "decrementExact": _of_longs(lambda a: a - 1),
    "toIntExact": lambda a: _int_exact(_long(a)),
    "random": random.random,
    "toRadians": _math(math.radians),
    "toDegrees": _math(math.degrees),
    "cbrt": _math(_cube_root),
}

_STATICS: dict[str, dict[str, Method]] = {
    "java.lang.Math": _MATH,
    "java.lang.StrictMath": _MATH,
    "java.lang.Integer": {
        "parseInt": lambda s, radix=10: parse_long(s, radix, -(1 << 31), (1 << 31) - 1),
        "valueOf": lambda s: parse_long(s) if isinstance(s, str) else s,
        "toString": lambda n, radix=10: in_radix(n, radix),
        **INTEGER_BITS,
        "compare": compare,
    },
    "java.lang.Long": {
        "parseLong": parse_long,
        "valueOf": lambda s: parse_long(s) if isinstance(s, str) else s,
        "toString": lambda n, radix=10: in_radix(n, radix),
        **LONG_BITS,
        "compare": compare,
    },
    "java.lang.Double": {
        "parseDouble": parse_double,
        "valueOf": lambda s: boxed_double(parse_double(s) if isinstance(s, str) else to_double(s)),
        "toString": lambda x: double_text(to_double(x)),
        "hashCode": java_hash,
        "doubleToLongBits": lambda x: struct.unpack(">q", struct.pack(">d", to_double(x)))[0],
        "doubleToRawLongBits": lambda x: struct.unpack(">q", struct.pack(">d", to_double(x)))[0],
        "longBitsToDouble": lambda n: struct.unpack(">d", struct.pack(">q", n))[0],
        "isFinite": lambda x: boolean(math.isfinite(to_double(x))),
        "sum": add,
        "isNaN": lambda x: boolean(math.isnan(x)),
        "isInfinite": lambda x: boolean(math.isinf(x)),
        "compare": compare,
    },
    "java.lang.Float": {"parseFloat": parse_double, "isNaN": lambda x: boolean(math.isnan(x))},
    "java.lang.Boolean": {
        "parseBoolean": lambda s: boolean(isinstance(s, str) and s.lower() == "true"),
        "valueOf": lambda s: boolean(s.lower() == "true") if isinstance(s, str) else s,
    },
    "java.lang.Character": {
        "isDigit": _character(str.isdigit),
        "isLetter": _character(str.isalpha),
        "isLetterOrDigit": _character(str.isalnum),
        "isWhitespace": _character(lambda c: c.isspace() and c not in "\xa0\u2007\u202f"),
        "isUpperCase": _character(str.isupper),
        "isLowerCase": _character(str.islower),
        "toUpperCase": lambda c: Char(c.value.upper()),
        "toLowerCase": lambda c: Char(c.value.lower()),
        "getNumericValue": lambda c: int(c.value, 36) if c.value.isalnum() else -1,
        "digit": lambda c, radix: _digit(c, radix),
        "isSpaceChar": _character(
            lambda c: c in " \xa0\u1680\u202f\u205f\u3000" or "\u2000" <= c <= "\u200a"
        ),
        "isAlphabetic": _character(str.isalpha),
        "isISOControl": _character(lambda c: c < " " or "\x7f" <= c <= "\x9f"),
        "toString": lambda c: c.value,
        "valueOf": lambda c: c,
    },
    "java.lang.Class": {},
    "java.util.UUID": {
        "randomUUID": lambda: Identifier(
            random.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | 4 << 76 | 2 << 62
        ),
        "fromString": lambda s: _identifier(s),
    },
    "java.util.regex.Pattern": {
        "compile": Pattern,
        "quote": quoted_pattern,
        "matches": lambda p, s: boolean(Pattern(p).full_match(s)),
    },
    "java.util.regex.Matcher": {"quoteReplacement": quoted_replacement},
    "java.math.BigInteger": {"valueOf": BigInteger},
    "java.math.BigDecimal": {
        "valueOf": lambda n, scale=0: (
            BigDecimal.parse(double_text(n)) if n.__class__ is float else BigDecimal(n, scale)
        )
    },
    "clojure.lang.MapEntry": {"create": MapEntry},
    "clojure.lang.Numbers": {
        "add": add,
        "minus": subtract,
        "multiply": multiply,
        "divide": divide,
        "inc": lambda x: add(x, 1),
        "dec": lambda x: subtract(x, 1),
        "equiv": lambda a, b: boolean(number_equal(a, b)),
        "lt": lambda a, b: boolean(a < b),
        "gt": lambda a, b: boolean(a > b),
        "num": require_number,
    },
    "clojure.lang.Util": {
        "equiv": lambda a, b: boolean(equiv(a, b)),
        "equals": lambda a, b: boolean(java_equals(a, b)),
        "identical": lambda a, b: boolean(
            a is b or (a.__class__ is int and a.__class__ is b.__class__ and a == b)
        ),
        "hash": java_hash,
        "hasheq": clojure_hash,
        "hashCombine": hash_combine,
        "compare": compare,
        "isInteger": lambda x: boolean(x.__class__ is int),
    },
    "clojure.lang.Murmur3": {
        "hashInt": hash_int,
        "hashLong": hash_long,
        "hashUnencodedChars": hash_unencoded,
        "mixCollHash": mix_collection_hash,
        "hashOrdered": lambda xs: hash_ordered(interface.iterate(xs)),
        "hashUnordered": lambda xs: hash_unordered(interface.iterate(xs)),
    },
    "clojure.lang.PersistentArrayMap": {
        "createWithCheck": lambda xs: _map_with_check(xs),
        "createAsIfByAssoc": lambda xs: map_of(*interface.iterate(xs)),
        "create": lambda xs: EMPTY_MAP.conj(xs),
    },
    "clojure.lang.PersistentHashMap": {"create": lambda *xs: _map_from(xs)},
    "clojure.lang.PersistentHashSet": {"create": lambda xs: set_of(interface.iterate(xs))},
    "clojure.lang.PersistentTreeMap": {"create": lambda xs: SortedMap([], []).conj(xs)},
    "clojure.lang.PersistentTreeSet": {"create": lambda xs: _sorted_set(xs)},
    "clojure.lang.PersistentList": {"create": lambda xs: list_of(list(interface.iterate(xs)))},
    "clojure.lang.PersistentVector": {"create": lambda xs: Vector(list(interface.iterate(xs)))},
    "clojure.lang.LazilyPersistentVector": {
        "create": lambda xs: Vector(list(interface.iterate(xs))),
        "createOwning": lambda *xs: Vector(
            list(xs[0].items if xs and xs[0].__class__ is access.Array else xs)
        ),
    },
    "clojure.lang.AFn": {"applyToHelper": lambda f, xs: f(*interface.iterate(xs))},
    "clojure.lang.APersistentMap": {
        "mapHash": java_hash,
        "mapHasheq": clojure_hash,
        "mapEquals": lambda a, b: boolean(java_equals(a, b)),
    },
    "java.util.Collections": COLLECTIONS,
    "java.util.Arrays": ARRAYS,
    "java.util.Objects": {
        "equals": lambda a, b: boolean(java_equals(a, b)),
        "hash": lambda *xs: list_hash(xs),
        "hashCode": java_hash,
        "isNull": lambda x: boolean(x is None),
        "nonNull": lambda x: boolean(x is not None),
    },
    "java.util.Base64": {
        "getEncoder": Encoder,
        "getDecoder": Decoder,
        "getUrlEncoder": lambda: Encoder(url=True),
        "getUrlDecoder": lambda: Decoder(url=True),
        "getMimeEncoder": Encoder,
        "getMimeDecoder": Decoder,
    },
    "java.net.URLEncoder": {"encode": url_encoded},
    "java.net.URLDecoder": {"decode": url_decoded},
    "java.lang.ThreadLocal": {"withInitial": ThreadLocal},
    "java.util.Locale": {"getDefault": lambda: None, "forLanguageTag": lambda _: None},
    "java.net.URI": {"create": Location},
}


def _identifier(text: str) -> Identifier:
    try:
        return Identifier.parse(text)
    except ValueError as error:
        raise argument_fault(str(error)) from None


def _digit(character: Char, radix: int) -> int:
    try:
        return int(character.value, radix)
    except ValueError:
        return -1


def _map_with_check(items: Value) -> Map:
    values = list(interface.iterate(items))
    made = map_of(*values)
    if made.count() * 2 != len(values):
        raise argument_fault("Duplicate key")
    return made


def _sorted_set(items: Value) -> SortedSet:
    made = SortedSet(SortedMap([], []))
    for item in interface.iterate(items):
        made = made.conj(item)
    return made


def _map_from(arguments: tuple[Value, ...]) -> MapInterface:
    """PersistentHashMap.create of keys and values, or of one collection of them."""
    if len(arguments) != 1:
        return map_of(*arguments)
    source = arguments[0]
    return (
        EMPTY_MAP.conj(source)
        if isinstance(source, (MapInterface, HostMap))
        else map_of(*interface.iterate(source))
    )


_PROPERTIES: dict[str, str] = {
    "line.separator": "\n",
    "file.separator": "/",
    "user.dir": "/",
    "java.version": "17",
    "os.name": "Linux",
}

_ENVIRONMENT_STATICS: dict[str, dict[str, Callable[..., Value]]] = {
    "java.lang.String": {
        "valueOf": lambda env, x: _text(env, x),
        "format": lambda env, form, *values: env.value("format")(form, *values),
        "join": lambda env, glue, values: glue.join(_text(env, one) for one in interface.iterate(values)),
    },
    "java.lang.System": {
        "currentTimeMillis": lambda _: time.time_ns() // 1_000_000,
        "nanoTime": lambda _: time.perf_counter_ns(),
        "getProperty": lambda _, name, default=None: _PROPERTIES.get(name, default),
        "getenv": lambda _, name=None: os.environ.get(name) if name is not None else None,
        "identityHashCode": lambda env, x: env.identity(x),
        "lineSeparator": lambda _: "\n",
        "gc": lambda _: None,
        "exit": lambda _, code=0: _exit(code),
    },
    "java.lang.Class": {"forName": lambda env, name: _for_name(env, name)},
    "java.lang.Thread": {
        "currentThread": current_thread,
        "sleep": lambda env, ms, *_: env.scheduler.sleep(min(to_double(ms), 10_000) / 1000),
        "yield": lambda env: env.scheduler.sleep(0),
        "interrupted": lambda env: boolean(current_thread(env).interrupted),
    },
    "clojure.lang.RT": {
        "nextID": lambda env: env.next_id(),
        "map": lambda env, items: env.value("hash-map")(*interface.iterate(items)),
        "count": lambda _, xs: access.count(xs),
        "nth": lambda _, xs, i, *d: access.nth(xs, i, *d),
        "get": lambda _, xs, k, *d: access.get(xs, k, *d),
        "first": lambda _, xs: access.first(xs),
        "second": lambda _, xs: access.second(xs),
        "next": lambda _, xs: access.following(xs),
        "more": lambda _, xs: access.rest(xs),
        "seq": lambda _, xs: interface.seq(xs),
        "cons": lambda _, x, xs: access.cons(x, xs),
        "conj": lambda _, xs, x: access.conj(xs, x),
        "assoc": lambda _, xs, k, v: access.assoc(xs, k, v),
        "contains": lambda _, xs, k: boolean(access.contains(xs, k)),
        "keys": lambda env, m: env.value("keys")(m),
        "vals": lambda env, m: env.value("vals")(m),
        "iter": lambda _, xs: iterator_of(xs),
        "toArray": lambda _, xs: access.Array("object", list(interface.iterate(xs))),
        "readString": lambda env, text: env.value("read-string")(text),
        "printString": lambda env, x: env.print_text(x),
        "var": lambda env, ns, name: env.intern(ns, name),
        "booleanCast": lambda _, x: boolean(truthy(x)),
        "intCast": lambda env, x: env.value("int")(x),
        "longCast": lambda env, x: env.value("long")(x),
    },
    "clojure.lang.Keyword": {"intern": lambda env, *names: env.value("keyword")(*names)},
    "clojure.lang.Symbol": {
        "intern": lambda _, *names: Symbol.parse(names[0]) if len(names) == 1 else Symbol(*names)
    },
    "clojure.lang.Var": {"find": lambda env, symbol: env.resolve(symbol)},
    "clojure.lang.Compiler": {},
}


def _exit(code: int) -> Value:
    raise SystemExit(code)


def _for_name(environment: Environment, name: str) -> JavaClass:
    found = environment.types.get(name) or CLASSES.get(name)
    if found is None:
        raise Fault("ClassNotFoundException", name)
    return found


def call_static(
    environment: Environment, java_class: JavaClass, name: str, arguments: tuple[Value, ...]
) -> Value:
    """`(Class/name arguments)`.

    Raises:
        IllegalArgumentException: the class has no such method.
    """
    own = _ENVIRONMENT_STATICS.get(java_class.name, {}).get(name)
    method = _STATICS.get(java_class.name, {}).get(name)
    try:
        if own is not None:
            return own(environment, *arguments)
        if method is not None:
            return method(*arguments)
    except TypeError as error:
        if refuses_call(error):
            raise _no_static(java_class, name, arguments) from None
        raise
    if not arguments and name in _FIELDS.get(java_class.name, {}):
        return _FIELDS[java_class.name][name]
    if java_class.host is not None and name == "create":
        return java_class.host(*[access.get(arguments[0], key) for key in java_class.host.field_keys])
    raise _no_static(java_class, name, arguments)


def _no_static(java_class: JavaClass, name: str, arguments: tuple[Value, ...]) -> Fault:
    return argument_fault(
        f"No matching method {name} found taking {len(arguments)} args for class {java_class.name}"
    )


_FIELDS: dict[str, dict[str, Value]] = {
    "java.util.regex.Pattern": {
        "UNIX_LINES": escapes.UNIX_LINES,
        "CASE_INSENSITIVE": escapes.CASE_INSENSITIVE,
        "COMMENTS": escapes.COMMENTS,
        "MULTILINE": escapes.MULTILINE,
        "LITERAL": escapes.LITERAL,
        "DOTALL": escapes.DOTALL,
        "UNICODE_CASE": escapes.UNICODE_CASE,
        "CANON_EQ": escapes.CANONICAL_EQUIVALENCE,
        "UNICODE_CHARACTER_CLASS": escapes.UNICODE_CHARACTER_CLASS,
    },
    "java.lang.Long": {"MAX_VALUE": LONG_MAX, "MIN_VALUE": LONG_MIN, "TYPE": CLASSES["long"]},
    "java.lang.Integer": {"MAX_VALUE": (1 << 31) - 1, "MIN_VALUE": -(1 << 31), "TYPE": CLASSES["int"]},
    "java.lang.Short": {"MAX_VALUE": 32767, "MIN_VALUE": -32768, "TYPE": CLASSES["short"]},
    "java.lang.Byte": {"MAX_VALUE": 127, "MIN_VALUE": -128, "TYPE": CLASSES["byte"]},
    "java.lang.Double": {
        "MAX_VALUE": 1.7976931348623157e308,
        "MIN_VALUE": 5e-324,
        "POSITIVE_INFINITY": math.inf,
        "NEGATIVE_INFINITY": -math.inf,
        "NaN": math.nan,
        "TYPE": CLASSES["double"],
    },
    "java.lang.Float": {
        "NaN": math.nan,
        "NEGATIVE_INFINITY": -math.inf,
        "MAX_VALUE": 3.4028234663852886e38,
        "MIN_VALUE": 1.401298464324817e-45,
        "POSITIVE_INFINITY": math.inf,
        "TYPE": CLASSES["float"],
    },
    "java.lang.Character": {"MAX_VALUE": Char("\uffff"), "MIN_VALUE": Char("\0"), "TYPE": CLASSES["char"]},
    "java.lang.Boolean": {"TRUE": TRUE, "FALSE": FALSE, "TYPE": CLASSES["boolean"]},
    "java.lang.Math": {"PI": math.pi, "E": math.e},
    "java.math.BigInteger": {
        "ONE": BigInteger(1),
        "TWO": BigInteger(2),
        "ZERO": BigInteger(0),
        "TEN": BigInteger(10),
    },
    "java.math.BigDecimal": {"ONE": BigDecimal(1, 0), "ZERO": BigDecimal(0, 0), "TEN": BigDecimal(10, 0)},
    "java.util.Locale": {"ENGLISH": None, "US": None, "ROOT": None},
    "java.io.File": {"separator": "/", "separatorChar": Char("/")},
    "clojure.lang.PersistentList": {"EMPTY": EMPTY_LIST},
    "clojure.lang.PersistentVector": {"EMPTY": EMPTY_VECTOR},
    "clojure.lang.PersistentArrayMap": {"EMPTY": EMPTY_MAP},
    "clojure.lang.PersistentHashMap": {"EMPTY": EMPTY_MAP},
    "clojure.lang.PersistentHashSet": {"EMPTY": EMPTY_SET},
    "clojure.lang.PersistentTreeMap": {"EMPTY": SortedMap([], [])},
    "clojure.lang.PersistentTreeSet": {"EMPTY": SortedSet(SortedMap([], []))},
    "java.math.RoundingMode": {
        name: name
        for name in ("UP", "DOWN", "CEILING", "FLOOR", "HALF_UP", "HALF_DOWN", "HALF_EVEN", "UNNECESSARY")
    },
    "java.math.MathContext": {
        "DECIMAL32": Vector([7, "HALF_EVEN"]),
        "DECIMAL64": Vector([16, "HALF_EVEN"]),
        "DECIMAL128": Vector([34, "HALF_EVEN"]),
        "UNLIMITED": Vector([0, "HALF_UP"]),
    },
}


def static_field(environment: Environment, java_class: JavaClass, name: str) -> Value:
    """`Class/NAME`; of a method that takes no arguments the result.

    Raises:
        RuntimeException: there is none.
    """
    fields = _FIELDS.get(java_class.name, {})
    if name in fields:
        return fields[name]
    if java_class.name == "clojure.lang.PersistentQueue" and name == "EMPTY":
        return environment.value("-empty-queue")
    if java_class.name == "java.lang.System" and name in {"out", "err"}:
        return environment.value(f"*{name}*")
    if name in _STATICS.get(java_class.name, {}) or name in _ENVIRONMENT_STATICS.get(java_class.name, {}):
        return call_static(environment, java_class, name, ())
    raise Fault("RuntimeException", f"Unable to find static field: {name} in class {java_class.name}")
