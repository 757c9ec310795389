"""The printer: `str`, `pr` and `print` of every value (core_print.clj)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Callable, cast

from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.collections.interface import LazySeq, Sequential, iterate, seq
from lockstep.reference.clojure.runtime.collections.maps import MapInterface, SetInterface
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_of
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, function_name
from lockstep.reference.clojure.runtime.java.objects import java_hash
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Matcher, Pattern
from lockstep.reference.clojure.runtime.state.multimethods import MultiFunction
from lockstep.reference.clojure.runtime.state.types import Record
from lockstep.reference.clojure.runtime.state.vars import Namespace, Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.interfaces import IDeref, Tried
from lockstep.reference.clojure.runtime.values.literals import (
    Identifier,
    Instant,
    Location,
    ReaderConditional,
    TaggedLiteral,
)
from lockstep.reference.clojure.runtime.values.names import FALSE, Boolean, Char, Keyword, Symbol, truthy
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInt,
    BigInteger,
    Number,
    Ratio,
    double_text,
    require_number,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


CHARACTER_NAMES = {
    "\n": "newline",
    " ": "space",
    "\t": "tab",
    "\b": "backspace",
    "\f": "formfeed",
    "\r": "return",
}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\b": "\\b"}
_TRANSLATION = str.maketrans(_ESCAPES)


_MUNGED = str.maketrans(
    {
        "-": "_", "?": "_QMARK_", "!": "_BANG_", "*": "_STAR_", "+": "_PLUS_", "=": "_EQ_", ">": "_GT_", "<": "_LT_",
        "/": "_SLASH_", "'": "_SINGLEQUOTE_", "&": "_AMPERSAND_", "%": "_PERCENT_", "#": "_SHARP_",
    }
)  # fmt: skip


def munged(name: str) -> str:
    """A name as Java may have it (Compiler.munge)."""
    return name.translate(_MUNGED)


def quoted(text: str) -> str:
    """A string as `pr` writes it."""
    return '"' + text.translate(_TRANSLATION) + '"'


class Printer:
    """Prints values of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def string(self, value: Value) -> str:
        """`str` of one value."""
        if value is None:
            return ""
        if value.__class__ is str:
            return str(value)
        if value.__class__ is int:
            return int.__repr__(value)
        if value.__class__ is Char:
            return str(value.value)
        if isinstance(value, (Pattern, Location)):
            return value.text
        if isinstance(value, BigInt):
            return str(value.value)
        if isinstance(value, BigDecimal):
            return value.text()
        if isinstance(value, Identifier):
            return str(value)
        if value.__class__ is float:
            return double_text(value)
        if value.__class__ in _TEXTS:
            return _ATOMS[value.__class__](value, False)
        if isinstance(value, Throwable):
            text = value.to_string()
            return text if value.data is None else f"{text} {self.text(value.data)}"
        if isinstance(value, Instant):
            return value.date_text()
        if isinstance(value, JavaClass):
            return ("interface " if value.is_interface else "class ") + value.name
        if isinstance(value, Namespace):
            return value.name
        own = getattr(value, "to_string", None)
        if own is not None:
            return str(own())
        if isinstance(value, LazySeq):
            return f"clojure.lang.LazySeq@{java_hash(value) & 0xFFFFFFFF:x}"
        if hasattr(value, "java_methods") and (kind := class_of(value)) is not None:
            return f"{kind.name}@{java_hash(value) & 0xFFFFFFFF:x}"
        java_text = self._java_collection(value)
        if java_text is not None:
            return java_text
        if callable(value) and class_of(value) is CLASSES["clojure.lang.AFunction"]:
            return f"{self._function_class(value)}@{self.environment.identity(value):x}"
        return self.text(value)

    def _java_collection(self, value: Value) -> str | None:
        """`toString` of java.util's collections."""
        if getattr(value, "java_class", None) is None:
            return None
        from lockstep.reference.clojure.runtime.java.collections import (  # rarely needed
            HostMap,
            JavaCollection,
        )

        def shown(item: Value) -> str:
            return "null" if item is None else self.string(item)

        if isinstance(value, HostMap):
            return "{" + ", ".join(f"{shown(key)}={shown(item)}" for key, item in value.pairs()) + "}"
        if isinstance(value, JavaCollection):
            return "[" + ", ".join(shown(item) for item in value.elements()) + "]"
        return None

    def _function_class(self, value: Value) -> str:
        """The name of the class that the JVM makes for a function."""
        shown = function_name(getattr(value, "__qualname__", "fn"))
        namespace, _, name = shown.rpartition("/")
        if name.startswith("fn--"):
            name = f"eval{name[4:]}$fn__{name[4:]}"
        return f"{munged(namespace)}${munged(name)}" if namespace else munged(name)

    def text(self, value: Value) -> str:
        """`pr-str` of one value."""
        parts: list[str] = []
        self.print(value, parts.append, readably=True)
        return "".join(parts)

    def print(self, value: Value, write: Callable[[str], object], *, readably: bool, depth: int = 0) -> None:
        """Write a value; `readably` as `pr` does, else as `print` does."""
        if truthy(self.environment.value("*print-dup*")):
            self.duplicable(value, write, depth)
            return
        if self.own_methods("print-method"):
            method = self.method_for("print-method", value)
            if method is not None:
                method(value, write)
                return
        known = _ATOMS.get(value.__class__)
        if known is not None:
            write(known(value, readably))
            return
        self.plain(value, write, readably=readably, depth=depth)

    def standard(self, value: Value, write: Callable[[str], object], *, readably: bool) -> None:
        """Write a value as clojure.core's own methods do; what it holds is printed by the guest's."""
        known = _ATOMS.get(value.__class__)
        if known is not None:
            write(known(value, readably))
        else:
            self.plain(value, write, readably=readably)

    def own_methods(self, name: str) -> bool:
        """Whether the guest gave `print-method` or `print-dup` methods of its own."""
        multimethod = self.environment.value(name)
        return isinstance(
            multimethod, MultiFunction
        ) and multimethod.methods is not self.environment.standard_methods.get(name)

    def method_for(self, name: str, value: Value) -> Callable[[Value, Callable[[str], object]], None] | None:
        """What a method of the guest's own does with a value; None where the standard one is found."""
        multimethod = self.environment.value(name)
        assert isinstance(multimethod, MultiFunction)  # only such has methods of the guest's own
        metadata = getattr(value, "metadata", None)
        chosen = None
        if name == "print-method" and isinstance(metadata, MapInterface):
            chosen = metadata.lookup(self.environment.keyword("type"))
        method = multimethod.find(chosen if isinstance(chosen, Keyword) else class_of(value))
        if method is None or getattr(method, "__dict__", {}).get("standard"):
            return None

        def call(subject: Value, write: Callable[[str], object]) -> None:
            make: Tried = self.environment.cells["%StringWriter"]
            writer = make(self.environment)
            method(subject, writer)
            write(writer.text())

        return call

    def duplicable(self, value: Value, write: Callable[[str], object], depth: int = 0) -> None:
        """Write a value as `print-dup` does: with what its class cannot be told from."""
        method = self.method_for("print-dup", value) if self.own_methods("print-dup") else None
        if method is not None:
            method(value, write)
            return
        kind = class_of(value)
        if isinstance(value, JavaClass):
            write(f"#={value.name}")
        elif isinstance(value, Var):
            write(f"#=(var {value.key})")
        elif kind is not None and kind.name in _CREATED:
            write(f"#=({kind.name}/create ")
            if isinstance(value, MapInterface):
                self._map(value, write, readably=True, depth=depth)
            else:
                self._items(value, ("[", "]"), write, readably=True, depth=depth)
            write(")")
        elif value.__class__ in _ATOMS:
            write(_ATOMS[value.__class__](value, True))
        else:
            self.plain(value, write, readably=True, depth=depth)

    def plain(self, value: Value, write: Callable[[str], object], *, readably: bool, depth: int = 0) -> None:
        """Write a value as the runtime does it."""
        environment = self.environment
        if readably and truthy(environment.value("*print-meta*")):
            metadata = getattr(value, "metadata", None)
            if metadata is not None and isinstance(metadata, MapInterface) and metadata.count():
                write("^")
                self.print(metadata, write, readably=readably, depth=depth)
                write(" ")
        level = self._limit("*print-level*")
        if (
            level is not None
            and depth >= level
            and isinstance(value, (Sequential, MapInterface, SetInterface))
        ):
            write("#")
            return
        shape = self._shape(value, readably)
        if shape == "map":
            self._map(value, write, readably, depth)
        elif shape is not None:
            self._items(value, shape, write, readably, depth)
        elif isinstance(value, Symbol):
            write(value.text)
        else:
            write(self._other(value, write, readably))

    def _limit(self, name: str) -> Number | None:
        """What a var allows of levels or elements; None for all of them."""
        limit = self.environment.value(name)
        return None if limit is None else require_number(limit)

    def _shape(self, value: Value, readably: bool) -> Any:
        """How a collection is bracketed, "map", or None for what is none (core_print.clj, print-method)."""
        if class_of(value) is CLASSES["clojure.lang.PersistentQueue"]:
            return None
        for host, shape in _SHAPES:
            if isinstance(value, host):
                return shape
        found = getattr(value, "java_class", None)
        if found.__class__ is not JavaClass:
            return None
        for name, shape in _INTERFACE_SHAPES:
            if found.implements(name):
                return shape if readably or name.startswith("clojure.lang.") else None
        return None

    def _items(
        self,
        values: Value,
        brackets: tuple[str, str],
        write: Callable[[str], object],
        readably: bool,
        depth: int,
    ) -> None:
        start, end = brackets
        write(start)
        limit = self._limit("*print-length*")
        separator = ""
        for count, value in enumerate(iterate(seq(values))):
            write(separator)
            if limit is not None and count >= limit:
                write("...")
                break
            self.print(value, write, readably=readably, depth=depth + 1)
            separator = " "
        write(end)

    def _map(self, value: Value, write: Callable[[str], object], readably: bool, depth: int) -> None:
        namespace = None
        if isinstance(value, Record):
            write("#" + value.java_class.name)
        elif truthy(self.environment.value("*print-namespace-maps*")) and isinstance(value, MapInterface):
            namespace = _common_namespace(value)
            if namespace is not None:
                write(f"#:{namespace}")
        write("{")
        limit = self._limit("*print-length*")
        separator = ""
        for count, entry in enumerate(cast("Iterable[MapEntry]", iterate(seq(value)))):
            write(separator)
            if limit is not None and count >= limit:
                write("...")
                break
            key, item = entry.array()
            if namespace is not None and isinstance(key, (Keyword, Symbol)):
                key = Symbol(None, ":" + key.name if isinstance(key, Keyword) else key.name)
            self.print(key, write, readably=readably, depth=depth + 1)
            write(" ")
            self.print(item, write, readably=readably, depth=depth + 1)
            separator = ", "
        write("}")

    def _object(self, value: Value, name: str, shown: str | None = None, *, readably: bool = True) -> str:
        number = f"0x{self.environment.identity(value):x}"
        text = shown if shown is not None else name + "@" + number[2:]
        return f"#object[{name} {number} {quoted(text) if readably else text}]"

    def _other(self, value: Value, write: Callable[[str], object], readably: bool) -> str:
        if isinstance(value, Namespace):
            return self._object(value, "clojure.lang.Namespace", value.name, readably=readably)
        if isinstance(value, Throwable):
            return self._throwable(value)
        if isinstance(value, TaggedLiteral):
            return f"#{value.tag.text} {self.text(value.form)}"
        if isinstance(value, ReaderConditional):
            return f"#?{'@' if truthy(value.splicing) else ''}{self.text(value.form)}"
        if isinstance(value, Location):
            return self._object(value, "java.net.URI", value.text, readably=readably)
        own = getattr(value, "to_string", None)
        kind = class_of(value)
        name = kind.name if kind is not None else "nil"
        if callable(value) and name == "clojure.lang.AFunction":
            return self._object(value, self._function_class(value), readably=readably)
        if hasattr(value, "deref"):
            return self._reference(value, name, write, readably)
        if own is not None and not isinstance(value, Array):
            return self._object(value, name, str(own()), readably=readably)
        shown = self._java_collection(value)
        if isinstance(value, Matcher):
            last = value.match.group() if value.match is not None else ""
            text = value.pattern.text
            shown = f"java.util.regex.Matcher[pattern={text} region=0,{len(value.text)} lastmatch={last}]"
        return self._object(value, name, shown, readably=readably)

    def _reference(self, value: IDeref, name: str, write: Callable[[str], object], readably: bool) -> str:
        """Write it up to its end, which is given back (core_print.clj, deref-as-map: what fails is `deref` alone)."""
        realized = getattr(value, "realized", None)
        status, held = ":pending", None
        if realized is None or realized():
            try:
                status, held = ":ready", value.deref()
            except Exception:  # a failed reference prints all the same
                status = ":failed"
        write(f"#object[{name} 0x{self.environment.identity(value):x} {{:status {status}, :val ")
        self.print(held, write, readably=readably)
        return "}]"

    def _throwable(self, value: Throwable) -> str:
        lines = ["#error {", f" :cause {self.text(_root(value).message)}"]
        if _root(value).data is not None:
            lines.append(f" :data {self.text(_root(value).data)}")
        lines.append(" :via")
        chain: list[str] = []
        current: Value = value
        while isinstance(current, Throwable):
            entry = f"{{:type {current.java_class.name}\n   :message {self.text(current.message)}"
            if current.data is not None:
                entry += f"\n   :data {self.text(current.data)}"
            chain.append(entry + "}")
            current = current.cause
        lines.append(" [" + "\n  ".join(chain) + "]")
        lines.append(" :trace\n []}")
        return "\n".join(lines)


