"""Strings, names, regular expressions, printing and reading: what needs the environment's printer and keywords."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.interface import chunk, iterate
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, EMPTY_SET
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.forms import Forms
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, throwable
from lockstep.reference.clojure.runtime.java.streams import (
    OutputWriter,
    StringBuilder,
    StringWriter,
    TextReader,
)
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.loading import file_bindings
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.printing.printer import munged
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Match, Matcher, Pattern
from lockstep.reference.clojure.runtime.state.multimethods import MultiFunction
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault, class_cast_fault
from lockstep.reference.clojure.runtime.values.literals import Identifier, ReaderConditional, TaggedLiteral
from lockstep.reference.clojure.runtime.values.names import Char, Keyword, Symbol, boolean, split_name
from lockstep.reference.clojure.syntax.reader import END, Reader, ReaderError

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


def groups(pattern: Pattern, match: Match) -> Value:
    """`re-groups`: the match, or a vector of it and its groups."""
    if not pattern.program.count:
        return match.group()
    return Vector(list(pattern.groups(match)))


def char_sequence(value: Value) -> str:
    """The text of a CharSequence.

    Raises:
        NullPointerException, ClassCastException: it is none.
    """
    if value.__class__ is str:
        return str(value)
    if value.__class__ is StringBuilder:
        return str(value.to_string())
    raise class_cast_fault(value, "java.lang.CharSequence")


def _pattern(value: Value) -> Pattern:
    if value.__class__ is not Pattern:
        raise class_cast_fault(value, "java.util.regex.Pattern")
    return value


def _string(value: Value) -> str:
    if value.__class__ is not str:
        raise class_cast_fault(value, "java.lang.CharSequence")
    return str(value)


def _re_find(pattern: Value, text: Value = MISSING) -> Value:
    if text is MISSING:
        matcher = _matcher(pattern)
        return groups(matcher.pattern, matcher.found()) if matcher.find() else None
    regex = _pattern(pattern)
    match = regex.search(char_sequence(text))
    return None if match is None else groups(regex, match)


def _matcher(value: Value) -> Matcher:
    if value.__class__ is not Matcher:
        raise class_cast_fault(value, "java.util.regex.Matcher")
    return value


def _re_matches(pattern: Value, text: Value) -> Value:
    regex = _pattern(pattern)
    match = regex.full_match(char_sequence(text))
    return None if match is None else groups(regex, match)


def _re_seq(pattern: Value, text: Value) -> Value:
    regex = _pattern(pattern)
    return chunk([groups(regex, match) for match in regex.matches(char_sequence(text))])


def _re_groups(matcher: Value) -> Value:
    found = _matcher(matcher)
    return groups(found.pattern, found.found())


def _subs(source: Value, start: Value, end: Value = MISSING) -> str:
    text = _string(source)
    end = len(text) if end is MISSING else end
    if start.__class__ is not int or end.__class__ is not int:
        raise class_cast_fault(start if start.__class__ is not int else end, "java.lang.Number")
    if not 0 <= start <= end <= len(text):
        raise Fault("StringIndexOutOfBoundsException", f"begin {start}, end {end}, length {len(text)}")
    return text[start:end]


def _name(x: Value) -> str:
    if x.__class__ is str:
        return str(x)
    if isinstance(x, (Keyword, Symbol)):
        return x.name
    raise class_cast_fault(x, "clojure.lang.Named")


def _namespace(x: Value) -> Value:
    if isinstance(x, (Keyword, Symbol)):
        return x.namespace
    raise class_cast_fault(x, "clojure.lang.Named")


def _symbol(a: Value, b: Value = MISSING) -> Symbol:
    if b is MISSING:
        if a.__class__ is Symbol:
            return a
        if a.__class__ is str:
            return Symbol(*split_name(a))
        if a.__class__ is Keyword:
            return Symbol(a.namespace, a.name)
        if a.__class__ is Var:
            return a.symbol()
        raise argument_fault("no conversion to symbol")
    if a is not None and a.__class__ is not str:
        raise class_cast_fault(a, "java.lang.String")
    if b.__class__ is not str:
        raise class_cast_fault(b, "java.lang.String")
    return Symbol(a, b)


def _parse_uuid(text: Value) -> Value:
    if text.__class__ is not str:
        raise class_cast_fault(text, "java.lang.String")
    try:
        return Identifier.parse(text)
    except ValueError:
        return None


CORE.define_all(
    {
        "re-pattern": lambda s: s if s.__class__ is Pattern else Pattern(_string(s)),
        "re-matcher": lambda p, s: Matcher(_pattern(p), char_sequence(s)),
        "re-find": _re_find,
        "re-matches": _re_matches,
        "re-seq": _re_seq,
        "re-groups": _re_groups,
        "subs": _subs,
        "name": _name,
        "namespace": _namespace,
        "symbol": _symbol,
        "parse-uuid": _parse_uuid,
        "tagged-literal": lambda tag, form: TaggedLiteral(tag, form),
        "tagged-literal?": lambda x: boolean(isinstance(x, TaggedLiteral)),
        "reader-conditional": lambda form, splicing: ReaderConditional(form, splicing),
        "reader-conditional?": lambda x: boolean(isinstance(x, ReaderConditional)),
        "munge": lambda s: _munge(s),
    }
)


def _munge(value: Value) -> Value:
    text = munged(value.text if isinstance(value, (Symbol, Keyword)) else _string(value))
    return Symbol(None, text) if value.__class__ is Symbol else text


def _reader(value: Value) -> TextReader:
    if not isinstance(value, TextReader):
        raise class_cast_fault(value, "java.io.PushbackReader")
    return value


def _write(writer: Value, text: str) -> None:
    """Write to any java.io.Writer."""
    own = getattr(writer, "java_methods", {}).get("write")
    if own is not None:
        own(writer, text)
    elif hasattr(writer, "write"):
        writer.write(text)
    else:
        raise class_cast_fault(writer, "java.io.Writer")


_NOT_EMPTY = re.compile(r"[^,\s]")


class TextFunctions:
    """The functions of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def string(self, *values: Value) -> str:
        """`str`."""
        if len(values) == 1:
            return str_of(self.environment, values[0])
        printer = self.environment.printer
        return "".join(value if value.__class__ is str else printer.string(value) for value in values)

    def keyword(self, a: Value, b: Value = MISSING) -> Value:
        """`keyword`."""
        intern = self.environment.interner.keyword
        if b is MISSING:
            if a.__class__ is Keyword or a is None:
                return a
            if a.__class__ is Symbol:
                return intern(a.namespace, a.name)
            if a.__class__ is str:
                return intern(*split_name(a))
            return None
        if a is not None and a.__class__ is not str:
            raise class_cast_fault(a, "java.lang.String")
        if b.__class__ is not str:
            raise class_cast_fault(b, "java.lang.String")
        return intern(a, b)

    def find_keyword(self, a: Value, b: Value = MISSING) -> Value:
        """`find-keyword`."""
        if b is not MISSING:
            return self.environment.interner.find(None if a is None else _string(a), _string(b))
        if a.__class__ is str:
            return self.environment.interner.find(*split_name(a))
        return (
            self.environment.interner.find(a.namespace, a.name) if isinstance(a, (Keyword, Symbol)) else None
        )

    def out(self) -> Any:
        """The writer in *out*."""
        return self.environment.cells["clojure.core/*out*"]

    def write(self, values: tuple[Value, ...], end: str, *, readably: bool) -> None:
        """Print values to *out*, with a space between them."""
        _write(self.out(), self.joined(values, readably=readably) + end)

    def joined(self, values: tuple[Value, ...], *, readably: bool) -> str:
        """The printed forms of values, with a space between them."""
        parts: list[str] = []
        printer = self.environment.printer
        for index, value in enumerate(values):
            if index:
                parts.append(" ")
            printer.print(value, parts.append, readably=readably)
        return "".join(parts)

    def readably(self) -> bool:
        """The value of *print-readably*."""
        return bool(self.environment.value("*print-readably*"))

    def print_to(self, value: Value, writer: Value) -> None:
        """What `print-method` does by default."""
        parts: list[str] = []
        self.environment.printer.standard(value, parts.append, readably=self.readably())
        _write(writer, "".join(parts))

    def print_simple(self, value: Value, writer: Value) -> None:
        """`print-simple`: the text of `str`."""
        _write(writer, str_of(self.environment, value))

    def install_methods(
        self, name: str, multimethod: MultiFunction, classes: Value, preferences: Value
    ) -> None:
        """Give `print-method` or `print-dup` what it knows of the classes of clojure.core."""

        def standard(value: Value, writer: Value) -> None:
            parts: list[str] = []
            printer = self.environment.printer
            if name == "print-dup":
                printer.duplicable(value, parts.append)
            else:
                printer.standard(value, parts.append, readably=self.readably())
            _write(writer, "".join(parts))

        standard.__dict__["standard"] = True
        for one in iterate(classes):
            multimethod.add(one, standard)
        for pair in iterate(preferences):
            chosen, other = iterate(pair)
            known = multimethod.preferences.lookup(chosen, EMPTY_SET)
            multimethod.preferences = multimethod.preferences.assoc_key(chosen, access.conj(known, other))
        self.environment.standard_methods[name] = multimethod.methods

    def reader(self, text: str, **options: Any) -> Reader:
        """A reader over a text in this environment."""
        environment = self.environment
        return Reader(text, "NO_SOURCE_FILE", Forms(environment), environment.features, **options)

    def read_string(self, a: Value, b: Value = MISSING) -> Value:
        """`read-string`."""
        options, text = (None, a) if b is MISSING else (a, b)
        if text is None and b is MISSING:
            raise class_cast_fault(None, "java.lang.String")
        return self.read_from(TextReader(_string(text)), options)

    def read(self, *arguments: Value) -> Value:
        """`read`."""
        if arguments and not isinstance(arguments[0], TextReader) and len(arguments) == 2:
            return self.read_from(_reader(arguments[1]), arguments[0])
        stream = _reader(arguments[0] if arguments else self.environment.value("*in*"))
        eof: Value = MISSING
        if len(arguments) > 1 and (arguments[1] is None or not bool(arguments[1])):
            eof = arguments[2] if len(arguments) > 2 else None
        return self.read_from(stream, None, eof)

    def read_from(self, stream: TextReader, options: Value, eof: Value = MISSING) -> Value:
        """The next form of a stream."""
        keyword = self.environment.keyword
        conditionals = ""
        features = self.environment.features
        if options is not None:
            mode = access.get(options, keyword("read-cond"))
            conditionals = mode.name if isinstance(mode, Keyword) else ""
            chosen = access.get(options, keyword("features"))
            if chosen is not None:
                features = (*features, *[_name(one) for one in iterate(chosen)])
            found = access.get(options, keyword("eof"), MISSING)
            if found is not MISSING and found is not keyword("eofthrow"):
                eof = found
        reader = Reader(
            stream.content[stream.position :],
            "NO_SOURCE_FILE",
            Forms(self.environment, positions=stream.numbered),
            features,
            conditionals=conditionals,
        )
        return self.read_one(reader, stream, eof)

    def read_one(self, reader: Reader, stream: TextReader, eof: Value) -> Value:
        """The next form of a reader over the rest of a stream."""
        try:
            form = reader.read()
        except ReaderError as error:
            raise throwable(error.java_class, error.java_message) from None
        finally:
            stream.position += reader.position
        if form is END:
            if eof is MISSING:
                raise throwable("RuntimeException", "EOF while reading")
            return eof
        return form

    def edn_read(self, options: Value, stream: TextReader) -> Value:
        """`clojure.edn/read`."""
        from lockstep.reference.clojure.runtime.edn_forms import EdnForms  # rarely needed
        from lockstep.reference.clojure.syntax.edn_reader import EdnReader

        reader = EdnReader(stream.content[stream.position :], EdnForms(self.environment, options))
        eof = EMPTY_MAP.conj(options).lookup(self.environment.keyword("eof"), MISSING)
        return self.read_one(reader, stream, eof)

    def edn_read_string(self, options: Value, text: Value) -> Value:
        """`clojure.edn/read-string`."""
        if text is None:
            return None
        return self.edn_read(options, TextReader(_string(text)))

    def load_string(self, text: str) -> Value:
        """`load-string`."""
        environment = self.environment
        environment.push_bindings(file_bindings(environment))
        try:
            return environment.evaluator.load(text, "NO_SOURCE_PATH")
        finally:
            environment.pop_bindings()

    def read_line(self) -> Value:
        """`read-line`."""
        stream = self.environment.value("*in*")
        return None if stream is None else _reader(stream).guest_readLine()

    def slurp(self, source: Value, *_: Value) -> str:
        """`slurp`."""
        if isinstance(source, TextReader):
            return source.rest()
        if self.environment.policy is not None or not self.environment.files:
            raise Fault("FileNotFoundException", f"{source} (No such file or directory)")
        with open(str_of(self.environment, source), encoding="utf-8") as stream:  # noqa: PTH123  # a guest's path
            return stream.read()

    def format(self, form: Value, *values: Value) -> str:
        """`format`."""
        from lockstep.reference.clojure.runtime.printing.format import format_text  # rarely needed

        return format_text(_string(form), values, self.environment.printer)


