"""The printer: `str`, `pr` and `print` of every value (core_print.clj)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.collections.interface import LazySeq, Sequential
from lockstep.reference.clojure.runtime.collections.maps import MapInterface, SetInterface
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_of, is_instance
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, function_name
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Pattern
from lockstep.reference.clojure.runtime.state.vars import Namespace, Var
from lockstep.reference.clojure.runtime.values.equality import clojure_hash
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
    Ratio,
    double_text,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Value = Any

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
        if isinstance(value, Throwable):
            return value.to_string()
        if isinstance(value, JavaClass):
            return ("interface " if value.is_interface else "class ") + value.name
        if isinstance(value, Namespace):
            return value.name
        own = getattr(value, "to_string", None)
        if own is not None:
            return str(own())
        if isinstance(value, LazySeq):
            return f"clojure.lang.LazySeq@{clojure_hash(value) & 0xFFFFFFFF:x}"
        if getattr(value, "is_record", False):
            return self.text(value)
        return self.text(value)

    def text(self, value: Value) -> str:
        """`pr-str` of one value."""
        parts: list[str] = []
        self.print(value, parts.append, readably=True)
        return "".join(parts)

    def print(self, value: Value, write: Callable[[str], Any], *, readably: bool, depth: int = 0) -> None:
        """Write a value; `readably` as `pr` does, else as `print` does."""
        known = _ATOMS.get(value.__class__)
        if known is not None:
            write(known(value, readably))
            return
        method = self.method_for(value)
        if method is not None:
            method(value, write)
            return
        self.plain(value, write, readably=readably, depth=depth)

    def method_for(self, value: Value) -> Callable[[Value, Callable[[str], Any]], None] | None:
        """What a `print-method` of the guest's own does with a value."""
        multimethod = self.environment.value("print-method")
        if multimethod is None or not multimethod.methods.count():
            return None
        metadata = getattr(value, "metadata", None)
        kind = class_of(value)
        chosen = None
        if metadata is not None and isinstance(metadata, MapInterface):
            chosen = metadata.lookup(self.environment.keyword("type"))
        method = multimethod.find(chosen if isinstance(chosen, Keyword) else kind)
        if method is None:
            return None
        writer_class = self.environment.cells["%StringWriter"]

        def call(subject: Value, write: Callable[[str], Any]) -> None:
            writer = writer_class(self.environment)
            method(subject, writer)
            write(writer.text())

        return call

    def plain(self, value: Value, write: Callable[[str], Any], *, readably: bool, depth: int = 0) -> None:
        """Write a value as the runtime does it."""
        environment = self.environment
        if readably and truthy(environment.value("*print-meta*")):
            metadata = getattr(value, "metadata", None)
            if metadata is not None and isinstance(metadata, MapInterface) and metadata.count():
                write("^")
                self.print(metadata, write, readably=readably, depth=depth)
                write(" ")
        level = environment.value("*print-level*")
        if (
            level is not None
            and depth >= level
            and isinstance(value, (Sequential, MapInterface, SetInterface))
        ):
            write("#")
            return
        if isinstance(value, Vector):
            self._items(value, "[", "]", write, readably, depth)
        elif isinstance(value, MapInterface):
            self._map(value, write, readably, depth)
        elif isinstance(value, SetInterface):
            self._items(value, "#{", "}", write, readably, depth)
        elif isinstance(value, Sequential) or is_instance(CLASSES["clojure.lang.ISeq"], value):
            self._items(value, "(", ")", write, readably, depth)
        elif isinstance(value, Symbol):
            write(value.text)
        else:
            write(self._other(value, readably))

    def _items(
        self, values: Any, start: str, end: str, write: Callable[[str], Any], readably: bool, depth: int
    ) -> None:
        write(start)
        limit = self.environment.value("*print-length*")
        separator = ""
        for count, value in enumerate(values):
            write(separator)
            if limit is not None and count >= limit:
                write("...")
                break
            self.print(value, write, readably=readably, depth=depth + 1)
            separator = " "
        write(end)

    def _map(self, value: MapInterface, write: Callable[[str], Any], readably: bool, depth: int) -> None:
        namespace = None
        if getattr(value, "is_record", False):
            write("#" + value.java_class.name)  # type: ignore[attr-defined]
        elif truthy(self.environment.value("*print-namespace-maps*")) and value.count():
            namespace = _common_namespace(value)
            if namespace is not None:
                write(f"#:{namespace}")
        write("{")
        limit = self.environment.value("*print-length*")
        separator = ""
        for count, entry in enumerate(value.entries()):
            write(separator)
            if limit is not None and count >= limit:
                write("...")
                break
            key, item = entry.array()
            if namespace is not None:
                key = Symbol(None, ":" + key.name) if isinstance(key, Keyword) else Symbol(None, key.name)
            self.print(key, write, readably=readably, depth=depth + 1)
            write(" ")
            self.print(item, write, readably=readably, depth=depth + 1)
            separator = ", "
        write("}")

    def _object(self, value: Value, name: str, shown: str | None = None) -> str:
        number = f"0x{self.environment.identity(value):x}"
        return f'#object[{name} {number} "{shown if shown is not None else name + "@" + number[2:]}"]'

    def _other(self, value: Value, readably: bool) -> str:
        if isinstance(value, Namespace):
            return self._object(value, "clojure.lang.Namespace", value.name)
        if isinstance(value, Throwable):
            return self._throwable(value)
        if isinstance(value, TaggedLiteral):
            return f"#{value.tag.text} {self.text(value.form)}"
        if isinstance(value, ReaderConditional):
            return f"#?{'@' if truthy(value.splicing) else ''}{self.text(value.form)}"
        if isinstance(value, Location):
            return self._object(value, "java.net.URI", value.text)
        own = getattr(value, "to_string", None)
        kind = class_of(value)
        name = kind.name if kind is not None else "nil"
        if callable(value) and name == "clojure.lang.AFunction":
            shown = function_name(getattr(value, "__qualname__", "fn"))
            munged = shown.replace("/", "$").replace("-", "_").replace("?", "_QMARK_").replace("!", "_BANG_")
            return self._object(value, munged)
        if hasattr(value, "deref"):
            return self._reference(value, name, readably)
        if own is not None and not isinstance(value, Array):
            return self._object(value, name, own())
        return self._object(value, name)

    def _reference(self, value: Value, name: str, readably: bool) -> str:
        realized = getattr(value, "realized", None)
        ready = realized is None or realized()
        status = ":ready" if ready else ":pending"
        parts: list[str] = []
        if ready:
            try:
                self.print(value.deref(), parts.append, readably=readably)
            except Exception:  # a failed reference prints all the same
                parts = ["nil"]
                status = ":failed"
        else:
            parts = ["nil"]
        number = f"0x{self.environment.identity(value):x}"
        return f"#object[{name} {number} {{:status {status}, :val {''.join(parts)}}}]"

    def _throwable(self, value: Throwable) -> str:
        lines = ["#error {", f" :cause {self.text(_root(value).message)}"]
        if _root(value).data is not None:
            lines.append(f" :data {self.text(_root(value).data)}")
        lines.append(" :via")
        chain: list[str] = []
        current: Value = value
        while current is not None:
            entry = f"{{:type {current.java_class.name}\n   :message {self.text(current.message)}"
            if current.data is not None:
                entry += f"\n   :data {self.text(current.data)}"
            chain.append(entry + "}")
            current = current.cause
        lines.append(" [" + "\n  ".join(chain) + "]")
        lines.append(" :trace\n []}")
        return "\n".join(lines)


def _root(value: Throwable) -> Throwable:
    while value.cause is not None:
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


_PATTERN_PART = re.compile(r'\\Q.*?(?:\\E|\Z)|\\.|"', re.DOTALL)


def _pattern(text: str) -> str:
    """A pattern as a literal: quotes that are not escaped yet are (core_print.clj)."""

    def one(match: re.Match[str]) -> str:
        part = match.group()
        if part == '"':
            return '\\"'
        return part.replace('"', '\\E\\"\\Q') if part.startswith("\\Q") else part

    return f'#"{_PATTERN_PART.sub(one, text)}"'


def _double(value: float, _: bool) -> str:
    if math.isnan(value):
        return "##NaN"
    if math.isinf(value):
        return "##Inf" if value > 0 else "##-Inf"
    return double_text(value)


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