def _root(value: Throwable) -> Throwable:
    while isinstance(value.cause, Throwable):
        value = value.cause
    return value


def _common_namespace(value: MapInterface) -> str | None:
    found: str | None = None
    for entry in value.entries():
        key = entry.key()
        if not isinstance(key, (Keyword, Symbol)) or key.namespace is None:
            return None
        if found is not None and key.namespace != found:
            return None
        found = key.namespace
    return found


def _character(value: Char, readably: bool) -> str:
    if not readably:
        return value.value
    return "\\" + CHARACTER_NAMES.get(value.value, value.value)


def _pattern(text: str) -> str:
    """A pattern as a literal: quotes that are not escaped yet are (core_print.clj)."""
    parts = []
    position = 0
    quoting = False
    while position < len(text):
        unit = text[position]
        if unit == "\\":
            following = text[position + 1 : position + 2]
            parts.append(unit + following)
            quoting = following != "E" if quoting else following == "Q"
            position += 2
            continue
        if unit == '"':
            unit = '\\E\\"\\Q' if quoting else '\\"'
        parts.append(unit)
        position += 1
    return f'#"{"".join(parts)}"'


def _double(value: float, _: bool) -> str:
    if math.isnan(value):
        return "##NaN"
    if math.isinf(value):
        return "##Inf" if value > 0 else "##-Inf"
    return double_text(value)


