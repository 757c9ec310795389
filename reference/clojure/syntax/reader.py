"""The reader: text to forms with positions, reader conditionals, syntax quote and tagged literals.

It keeps to LispReader.java; forms are made by a `FormBuilder`. Positions of symbols and collections are kept beside
the forms in `positions`, by identity.
"""

# ruff: noqa: S105  # the table at the end names the reader's own methods; a token is no secret
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, Callable

from lockstep.reference.clojure.syntax.forms import Form, FormBuilder
from lockstep.reference.clojure.syntax.lexer import (
    CHARACTER_NAMES,
    ESCAPE,
    FLOAT,
    INTEGER,
    NUMBER_START,
    RATIO,
    STRING_ESCAPES,
    SYMBOL,
    SYMBOLIC_VALUES,
    TOKEN,
)
from lockstep.reference.clojure.syntax.syntax_quote import SyntaxQuote
from lockstep.reference.host.errors import GuestSyntaxError, Location

DEEPEST = 1_500
_SPECIAL = {"nil": None}
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_NAMES = {"(": "list", "[": "vector", "{": "map", "#{": "set"}
END: object = object()
_SKIP: object = object()
_ILLEGAL = "IllegalArgumentException"
_HEXADECIMAL = re.compile("[0-9a-fA-F]*")
_NUMBER = "NumberFormatException"


class ReaderError(GuestSyntaxError):
    """Text that is no form.

    Attributes:
        java_class: of the exception that `read` throws.
        java_message: of the exception that `read` throws.
    """

    def __init__(self, message: str, location: Location, java_class: str, java_message: str) -> None:
        super().__init__(message, location, name="")
        self.java_class = java_class
        self.java_message = java_message


class UnexpectedEndError(ReaderError):
    """The text ended inside a form; more text may complete it."""


