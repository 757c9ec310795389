"""Constructors, methods and static members of the Java classes that portable code uses: tables, no reflection."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

import math
import os
import random
import time
from typing import TYPE_CHECKING, Any, Callable

from reference.clojure.runtime.collections import access
from reference.clojure.runtime.collections.interface import EMPTY_LIST
from reference.clojure.runtime.collections.vector import MapEntry, Vector
from reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_of, is_instance
from reference.clojure.runtime.java.exceptions import Throwable
from reference.clojure.runtime.java.streams import StringBuilder, StringWriter, TextReader
from reference.clojure.runtime.values.equality import compare, equiv, java_string_hash
from reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    index_fault,
    number_format_fault,
)
from reference.clojure.runtime.values.literals import Identifier, Instant, Location, Matcher, Pattern
from reference.clojure.runtime.values.names import FALSE, TRUE, Char, Keyword, Symbol, boolean
from reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    overflow,
    to_double,
    to_exact_integer,
)

if TYPE_CHECKING:
    from reference.clojure.runtime.environment import Environment

Value = Any
Method = Callable[..., Value]


def _text(environment: Environment, value: Value) -> str:
    return str(environment.printer.string(value))


def _parse_long(text: Value, radix: int = 10, low: int = LONG_MIN, high: int = LONG_MAX) -> int:
    if text is None:
        raise number_format_fault("Cannot parse null string: null" if radix == 10 else "null")
    try:
        if not text.isascii() or text.strip() != text or "_" in text:
            raise ValueError
        value = int(text, radix)
    except (ValueError, TypeError):
        suffix = "" if radix == 10 else f" under radix {radix}"
        raise number_format_fault(f'For input string: "{text}"{suffix}') from None
    if not low <= value <= high:
        raise number_format_fault(f'For input string: "{text}"')
    return value


def _parse_double(text: str) -> float:
    try:
        cleaned = text.strip().rstrip("dDfF")
        if "_" in cleaned or (
            cleaned.lower() in {"inf", "+inf", "-inf", "nan", "infinity"} and "I" not in cleaned
        ):
            raise ValueError
        return float(cleaned)
    except ValueError:
        raise number_format_fault(f'For input string: "{text}"') from None


def _char_at(text: str, index: int) -> Char:
    if 0 <= index < len(text):
        return Char(text[index])
    raise Fault("StringIndexOutOfBoundsException", f"Index {index} out of bounds for length {len(text)}")


def _substring(text: str, start: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    if not 0 <= start <= end <= len(text):
        raise Fault("StringIndexOutOfBoundsException", f"begin {start}, end {end}, length {len(text)}")
    return text[start:end]


def _needle(value: Value) -> str:
    if value.__class__ is Char:
        return str(value.value)
    return chr(value) if value.__class__ is int else str(value)


def _split(text: str, pattern: str, limit: int = 0) -> Any:
    parts = Pattern(pattern).compiled.split(text, max(limit - 1, 0))
    while limit == 0 and parts and not parts[-1]:
        parts.pop()
    return access.Array("object", parts)


_STRING: dict[str, Method] = {
    "length": len,
    "toUpperCase": lambda s, *_: s.upper(),
    "toLowerCase": lambda s, *_: s.lower(),
    "trim": lambda s: s.strip(" \t\r\n\f\v\0"),
    "strip": lambda s: s.strip(),
    "charAt": _char_at,
    "substring": _substring,
    "subSequence": _substring,
    "indexOf": lambda s, x, start=0: s.find(_needle(x), start),
    "lastIndexOf": lambda s, x: s.rfind(_needle(x)),
    "startsWith": lambda s, x: boolean(s.startswith(x)),
    "endsWith": lambda s, x: boolean(s.endswith(x)),
    "contains": lambda s, x: boolean(x in s),
    "isEmpty": lambda s: boolean(not s),
    "isBlank": lambda s: boolean(not s.strip()),
    "concat": lambda s, x: s + x,
    "replace": lambda s, a, b: s.replace(_needle(a), _needle(b)),
    "replaceAll": lambda s, a, b: Pattern(a).compiled.sub(b.replace("$", "\\"), s),
    "split": _split,
    "equalsIgnoreCase": lambda s, x: boolean(s.lower() == x.lower()),
    "compareTo": compare,
    "matches": lambda s, x: boolean(Pattern(x).compiled.fullmatch(s)),
    "getBytes": lambda s, *_: access.Array("byte", [b - 256 if b > 127 else b for b in s.encode()]),
    "toCharArray": lambda s: access.Array("char", [Char(unit) for unit in s]),
    "codePointAt": lambda s, i: ord(s[i]),
    "repeat": lambda s, n: s * n,
    "intern": lambda s: s,
    "hashCode": java_string_hash,
}

_NUMBER: dict[str, Method] = {
    "intValue": to_exact_integer,
    "longValue": to_exact_integer,
    "doubleValue": to_double,
    "floatValue": to_double,
    "compareTo": compare,
    "isNaN": lambda x: boolean(math.isnan(x)),
    "negate": lambda x: -x,
    "signum": lambda x: (x > 0) - (x < 0),
    "scale": lambda x: x.scale,
    "toBigInteger": lambda x: x,
    "bitLength": lambda x: to_exact_integer(x).bit_length(),
}


def _with_cause(error: Throwable, cause: Value) -> Throwable:
    error.cause = cause
    return error


_THROWABLE: dict[str, Method] = {
    "getMessage": lambda e: e.message,
    "getLocalizedMessage": lambda e: e.message,
    "getCause": lambda e: e.cause,
    "getData": lambda e: e.data,
    "getStackTrace": lambda _: access.Array("object", []),
    "setStackTrace": lambda _, __: None,
    "fillInStackTrace": lambda e: e,
    "printStackTrace": lambda *_: None,
    "addSuppressed": lambda *_: None,
    "getSuppressed": lambda _: access.Array("object", []),
    "initCause": lambda e, cause: _with_cause(e, cause),
    "toString": lambda e: e.to_string(),
}

_CLASS: dict[str, Method] = {
    "getName": lambda c: c.name,
    "getSimpleName": lambda c: c.simple_name,
    "isInstance": lambda c, x: boolean(is_instance(c, x)),
    "isInterface": lambda c: boolean(c.is_interface),
    "getSuperclass": lambda c: next((p for p in c.parents if not p.is_interface), None),
    "isArray": lambda c: boolean(c.name.startswith("[")),
    "isAssignableFrom": lambda c, other: boolean(other.is_a(c)),
    "getInterfaces": lambda c: access.Array("object", [p for p in c.parents if p.is_interface]),
    "hashCode": lambda c: java_string_hash(c.name),
}

_NAMED: dict[str, Method] = {
    "getName": lambda x: x.name,
    "getNamespace": lambda x: x.namespace,
    "toString": repr,
    "sym": lambda x: Symbol(x.namespace, x.name),
    "invoke": lambda x, *arguments: x(*arguments),
}

_MATCHER: dict[str, Method] = {
    "find": lambda m: boolean(m.find()),
    "matches": lambda m: boolean(_full_match(m)),
    "group": lambda m, i=0: m.match.group(i),
    "groupCount": lambda m: m.pattern.compiled.groups,
    "start": lambda m, i=0: m.match.start(i),
    "end": lambda m, i=0: m.match.end(i),
}


def _full_match(matcher: Matcher) -> bool:
    matcher.match = matcher.pattern.compiled.fullmatch(matcher.text)
    return matcher.match is not None


def _host_get(collection: Value, key: Value) -> Value:
    if isinstance(collection, Vector) or hasattr(collection, "first"):
        return access.nth(collection, key)
    return access.get(collection, key)


_COLLECTION: dict[str, Method] = {
    "size": access.count,
    "count": access.count,
    "length": access.count,
    "isEmpty": lambda c: boolean(access.count(c) == 0),
    "get": _host_get,
    "valAt": access.get,
    "nth": access.nth,
    "contains": lambda c, x: boolean(
        any(equiv(x, one) for one in access.iterate(c))
        if isinstance(c, Vector) or hasattr(c, "first")
        else access.contains(c, x)
    ),
    "containsKey": lambda c, x: boolean(access.contains(c, x)),
    "containsValue": lambda c, x: boolean(any(equiv(x, one) for one in c.values())),
    "cons": access.conj,
    "assoc": access.assoc,
    "without": access.dissoc,
    "seq": access.seq,
    "first": access.first,
    "next": access.following,
    "more": access.rest,
    "rest": access.rest,
    "empty": lambda c: c.empty(),
    "meta": lambda c: c.metadata,
    "withMeta": lambda c, m: c.with_meta(m),
    "getKey": lambda e: e.key(),
    "getValue": lambda e: e.value(),
    "key": lambda e: e.key(),
    "val": lambda e: e.value(),
    "entryAt": lambda c, k: c.find(k),
    "indexOf": lambda c, x: next((i for i, one in enumerate(access.iterate(c)) if equiv(x, one)), -1),
    "keySet": lambda c: access.seq(Vector(c.keys())),
    "entrySet": lambda c: access.seq(c),
    "values": lambda c: access.seq(Vector(c.values())),
    "equiv": lambda c, other: boolean(equiv(c, other)),
    "invoke": lambda c, *arguments: c(*arguments),
    "peek": lambda c: c.peek(),
    "pop": lambda c: c.pop(),
    "rseq": lambda c: c.rseq(),
    "disjoin": lambda c, x: c.disj(x),
    "persistent": lambda c: c.persistent(),
    "deref": lambda c: c.deref(),
    "reset": lambda c, x: c.reset(x),
    "swap": lambda c, f, *arguments: c.reset(f(c.value, *arguments)),
    "getRawRoot": lambda v: v.root(),
    "isMacro": lambda v: boolean(v.macro),
    "hasRoot": lambda v: boolean(v.has_root()),
    "ns": lambda v: v.namespace,
}

_METHODS: dict[type, dict[str, Method]] = {
    str: _STRING,
    Throwable: _THROWABLE,
    JavaClass: _CLASS,
    Keyword: _NAMED,
    Symbol: _NAMED,
    Matcher: _MATCHER,
    int: _NUMBER,
    float: _NUMBER,
    BigInt: _NUMBER,
    BigDecimal: _NUMBER,
    Char: {"charValue": lambda c: c, "compareTo": compare},
    Pattern: {
        "pattern": lambda p: p.text,
        "matcher": lambda p, s: Matcher(p, s),
        "split": lambda p, s: access.Array("object", p.compiled.split(s)),
    },
    Instant: {"getTime": lambda i: i.milliseconds, "toInstant": lambda i: i},
    Identifier: {
        "getMostSignificantBits": lambda u: u.number >> 64,
        "compareTo": lambda a, b: a.compare_to(b),
    },
}


def call_method(
    environment: Environment, target: Value, name: str, arguments: tuple[Value, ...], *, field: bool = False
) -> Value:
    """`(.name target arguments)`.

    Raises:
        NullPointerException: the target is nil.
        IllegalArgumentException: it has no such method or field.
    """
    if target is None:
        raise Fault(
            "NullPointerException",
            f'Cannot invoke "Object.{name}()" because the target is null' if name == "toString" else None,
        )
    own = getattr(target, "java_methods", None)
    if own is not None:
        method = own.get(name) or own.get(name.replace("-", "_")) or own.get(name.replace("_", "-"))
        if method is not None:
            return method(target, *arguments)
        if not arguments:
            values = getattr(target, "__dict__", {})
            for spelling in (name, name.replace("_", "-")):
                if "." + spelling in values:
                    return values["." + spelling]
            if getattr(target, "is_record", False) and name in target.type_fields:
                return target.table[target.field_keys[target.type_fields.index(name)]]
    table = _METHODS.get(target.__class__)
    method = table.get(name) if table is not None else None
    if method is None:
        method = _OBJECT.get(name)
        if method is not None:
            return method(environment, target, *arguments)
        host = getattr(target, "guest_" + name, None)
        if host is not None:
            return host(*arguments)
        method = _COLLECTION.get(name) if not isinstance(target, (int, float, str)) else None
        if method is None and callable(target) and name in {"invoke", "call", "run", "applyTo"}:
            return target(*(access.iterate(arguments[0]) if name == "applyTo" else arguments))
        if method is None:
            raise _no_member(target, name, arguments, field)
    return method(target, *arguments)


def _no_member(target: Value, name: str, arguments: tuple[Value, ...], field: bool) -> Fault:
    kind = class_of(target)
    shown = "null" if kind is None else kind.name
    if field or not arguments:
        return argument_fault(f"No matching field found: {name} for class {shown}")
    return argument_fault(f"No matching method {name} found taking {len(arguments)} args for class {shown}")


_OBJECT: dict[str, Callable[..., Value]] = {
    "toString": _text,
    "getClass": lambda _, x: class_of(x),
    "equals": lambda _, x, y: boolean((equiv(x, y) and class_of(x) is class_of(y)) or x is y),
    "hashCode": lambda _, x: hash(x) & 0x7FFFFFFF,
}


def _character(test: Callable[[str], bool]) -> Method:
    return lambda c: boolean(test(c.value if c.__class__ is Char else chr(c)))


def _math(function: Callable[..., float]) -> Method:
    def call(*values: Value) -> float:
        try:
            return function(*[to_double(value) for value in values])
        except (ValueError, OverflowError):
            return math.nan if function is not math.exp else math.inf

    return call


def _exact(value: int) -> int:
    return value if LONG_MIN <= value <= LONG_MAX else overflow(value)


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


def _absolute(value: Value) -> Value:
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


_MATH: dict[str, Method] = {
    "sqrt": _square_root,
    "pow": java_pow,
    "abs": _absolute,
    "floor": lambda x: float(math.floor(to_double(x))) if math.isfinite(to_double(x)) else to_double(x),
    "ceil": lambda x: float(math.ceil(to_double(x))) if math.isfinite(to_double(x)) else to_double(x),
    "round": java_round,
    "max": lambda a, b: max(b, a),
    "min": lambda a, b: min(b, a),
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
    "floorMod": lambda a, b: a % b,
    "floorDiv": lambda a, b: a // b,
    "addExact": lambda a, b: _exact(a + b),
    "multiplyExact": lambda a, b: _exact(a * b),
    "subtractExact": lambda a, b: _exact(a - b),
    "negateExact": lambda a: _exact(-a),
    "random": random.random,
    "toRadians": _math(math.radians),
    "toDegrees": _math(math.degrees),
    "cbrt": lambda x: math.copysign(abs(to_double(x)) ** (1 / 3), x),
}

_STATICS: dict[str, dict[str, Method]] = {
    "java.lang.Math": _MATH,
    "java.lang.StrictMath": _MATH,
    "java.lang.Integer": {
        "parseInt": lambda s, radix=10: _parse_long(s, radix, -(1 << 31), (1 << 31) - 1),
        "valueOf": lambda s: _parse_long(s) if isinstance(s, str) else s,
        "toString": lambda n, radix=10: _to_radix(n, radix),
        "toBinaryString": lambda n: format(n & 0xFFFFFFFF, "b"),
        "toHexString": lambda n: format(n & 0xFFFFFFFF, "x"),
        "compare": compare,
    },
    "java.lang.Long": {
        "parseLong": _parse_long,
        "valueOf": lambda s: _parse_long(s) if isinstance(s, str) else s,
        "toString": lambda n, radix=10: _to_radix(n, radix),
        "toBinaryString": lambda n: format(n & (1 << 64) - 1, "b"),
        "toHexString": lambda n: format(n & (1 << 64) - 1, "x"),
        "bitCount": lambda n: bin(n & (1 << 64) - 1).count("1"),
        "compare": compare,
    },
    "java.lang.Double": {
        "parseDouble": _parse_double,
        "valueOf": lambda s: _parse_double(s) if isinstance(s, str) else to_double(s),
        "isNaN": lambda x: boolean(math.isnan(x)),
        "isInfinite": lambda x: boolean(math.isinf(x)),
        "compare": compare,
    },
    "java.lang.Float": {"parseFloat": _parse_double, "isNaN": lambda x: boolean(math.isnan(x))},
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
        "digit": lambda c, radix: int(c.value, radix),
        "toString": lambda c: c.value,
        "valueOf": lambda c: c,
    },
    "java.lang.Thread": {"sleep": lambda ms, *_: time.sleep(min(to_double(ms), 10_000) / 1000)},
    "java.lang.Class": {},
    "java.util.UUID": {
        "randomUUID": lambda: Identifier(
            random.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | 4 << 76 | 2 << 62
        ),
        "fromString": lambda s: _identifier(s),
    },
    "java.util.regex.Pattern": {
        "compile": lambda s, *_: Pattern(s),
        "quote": lambda s: f"\\Q{s}\\E",
        "matches": lambda p, s: boolean(Pattern(p).compiled.fullmatch(s)),
    },
    "java.math.BigInteger": {"valueOf": BigInt},
    "java.math.BigDecimal": {"valueOf": lambda n: BigDecimal.parse(repr(n))},
    "clojure.lang.MapEntry": {"create": MapEntry},
    "clojure.lang.Numbers": {},
    "clojure.lang.Util": {"equiv": lambda a, b: boolean(equiv(a, b))},
    "clojure.lang.PersistentArrayMap": {},
    "clojure.lang.LazilyPersistentVector": {},
    "java.net.URI": {"create": Location},
}


def _identifier(text: str) -> Identifier:
    try:
        return Identifier.parse(text)
    except ValueError as error:
        raise argument_fault(str(error)) from None


def _to_radix(value: int, radix: int) -> str:
    if radix == 10:
        return str(value)
    digits = ""
    left = abs(value)
    while left:
        left, digit = divmod(left, radix)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


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
        "join": lambda env, glue, values: glue.join(_text(env, one) for one in access.iterate(values)),
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
    "java.lang.Thread": {"currentThread": lambda _: CLASSES["java.lang.Thread"]},
    "clojure.lang.RT": {
        "nextID": lambda env: env.next_id(),
        "map": lambda env, items: env.value("hash-map")(*access.iterate(items)),
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
    if own is not None:
        return own(environment, *arguments)
    method = _STATICS.get(java_class.name, {}).get(name)
    if method is not None:
        return method(*arguments)
    if not arguments and name in _FIELDS.get(java_class.name, {}):
        return _FIELDS[java_class.name][name]
    if java_class.host is not None and name == "create":
        entry = arguments[0]
        return java_class.host(*[entry.lookup(key) for key in java_class.host.field_keys])
    raise argument_fault(
        f"No matching method {name} found taking {len(arguments)} args for class {java_class.name}"
    )


_FIELDS: dict[str, dict[str, Value]] = {
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
        "MAX_VALUE": 3.4028234663852886e38,
        "MIN_VALUE": 1.401298464324817e-45,
        "POSITIVE_INFINITY": math.inf,
        "TYPE": CLASSES["float"],
    },
    "java.lang.Character": {"MAX_VALUE": Char("\uffff"), "MIN_VALUE": Char("\0"), "TYPE": CLASSES["char"]},
    "java.lang.Boolean": {"TRUE": TRUE, "FALSE": FALSE, "TYPE": CLASSES["boolean"]},
    "java.lang.Math": {"PI": math.pi, "E": math.e},
    "java.math.BigInteger": {"ONE": BigInt(1), "ZERO": BigInt(0), "TEN": BigInt(10)},
    "java.math.BigDecimal": {"ONE": BigDecimal(1, 0), "ZERO": BigDecimal(0, 0), "TEN": BigDecimal(10, 0)},
    "java.util.Locale": {"ENGLISH": None, "US": None, "ROOT": None},
    "java.io.File": {"separator": "/", "separatorChar": Char("/")},
    "clojure.lang.PersistentList": {"EMPTY": EMPTY_LIST},
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


def _new_string(environment: Environment, *values: Value) -> str:
    if not values:
        return ""
    if values[0].__class__ is access.Array:
        if values[0].component == "byte":
            return bytes(one & 255 for one in values[0].items).decode("utf-8", "replace")
        return "".join(one.value for one in values[0].items)
    return _text(environment, values[0])


def _new_number(parse: Callable[[Value], Value]) -> Callable[..., Value]:
    return lambda _, value: parse(value) if isinstance(value, str) else value


_CONSTRUCTORS: dict[str, Callable[..., Value]] = {
    "java.lang.String": _new_string,
    "java.lang.Object": lambda _: HostObject(),
    "java.lang.StringBuilder": lambda env, value="": StringBuilder(
        env, "" if value.__class__ is int else value
    ),
    "java.lang.StringBuffer": lambda env, value="": StringBuilder(
        env, "" if value.__class__ is int else value
    ),
    "java.io.StringWriter": lambda env: StringWriter(env),
    "java.io.StringReader": lambda _, text: TextReader(text),
    "java.io.PushbackReader": lambda _, reader, *__: reader,
    "java.io.BufferedReader": lambda _, reader: reader,
    "clojure.lang.LineNumberingPushbackReader": lambda _, reader: reader,
    "java.lang.Long": _new_number(_parse_long),
    "java.lang.Integer": _new_number(_parse_long),
    "java.lang.Double": _new_number(_parse_double),
    "java.lang.Boolean": lambda _, x: boolean((isinstance(x, str) and x.lower() == "true") or x is TRUE),
    "java.math.BigDecimal": _new_number(BigDecimal.parse),
    "java.math.BigInteger": lambda _, text, radix=10: BigInt(int(text, radix)),
    "java.util.Date": lambda _, ms=None: Instant(time.time_ns() // 1_000_000 if ms is None else ms),
    "java.util.UUID": lambda _, high, low: Identifier((high & (1 << 64) - 1) << 64 | low & (1 << 64) - 1),
    "java.net.URI": lambda _, text: Location(text),
    "clojure.lang.MapEntry": lambda _, key, value: MapEntry(key, value),
    "java.util.ArrayList": lambda _, items=None: HostList(list(access.iterate(items)) if items != 0 else []),
    "clojure.lang.ExceptionInfo": lambda _, message, data, cause=None: Throwable(
        CLASSES["clojure.lang.ExceptionInfo"], message, cause, data
    ),
    "clojure.lang.ArityException": lambda _, count, name: Throwable(
        CLASSES["clojure.lang.ArityException"], f"Wrong number of args ({count}) passed to: {name}"
    ),
}


class HostObject:
    """A java.lang.Object."""

    __slots__ = ()


class HostList:
    """A java.util.ArrayList."""

    __slots__ = ("items",)

    def __init__(self, items: list[Value]) -> None:
        self.items = items

    def guest_add(self, value: Value) -> Value:
        """Add an element."""
        self.items.append(value)
        return TRUE

    def guest_toArray(self) -> Value:  # noqa: N802  # Java's name
        """The elements as an array."""
        return access.Array("object", list(self.items))

    def guest_clear(self) -> None:
        """Remove every element."""
        self.items.clear()

    def count(self) -> int:
        """How many elements there are."""
        return len(self.items)

    def seq(self) -> Value:
        """A sequence of the elements as they are now."""
        return Vector(list(self.items)).seq()

    def nth(self, index: int) -> Value:
        """The element at `index`."""
        if 0 <= index < len(self.items):
            return self.items[index]
        raise index_fault()

    def __iter__(self) -> Any:
        return iter(self.items)


def construct(environment: Environment, java_class: JavaClass, arguments: tuple[Value, ...]) -> Value:
    """`(new Class arguments)`.

    Raises:
        IllegalArgumentException: the class has no such constructor.
    """
    if java_class.host is not None:
        return java_class.host(*arguments)
    made = _CONSTRUCTORS.get(java_class.name)
    if made is not None:
        return made(environment, *arguments)
    if java_class.is_a(CLASSES["java.lang.Throwable"]):
        return _new_throwable(environment, java_class, arguments)
    raise argument_fault(f"No matching ctor found for class {java_class.name}")


def _new_throwable(
    environment: Environment, java_class: JavaClass, arguments: tuple[Value, ...]
) -> Throwable:
    message: str | None = None
    cause = None
    for index, argument in enumerate(arguments):
        if isinstance(argument, Throwable):
            cause = argument
            if index == 0:
                message = argument.to_string()
        elif argument is not None:
            if not isinstance(argument, str) and java_class.name != "java.lang.AssertionError":
                raise argument_fault(f"No matching ctor found for class {java_class.name}")
            message = _text(environment, argument)
    return Throwable(java_class, message, cause)