def str_of(environment: Environment, value: Value) -> str:
    """`str` of one value."""
    return value if value.__class__ is str else environment.printer.string(value)


@CORE.installer
def install(environment: Environment) -> dict[str, Value]:
    """The functions of clojure.core that print and read."""
    texts = TextFunctions(environment)
    environment.cells["%StringWriter"] = StringWriter
    environment.cells["clojure.core/*out*"] = OutputWriter(environment)
    environment.cells["clojure.core/*err*"] = OutputWriter(environment)
    environment.cells["clojure.core/*in*"] = TextReader("")

    def newline() -> None:
        _write(texts.out(), "\n")

    return {
        "str": texts.string,
        "keyword": texts.keyword,
        "find-keyword": texts.find_keyword,
        "pr": lambda *values: texts.write(values, "", readably=texts.readably()),
        "prn": lambda *values: texts.write(values, "\n", readably=texts.readably()),
        "print": lambda *values: texts.write(values, "", readably=False),
        "println": lambda *values: texts.write(values, "\n", readably=False),
        "pr-str": lambda *values: texts.joined(values, readably=texts.readably()),
        "prn-str": lambda *values: texts.joined(values, readably=texts.readably()) + "\n",
        "print-str": lambda *values: texts.joined(values, readably=False),
        "println-str": lambda *values: texts.joined(values, readably=False) + "\n",
        "newline": newline,
        "flush": lambda: texts.out().flush(),
        "print-simple": texts.print_simple,
        "read-string": texts.read_string,
        "read": texts.read,
        "read-line": texts.read_line,
        "load-string": texts.load_string,
        "format": texts.format,
        "slurp": texts.slurp,
    }


@KERNEL.installer
def install_kernel(environment: Environment) -> dict[str, Value]:
    """What the libraries need."""
    texts = TextFunctions(environment)
    return {
        "print-to": texts.print_to,
        "install-print-methods": texts.install_methods,
        "edn-read": texts.edn_read,
        "edn-read-string": texts.edn_read_string,
        "string-writer": lambda: StringWriter(environment),
        "text-reader": TextReader,
        "writer-text": lambda writer: writer.text(),
        "throwable-data": lambda error: error.data if isinstance(error, Throwable) else None,
        "char-text": lambda c: c.value if c.__class__ is Char else c,
    }