class Reader:
    """Reads the forms of one text, one after the other.

    Args:
        text: the source.
        file: the name that locations show.
        forms: makes the forms.
        features: names that reader conditionals answer, in no order.
        conditionals: `allow`, `preserve`, or `` where they are an error.
    """

    dispatch: Dispatch
    placed = True  # whether lists remember their position

    def __init__(
        self,
        text: str,
        file: str,
        forms: FormBuilder,
        features: Iterable[str] = (),
        *,
        conditionals: str = "allow",
    ) -> None:
        self.text = text
        self.file = file
        self.forms = forms
        self.features = frozenset(features)
        self.conditionals = conditionals
        self.position = 0
        self.positions: dict[int, tuple[int, int]] = {}
        self.depth = 0
        self._lines = [0]
        self._lines.extend(index + 1 for index, unit in enumerate(text) if unit == "\n")
        self._pending: list[Form] = []
        self._arguments: dict[int, Form] | None = None
        self._suppressed = False
        self._quote = SyntaxQuote(forms)

    def location(self, offset: int) -> Location:
        """The line and column of an offset."""
        line = bisect_right(self._lines, offset)
        return Location(self.file, line, offset - self._lines[line - 1] + 1)

    def error(
        self, message: str, offset: int, java_class: str = "RuntimeException", java_message: str = ""
    ) -> ReaderError:
        """A syntax error at an offset."""
        return ReaderError(message, self.location(offset), java_class, java_message or message)

    def _unexpected_end(self, what: str, java_what: str = "") -> UnexpectedEndError:
        place = self.location(len(self.text.rstrip()))
        message = f"EOF while reading {java_what}".rstrip()
        return UnexpectedEndError(f"unexpected end of input in {what}", place, "RuntimeException", message)

    def read(self) -> Form:
        """The next form, or `END`.

        Raises:
            GuestSyntaxError: the text is no form.
        """
        while True:
            if self._pending:
                return self._pending.pop(0)
            form = self._read_or_skip("")
            if form is not _SKIP:
                return form

    def _read_or_skip(self, closer: str) -> Form:
        """The next form; `END` at the end of the text or at `closer`, `_SKIP` after what is no form."""
        text = self.text
        while True:
            token = TOKEN.match(text, self.position)
            if token is None:
                return END
            kind = token.lastgroup
            start = self.position
            self.position = token.end()
            if kind in ("space", "comment"):
                continue
            if kind == "close":
                if token.group() == closer:
                    return END
                shown = f"nmatched delimiter: {token.group()}"
                raise self.error("u" + shown, start, java_message="U" + shown)
            return self.dispatch[kind or ""](self, token.group(), start)

    def _required(self, what: str, start: int) -> Form:
        """The form that must follow, as after a quote."""
        while True:
            if self._pending:
                return self._pending.pop(0)
            before = self.position
            form = self._read_or_skip("")
            if form is END:
                raise self._unexpected_end(what) if before >= start else self.error("no form", start)
            if form is not _SKIP:
                return form

    def _delimited(self, opener: str, start: int) -> list[Form]:
        """The forms up to the delimiter that closes `opener`."""
        closer = _CLOSERS[opener[-1]]
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error("forms are nested too deeply", start)
        items: list[Form] = []
        pending, self._pending = self._pending, []
        while True:
            before = self.position
            form = self._read_or_skip(closer)
            if self._pending:
                items.extend(self._pending)
                self._pending.clear()
            if form is END:
                if self.position <= before or self.text[self.position - 1] != closer:
                    raise self._unexpected_end(_NAMES[opener])
                break
            if form is not _SKIP:
                items.append(form)
        self._pending = pending
        self.depth -= 1
        return items

    def _note(self, form: Form, start: int) -> Form:
        line = bisect_right(self._lines, start)
        self.positions[id(form)] = (line, start - self._lines[line - 1] + 1)
        return form

    def _open(self, opener: str, start: int) -> Form:
        items = self._delimited(opener, start)
        if opener == "(":
            line = bisect_right(self._lines, start)
            column = start - self._lines[line - 1] + 1
            form = self.forms.list(items, line if self.placed else 0, column)
            self.positions[id(form)] = (line, column)
            return form
        if opener == "[":
            return self._note(self.forms.vector(items), start)
        return self._note(self._map(items, start), start)

    def _map(self, items: list[Form], start: int) -> Form:
        if len(items) % 2:
            raise self.error("Map literal must contain an even number of forms", start)
        try:
            return self.forms.map(items)
        except ValueError as error:
            raise self.error(str(error), start, _ILLEGAL) from None

    def _set(self, _: str, start: int) -> Form:
        try:
            return self._note(self.forms.set(self._delimited("#{", start)), start)
        except ValueError as error:
            raise self.error(str(error), start, _ILLEGAL) from None

    def _bad_unicode(self, digits: str, start: int) -> Exception:
        """Why what follows the `u` of an escape is no character (LispReader.readUnicodeChar)."""
        found = _HEXADECIMAL.match(digits)
        count = 0 if found is None else found.end()
        if count == 0:
            return self.error(f"Invalid unicode escape: \\u{digits[:1]}", start)
        after = digits[count : count + 1]
        if not after or after.isspace() or after in "\",;'@^`~()[]{}\\%#":
            return self.error(f"Invalid character length: {count}, should be: 4", start, _ILLEGAL)
        return self.error(f"Invalid digit: {after}", start, _ILLEGAL)

    def _unescape(self, body: str, start: int) -> str:
        def one(match: Any) -> str:
            escape = match.group(1)
            if escape[0] == "u":
                if len(escape) != 5 or not _HEXADECIMAL.fullmatch(escape, 1):
                    raise self._bad_unicode(escape[1:], start)
                return chr(int(escape[1:], 16))
            if escape[0] in "01234567":
                code = int(escape, 8)
                if code > 0o377:
                    raise self.error("Octal escape sequence must be in range [0, 377].", start)
                return chr(code)
            if escape in STRING_ESCAPES:
                return STRING_ESCAPES[escape]
            if escape in "89":
                raise self.error(f"Invalid digit: {escape}", start, _ILLEGAL)
            raise self.error(f"Unsupported escape character: \\{escape}", start)

        text = ESCAPE.sub(one, body)
        if not text.isascii() and any("\ud800" <= unit <= "\udbff" for unit in text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return text

    def _string(self, token: str, start: int) -> Form:
        body = token[1:-1]
        return self._unescape(body, start) if "\\" in body else body

    def _open_string(self, _: str, __: int) -> Form:
        self.position = len(self.text)
        raise self._unexpected_end("string", "string")

    def _open_regex(self, _: str, __: int) -> Form:
        self.position = len(self.text)
        raise self._unexpected_end("regex", "regex")

    def _open_character(self, _: str, __: int) -> Form:
        raise self._unexpected_end("character", "character")

    def _character(self, token: str, start: int) -> Form:
        body = token[1:]
        if len(body) == 1:
            return self.forms.character(body)
        if body in CHARACTER_NAMES:
            return self.forms.character(CHARACTER_NAMES[body])
        if body[0] == "u" and len(body) == 5:
            try:
                code = int(body[1:], 16)
            except ValueError:
                raise self.error(f"Invalid unicode character: \\{body}", start) from None
            if 0xD800 <= code <= 0xDFFF:
                raise self.error(f"Invalid character constant: \\{body}", start)
            return self.forms.character(chr(code))
        if body[0] == "o" and len(body) <= 4 and body[1:].isdigit():
            code = int(body[1:], 8) if set(body[1:]) <= set("01234567") else 0o1000
            if code > 0o377:
                raise self.error("Octal escape sequence must be in range [0, 377].", start)
            return self.forms.character(chr(code))
        raise self.error(f"Unsupported character: \\{body}", start)

    def _regex(self, token: str, start: int) -> Form:
        try:
            return self.forms.regex(token[2:-1])
        except ValueError as error:
            raise self.error(str(error), start, "PatternSyntaxException") from None

    def _atom(self, token: str, start: int) -> Form:
        if NUMBER_START.match(token):
            return self._number(token, start)
        if token in _SPECIAL:
            return None
        if token in {"true", "false"}:
            return self.forms.boolean(token == "true")
        if token[0] == ":":
            return self._keyword(token, start)
        if token == "/" or SYMBOL.fullmatch(token):
            if self._arguments is not None and token[0] == "%":
                return self._argument(token, start)
            namespace, name = _split(token)
            if token.endswith(":") or "::" in token or (namespace or "").endswith(":"):
                raise self.error(f"Invalid token: {token}", start)
            return self._note(self.forms.symbol(namespace, name), start)
        if self._arguments is not None and token[0] == "%":
            return self._argument(token, start)
        raise self.error(f"Invalid token: {token}", start)

    def _keyword(self, token: str, start: int) -> Form:
        if token.startswith("::"):
            body = token[2:]
            namespace, name = _split(body)
            if not SYMBOL.fullmatch(token) or body.startswith(":") or body.endswith(":") or "::" in body:
                raise self.error(f"Invalid token: {token}", start)
            if namespace is None:
                return self.forms.keyword(self.forms.current_namespace(), name)
            known = self.forms.alias(namespace)
            if known is None:
                if self._suppressed:
                    return None
                raise self.error(f"Invalid token: {token}", start)
            return self.forms.keyword(known, name)
        body = token[1:]
        namespace, name = _split(body)
        # The JVM's pattern takes digits after the colon, for its class of what is no digit holds the colon.
        if (
            not body
            or (body.endswith((":", "/")) and body != "/")
            or "::" in body
            or (body.startswith("/") and body != "/")
            or (namespace or "").endswith(":")
        ):
            raise self.error(f"Invalid token: {token}", start)
        return self.forms.keyword(namespace, name)

    def _number(self, token: str, start: int) -> Form:
        match = INTEGER.fullmatch(token)
        if match is not None:
            sign, zero, decimal, hexadecimal, octal, radix, digits, bad, big = match.groups()
            if bad:
                raise self.error(f"Invalid number: {token}", start, _NUMBER)
            try:
                if zero:
                    value = 0
                elif decimal:
                    value = int(decimal)
                elif hexadecimal:
                    value = int(hexadecimal, 16)
                elif octal:
                    value = int(octal, 8)
                else:
                    value = int(digits, int(radix) if radix != "1" else 99)
            except ValueError:
                raise self.error(f"Invalid number: {token}", start, _NUMBER) from None
            return self.forms.integer(-value if sign == "-" else value, bool(big))
        match = FLOAT.fullmatch(token)
        if match is not None:
            return self.forms.decimal(match.group(1)) if match.group(2) else float(match.group(1))
        match = RATIO.fullmatch(token)
        if match is not None:
            try:
                return self.forms.ratio(int(match.group(1)), int(match.group(2)))
            except ZeroDivisionError:
                raise self.error("Divide by zero", start, "ArithmeticException") from None
        raise self.error(f"Invalid number: {token}", start, _NUMBER)

    def _wrapped(self, name: str) -> Callable[[str, int], Form]:
        def wrap(_: str, start: int) -> Form:
            namespace, _, simple = name.rpartition("/")
            form = self._required(simple, start)
            symbol = self.forms.symbol(namespace or None, simple)
            return self._note(self.forms.wrapped([symbol, form]), start)

        return wrap

    def _metadata(self, _: str, start: int) -> Form:
        metadata = self._required("metadata", start)
        form = self._required("metadata", start)
        try:
            place = self.location(start)
            result = self.forms.with_meta(form, metadata, place.line if self.placed else 0, place.column)
        except TypeError as error:
            raise self.error(str(error), start, _ILLEGAL) from None
        if id(form) in self.positions:
            self.positions[id(result)] = self.positions[id(form)]
        return result

    def _backquote(self, _: str, start: int) -> Form:
        form = self._required("syntax quote", start)
        try:
            return self._quote.expand(form)
        except ValueError as error:
            raise self.error(str(error), start, "IllegalStateException") from None

    def _function(self, _: str, start: int) -> Form:
        if self._arguments is not None:
            raise self.error("Nested #()s are not allowed", start, "IllegalStateException")
        self._arguments = {}
        items = self._delimited("(", start)
        arguments, self._arguments = self._arguments, None
        location = self.location(start)
        body = self._note(self.forms.list(items, location.line, location.column), start)
        highest = max(arguments, default=0)
        parameters = [
            arguments.get(index) or self.forms.symbol(None, self.forms.gensym(f"p{index}__") + "#")
            for index in range(1, highest + 1)
        ]
        if -1 in arguments:
            parameters += [self.forms.symbol(None, "&"), arguments[-1]]
        return self._note(
            self.forms.wrapped([self.forms.symbol(None, "fn*"), self.forms.vector(parameters), body]),
            start,
        )

    def _argument(self, token: str, start: int) -> Form:
        assert self._arguments is not None
        if token == "%":
            index = 1
        elif token == "%&":
            index = -1
        elif token[1:].isdigit():
            index = int(token[1:])
        else:
            raise self.error("arg literal must be %, %& or %integer", start, "IllegalStateException")
        known = self._arguments.get(index)
        if known is None:
            # The name ends in # so that a syntax quote around the literal leaves it alone.
            prefix = "rest__" if index < 0 else f"p{index}__"
            known = self._arguments[index] = self.forms.symbol(None, self.forms.gensym(prefix) + "#")
        return known

    def _discard(self, _: str, start: int) -> Form:
        suppressed, self._suppressed = self._suppressed, True
        self._required("discarded form", start)
        self._suppressed = suppressed
        return _SKIP

    def _conditional(self, token: str, start: int) -> Form:
        if not self.conditionals:
            raise self.error("Conditional read not allowed", start)
        splicing = token.endswith("@")
        opening = TOKEN.match(self.text, self.position)
        while opening is not None and opening.lastgroup in {"space", "comment"}:
            self.position = opening.end()
            opening = TOKEN.match(self.text, self.position)
        if opening is None:
            raise self._unexpected_end("reader conditional")
        if opening.group() != "(":
            raise self.error("read-cond body must be a list", start)
        self.position = opening.end()
        if self.conditionals == "preserve":
            suppressed, self._suppressed = self._suppressed, True
            form = self._open("(", start)
            self._suppressed = suppressed
            return self.forms.reader_conditional(form, splicing)
        if splicing and self.depth == 0:
            raise self.error("Reader conditional splicing not allowed at the top level.", start)
        chosen = self._choose(start)
        if chosen is _SKIP or self._suppressed:
            return _SKIP
        if not splicing:
            return chosen
        if self.forms.kind(chosen) not in {"vector", "list"}:
            raise self.error("Spliced form list in read-cond-splicing must implement java.util.List", start)
        self._pending[:0] = self.forms.items(chosen)
        return _SKIP

    def _choose(self, start: int) -> Form:
        """The form of the first feature that is ours; the others are read and dropped."""
        chosen: Form = _SKIP
        pending, self._pending = self._pending, []
        self.depth += 1
        while True:
            before = self.position
            feature = self._read_or_skip(")")
            if feature is END:
                if self.position <= before or self.text[self.position - 1] != ")":
                    raise self._unexpected_end("reader conditional")
                break
            if feature is _SKIP:
                continue
            if self.forms.kind(feature) != "keyword":
                shown = self.forms.shown(feature)
                raise self.error(f"Feature should be a keyword: {shown}", start)
            if self._at_end(")"):
                raise self.error("read-cond requires an even number of forms.", start)
            name = self.forms.name(feature)[1]
            wanted = chosen is _SKIP and not self._suppressed and (name in self.features or name == "default")
            suppressed = self._suppressed
            self._suppressed = not wanted
            form = self._required("reader conditional", start)
            self._suppressed = suppressed
            if wanted:
                chosen = form
        self.depth -= 1
        self._pending = pending
        return chosen

    def _symbolic(self, _: str, start: int) -> Form:
        form = self._required("symbolic value", start)
        if self.forms.kind(form) == "symbol":
            name = self.forms.name(form)[1]
            if name in SYMBOLIC_VALUES:
                # Each is an object of its own, which matters for NaN.
                return float(SYMBOLIC_VALUES[name])
            raise self.error(f"Unknown symbolic value: ##{name}", start)
        raise self.error("Invalid token: ##", start)

    def _at_end(self, closer: str) -> bool:
        """Whether nothing but blanks stands before `closer`."""
        token = TOKEN.match(self.text, self.position)
        while token is not None and token.lastgroup in {"space", "comment"}:
            self.position = token.end()
            token = TOKEN.match(self.text, self.position)
        return token is not None and token.group() == closer

    def _namespaced(self, token: str, start: int) -> Form:
        """NamespaceMapReader: `#:name{`, `#::alias{`, `#::{`."""
        automatic = token == "#::"
        symbol: Form = None
        given = False
        if self._next_is("{"):
            pass
        elif self._blank_follows():
            if not (automatic and self._at_end("{")):
                raise self.error("Namespaced map must specify a namespace", start)
        else:
            symbol, given = self._required("namespaced map", start), True
            self._at_end("{")
        if not self._next_is("{"):
            raise self.error("Namespaced map must specify a map", start)
        namespace = self._map_namespace(symbol, given, automatic, start)
        self.position += 1
        items = self._delimited("{", start)
        for index in range(0, len(items), 2):
            kind = self.forms.kind(items[index])
            if kind not in {"keyword", "symbol"}:
                continue
            own, name = self.forms.name(items[index])
            if own is not None and own != "_":
                continue
            make = self.forms.keyword if kind == "keyword" else self.forms.symbol
            items[index] = make(None if own == "_" else namespace, name)
        return self._note(self._map(items, start), start)

    def _next_is(self, text: str) -> bool:
        return self.text.startswith(text, self.position)

    def _blank_follows(self) -> bool:
        return self.text[self.position : self.position + 1] in {" ", "\t", "\n", "\r", ",", ""}

    def _map_namespace(self, symbol: Form, given: bool, automatic: bool, start: int) -> str:
        if automatic and not given:
            return self.forms.current_namespace()
        if self.forms.kind(symbol) != "symbol" or self.forms.name(symbol)[0] is not None:
            shown = self.forms.shown(symbol) if given else "null"
            raise self.error(f"Namespaced map must specify a valid namespace: {shown}", start)
        name = self.forms.name(symbol)[1]
        if not automatic:
            return name
        known = self.forms.alias(name)
        if known is None:
            raise self.error(f"Unknown auto-resolved namespace alias: {name}", start)
        return known

    def _eval(self, _: str, start: int) -> Form:
        form = self._required("read-eval", start)
        try:
            return self.forms.evaluate(form)
        except LookupError as error:
            raise self.error(str(error.args[0]), start) from None

    def _unreadable(self, _: str, start: int) -> Form:
        raise self.error("Unreadable form", start)

    def _tag(self, _: str, start: int) -> Form:
        if self.position >= len(self.text):
            raise self._unexpected_end("dispatch", "character")
        tag = self._required("tagged literal", start)
        if self.forms.kind(tag) != "symbol":
            raise self.error("Reader tag must be a symbol", start)
        form = self._required("tagged literal", start)
        if self._suppressed:
            return self.forms.unread(tag, form)
        try:
            return self.forms.tagged(tag, form)
        except LookupError as error:
            raise self.error(str(error.args[0]), start, *error.args[1:]) from None

    def _other(self, token: str, start: int) -> Form:
        raise self.error(f"Invalid token: {token}", start)

    def _quote_form(self, token: str, start: int) -> Form:
        return self._wrapped("quote")(token, start)

    def _deref(self, token: str, start: int) -> Form:
        return self._wrapped("clojure.core/deref")(token, start)

    def _var(self, token: str, start: int) -> Form:
        return self._wrapped("var")(token, start)

    def _unquote(self, token: str, start: int) -> Form:
        return self._wrapped("clojure.core/unquote")(token, start)

    def _splice(self, token: str, start: int) -> Form:
        return self._wrapped("clojure.core/unquote-splicing")(token, start)


def _split(token: str) -> tuple[str | None, str]:
    if token == "/" or "/" not in token:
        return None, token
    namespace, _, name = token.partition("/")
    return (namespace, name) if namespace else (None, token)


Dispatch = dict[str, Callable[[Any, str, int], Form]]

READ: Dispatch = {
    "open": Reader._open,
    "string": Reader._string,
    "open_string": Reader._open_string,
    "char": Reader._character,
    "open_char": Reader._open_character,
    "quote": Reader._quote_form,
    "deref": Reader._deref,
    "meta": Reader._metadata,
    "backquote": Reader._backquote,
    "splice": Reader._splice,
    "unquote": Reader._unquote,
    "set": Reader._set,
    "fn": Reader._function,
    "var": Reader._var,
    "regex": Reader._regex,
    "open_regex": Reader._open_regex,
    "discard": Reader._discard,
    "conditional": Reader._conditional,
    "symbolic": Reader._symbolic,
    "namespaced": Reader._namespaced,
    "eval": Reader._eval,
    "unreadable": Reader._unreadable,
    "tag": Reader._tag,
    "atom": Reader._atom,
    "other": Reader._other,
}
Reader.dispatch = READ
