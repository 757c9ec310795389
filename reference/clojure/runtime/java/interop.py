"""Methods of the Java classes that portable code uses: tables by host class, no reflection."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import JavaClass, class_of, is_instance
from lockstep.reference.clojure.runtime.java.exceptions import Throwable
from lockstep.reference.clojure.runtime.java.matchers import MATCHER, PATTERN, replace_all
from lockstep.reference.clojure.runtime.java.number_methods import BIG_DECIMAL, BIG_INTEGER, DOUBLE, NUMBER
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Matcher, Pattern
from lockstep.reference.clojure.runtime.values.equality import compare, equiv, java_string_hash
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
)
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant
from lockstep.reference.clojure.runtime.values.names import Char, Keyword, Symbol, boolean
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInt,
    BigInteger,
    Ratio,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Value = Any
Method = Callable[..., Value]


def _text(environment: Environment, value: Value) -> str:
    return str(environment.printer.string(value))


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
    "replaceAll": lambda s, a, b: replace_all(Pattern(a), s, b),
    "replaceFirst": lambda s, a, b: replace_all(Pattern(a), s, b, first=True),
    "split": lambda s, p, limit=0: access.Array("String", list(Pattern(p).split(s, limit))),
    "equalsIgnoreCase": lambda s, x: boolean(s.lower() == x.lower()),
    "compareTo": compare,
    "matches": lambda s, x: boolean(Pattern(x).full_match(s)),
    "getBytes": lambda s, *_: access.Array("byte", [b - 256 if b > 127 else b for b in s.encode()]),
    "toCharArray": lambda s: access.Array("char", [Char(unit) for unit in s]),
    "codePointAt": lambda s, i: ord(s[i]),
    "repeat": lambda s, n: s * n,
    "intern": lambda s: s,
    "hashCode": java_string_hash,
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
    Matcher: MATCHER,
    int: NUMBER,
    float: DOUBLE,
    BigInt: NUMBER,
    Ratio: NUMBER,
    BigInteger: BIG_INTEGER,
    BigDecimal: BIG_DECIMAL,
    Char: {"charValue": lambda c: c, "compareTo": compare},
    Pattern: PATTERN,
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
