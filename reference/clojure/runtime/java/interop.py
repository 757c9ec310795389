"""Methods of the Java classes that portable code uses: tables by host class, no reflection."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from typing import TYPE_CHECKING, Callable, cast
from urllib.parse import urlsplit

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.java.base_methods import COLLECTION, base_method
from lockstep.reference.clojure.runtime.java.classes import JavaClass, class_of, is_instance
from lockstep.reference.clojure.runtime.java.collections import HostList
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, refuses_call
from lockstep.reference.clojure.runtime.java.matchers import MATCHER, PATTERN, replace_all
from lockstep.reference.clojure.runtime.java.number_methods import BIG_DECIMAL, BIG_INTEGER, DOUBLE, NUMBER
from lockstep.reference.clojure.runtime.java.objects import java_equals, java_hash
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Matcher, Pattern
from lockstep.reference.clojure.runtime.state.types import Record, TypeInstance
from lockstep.reference.clojure.runtime.state.vars import Namespace, Unbound, Var, is_private
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import (
    clojure_hash,
    compare,
    compare_result,
    java_string_hash,
)
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
)
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, Location
from lockstep.reference.clojure.runtime.values.names import TRUE, Char, Keyword, Symbol, boolean, truthy
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInt,
    BigInteger,
    Ratio,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Method = Callable[..., Value]


def _text(environment: Environment, value: Value) -> str:
    return str(environment.printer.string(value))


def _char_at(text: str, index: int) -> Char:
    if 0 <= index < len(text):
        return Char(text[index])
    raise Fault("StringIndexOutOfBoundsException", f"String index out of range: {index}")


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
    "lastIndexOf": lambda s, x, end=None: s.rfind(
        _needle(x), 0, None if end is None else end + len(_needle(x))
    ),
    "startsWith": lambda s, x, start=0: boolean(s.startswith(x, start)),
    "endsWith": lambda s, x: boolean(s.endswith(x)),
    "contains": lambda s, x: boolean(x in s),
    "isEmpty": lambda s: boolean(not s),
    "isBlank": lambda s: boolean(not s.strip()),
    "concat": lambda s, x: s + x,
    "replace": lambda s, a, b: s.replace(_needle(a), _needle(b)),
    "replaceAll": lambda s, a, b: replace_all(Pattern(a), s, b),
    "replaceFirst": lambda s, a, b: replace_all(Pattern(a), s, b, first=True),
    "split": lambda s, p, limit=0: access.Array("String", list(Pattern(p).split(s, limit))),
    "compareToIgnoreCase": lambda s, x: compare(s.lower(), x.lower()),
    "chars": lambda s: HostList([ord(unit) for unit in s]),
    "codePoints": lambda s: HostList([ord(unit) for unit in s]),
    "stripLeading": lambda s: s.lstrip(),
    "stripTrailing": lambda s: s.rstrip(),
    "lines": lambda s: HostList(list(s.splitlines())),
    "regionMatches": lambda s, start, other, at, n: boolean(s[start : start + n] == other[at : at + n]),
    "contentEquals": lambda s, x: boolean(s == (x if x.__class__ is str else x.to_string())),
    "equalsIgnoreCase": lambda s, x: boolean(s.lower() == x.lower()),
    "compareTo": compare,
    "matches": lambda s, x: boolean(Pattern(x).full_match(s)),
    "getBytes": lambda s, *_: access.Array("byte", [b - 256 if b > 127 else b for b in s.encode()]),
    "toCharArray": lambda s: access.Array("char", [Char(unit) for unit in s]),
    "codePointAt": lambda s, i: ord(s[i]),
    "repeat": lambda s, n: s * n,
    "intern": lambda s: s,
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


_VAR: dict[str, Method] = {
    "sym": lambda v: Symbol(None, v.name),
    "toSymbol": lambda v: v.symbol(),
    "ns": lambda v: v.namespace,
    "get": lambda v: v.deref(),
    "deref": lambda v: v.deref(),
    "getRawRoot": lambda v: v.root(),
    "hasRoot": lambda v: boolean(v.has_root()),
    "isBound": lambda v: boolean(v.deref().__class__ is not Unbound),
    "isDynamic": lambda v: boolean(v.dynamic),
    "isMacro": lambda v: boolean(v.macro),
    "isPublic": lambda v: boolean(not is_private(v)),
    "setDynamic": lambda v, *on: _set_dynamic(v, *on),
    "setMacro": lambda v: setattr(v, "macro", True),
    "bindRoot": lambda v, x: v.bind_root(x),
    "meta": lambda v: v.metadata,
    "set": lambda v, x: v.set(x),
    "fn": lambda v: v.deref(),
}


def _set_dynamic(var: Var, on: Value = TRUE) -> Var:
    var.dynamic = truthy(on)
    return var


_NAMESPACE: dict[str, Method] = {
    "name": lambda n: Symbol(None, n.name),
    "getName": lambda n: Symbol(None, n.name),
    "findInternedVar": lambda n, symbol: n.own(symbol.name),
    "intern": lambda n, symbol: n.intern(symbol.name),
}


def _uri_part(name: str) -> Method:
    def call(uri: Location) -> Value:
        found = getattr(urlsplit(uri.text), name)
        return found if found not in ("", None) else None

    return call


_URI: dict[str, Method] = {
    "getHost": _uri_part("hostname"),
    "getScheme": _uri_part("scheme"),
    "getQuery": _uri_part("query"),
    "getFragment": _uri_part("fragment"),
    "getAuthority": _uri_part("netloc"),
    "getPath": lambda uri: urlsplit(uri.text).path,
    "getPort": lambda uri: urlsplit(uri.text).port or -1,
    "isAbsolute": lambda uri: boolean(urlsplit(uri.text).scheme != ""),
}

_METHODS: dict[type, dict[str, Method]] = {
    str: _STRING,
    Throwable: _THROWABLE,
    JavaClass: _CLASS,
    Keyword: _NAMED,
    Symbol: _NAMED,
    Var: _VAR,
    Namespace: _NAMESPACE,
    Location: _URI,
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
        for spelling in (name, name.replace("-", "_"), name.replace("_", "-")):
            if spelling in own:
                if 1 + len(arguments) not in cast("TypeInstance", target).method_arities[spelling]:
                    raise _no_member(target, name, arguments, field)
                return own[spelling](target, *arguments)
        if not arguments:
            values = getattr(target, "__dict__", {})
            for spelling in (name, name.replace("_", "-")):
                if "." + spelling in values and spelling not in getattr(target, "mutable_fields", ()):
                    return values["." + spelling]
            if isinstance(target, Record) and name in target.type_fields:
                return target.table[target.field_keys[target.type_fields.index(name)]]
    try:
        return _standard(environment, target, name, arguments, field=field)
    except TypeError as error:
        trace = error.__traceback__
        assert trace is not None
        error.__traceback__ = trace.tb_next
        if refuses_call(error):
            raise _no_member(target, name, arguments, field) from None
        raise


def _standard(
    environment: Environment, target: Value, name: str, arguments: tuple[Value, ...], *, field: bool = False
) -> Value:
    """A method that the type of the guest does not define itself."""
    table = _METHODS.get(target.__class__)
    method = table.get(name) if table is not None else None
    if method is not None:
        return method(target, *arguments)
    based = base_method(target, name)
    if based is not None:
        return based(environment, target, *arguments)
    host = getattr(target, "guest_" + name, None)
    if host is not None:
        return host(*arguments)
    common = _OBJECT.get(name)
    if common is not None:
        return common(environment, target, *arguments)
    collection = COLLECTION.get(name) if not isinstance(target, (int, float, str)) else None
    if collection is not None and hasattr(target, collection[0]):
        return collection[1](target, *arguments)
    if callable(target) and name == "compare":
        return compare_result(target(*arguments), target, *arguments)
    if callable(target) and name in _CALLS:
        return target(*(interface.iterate(arguments[0]) if name == "applyTo" else arguments))
    raise _no_member(target, name, arguments, field)


# Methods of the interfaces that a function implements, or that Java takes a lambda for.
_CALLS = frozenset(
    {
        "invoke",
        "call",
        "run",
        "applyTo",
        "apply",
        "accept",
        "test",
        "get",
        "compare",
        "applyAsLong",
        "applyAsInt",
    }
)


def super_method(environment: Environment, target: Value, name: str, arguments: tuple[Value, ...]) -> Value:
    """`proxy-super`: the method as the superclass has it."""
    return _standard(environment, target, name, arguments)


def _no_member(target: Value, name: str, arguments: tuple[Value, ...], field: bool) -> Fault:
    kind = class_of(target)
    shown = "null" if kind is None else kind.name
    if field or not arguments:
        return argument_fault(f"No matching field found: {name} for class {shown}")
    return argument_fault(f"No matching method {name} found taking {len(arguments)} args for class {shown}")


_OBJECT: dict[str, Callable[..., Value]] = {
    "toString": _text,
    "getClass": lambda _, x: class_of(x),
    "equals": lambda _, x, y: boolean(java_equals(x, y)),
    "hashCode": lambda _, x: java_hash(x),
    "hasheq": lambda _, x: clojure_hash(x),
    "compareTo": lambda _, x, y: compare(x, y),
    "notify": lambda *_: None,
    "notifyAll": lambda *_: None,
}