# Whose `toString` is what is printed.
_TEXTS = frozenset({int, Boolean, Keyword, BigInteger, Ratio, Var})

_ATOMS: dict[type, Callable[[Any, bool], str]] = {
    type(None): lambda _, __: "nil",
    Boolean: lambda value, _: "false" if value is FALSE else "true",
    int: lambda value, _: str(value),
    float: _double,
    str: lambda value, readably: quoted(value) if readably else value,
    Keyword: lambda value, _: ":" + value.text,
    Char: _character,
    BigInt: lambda value, _: f"{value.value}N",
    BigInteger: lambda value, _: str(value.value),
    BigDecimal: lambda value, _: value.text() + "M",
    Ratio: lambda value, _: repr(value),
    Pattern: lambda value, _: _pattern(value.text),
    Instant: lambda value, _: f'#inst "{value.text()}"',
    Identifier: lambda value, _: f'#uuid "{value}"',
    JavaClass: lambda value, _: value.name,
    Var: lambda value, _: repr(value),
}

_SHAPES: tuple[tuple[Any, Any], ...] = (
    (Vector, ("[", "]")),
    (MapInterface, "map"),
    (SetInterface, ("#{", "}")),
    (Sequential, ("(", ")")),
)
# Of a guest's types and Java's collections, in the order in which `prefer-method` has them.
_INTERFACE_SHAPES: tuple[tuple[str, Any], ...] = (
    ("clojure.core.Eduction", ("(", ")")),
    ("clojure.lang.ISeq", ("(", ")")),
    ("clojure.lang.IPersistentVector", ("[", "]")),
    ("clojure.lang.IPersistentMap", "map"),
    ("clojure.lang.IPersistentSet", ("#{", "}")),
    ("java.util.RandomAccess", ("[", "]")),
    ("java.util.List", ("(", ")")),
    ("java.util.Map", "map"),
    ("java.util.Set", ("#{", "}")),
)
_CREATED = frozenset(
    {
        "clojure.lang.PersistentArrayMap",
        "clojure.lang.PersistentHashMap",
        "clojure.lang.PersistentTreeMap",
        "clojure.lang.PersistentTreeSet",
    }
)
