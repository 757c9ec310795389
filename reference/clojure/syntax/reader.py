"""The reader: text to forms with positions, reader conditionals, syntax quote and tagged literals.

It keeps to LispReader.java; forms are made by a `FormBuilder`. Positions of symbols and collections are kept beside
the forms in `positions`, by identity.
"""

# ruff: noqa: S105  # the table at the end names the reader's own methods; a token is no secret
from __future__ import annotations

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
END: Any = object()
_SKIP: Any = object()


class UnexpectedEndError(GuestSyntaxError):
    """The text ended inside a form; more text may complete it."""


class Reader:
    """Reads the forms of one text, one after the other.

    Args:
        text: the source.
        file: the name that locations show.
        forms: makes the forms.
        features: names that reader conditionals answer, in no order.
        edn: whether only data is read (clojure.edn): no quote, function literal, deref, eval.
        conditionals: `allow`, `preserve`, or `` where they are an error.
    """

    def __init__(
        self,
        text: str,
        file: str,
        forms: FormBuilder,
        features: Iterable[str] = (),
        *,
        edn: bool = False,
        conditionals: str = "allow",
    ) -> None:
        self.text = text
        self.file = file
        self.forms = forms
        self.features = frozenset(features)
        self.edn = edn
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

    def error(self, message: str, offset: int) -> GuestSyntaxError:
        """A syntax error at an offset."""
        return GuestSyntaxError(message, self.location(offset), name="")

    def _unexpected_end(self, what: str) -> UnexpectedEndError:
        return UnexpectedEndError(
            f"unexpected end of input in {what}", self.location(len(self.text.rstrip())), name=""
        )

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
            if kind == "space" or kind == "comment":  # noqa: PLR1714  # the hot loop
                continue
            if kind == "close":
                if token.group() == closer:
                    return END
                raise self.error(f"unmatched delimiter: {token.group()}", start)
            return _READ[kind](self, token.group(), start)  # type: ignore[index]

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
            form = self.forms.list(items, line, column) if not self.edn else self.forms.list(items, 0, 0)
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
            raise self.error(str(error), start) from None

    def _set(self, _: str, start: int) -> Form:
        try:
            return self._note(self.forms.set(self._delimited("#{", start)), start)
        except ValueError as error:
            raise self.error(str(error), start) from None

    def _unescape(self, body: str, start: int) -> str:
        def one(match: Any) -> str:
            escape = match.group(1)
            if escape[0] == "u":
                if len(escape) != 5:
                    raise self.error(f"Invalid unicode escape: \\{escape}", start)
                return chr(int(escape[1:], 16))
            if escape[0] in "01234567":
                code = int(escape, 8)
                if code > 0o377:
                    raise self.error("Octal escape sequence must be in range [0, 377].", start)
                return chr(code)
            if escape in STRING_ESCAPES:
                return STRING_ESCAPES[escape]
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
        raise self._unexpected_end("string")

    def _open_regex(self, _: str, __: int) -> Form:
        self.position = len(self.text)
        raise self._unexpected_end("regex")

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
            raise self.error(str(error), start) from None

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
            if token.endswith(":") or "::" in token:
                raise self.error(f"Invalid token: {token}", start)
            namespace, name = _split(token)
            return self._note(self.forms.symbol(namespace, name), start)
        if self._arguments is not None and token[0] == "%":
            return self._argument(token, start)
        raise self.error(f"Invalid token: {token}", start)

    def _keyword(self, token: str, start: int) -> Form:
        if token.startswith("::"):
            body = token[2:]
            namespace, name = _split(body)
            if not body or body.startswith(":") or body.endswith(":"):
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
        if (
            not body
            or (body.endswith((":", "/")) and body != "/")
            or "::" in body
            or (body.startswith("/") and body != "/")
        ):
            raise self.error(f"Invalid token: {token}", start)
        namespace, name = _split(body)
        return self.forms.keyword(namespace, name)

    def _number(self, token: str, start: int) -> Form:
        match = INTEGER.fullmatch(token)
        if match is not None:
            sign, zero, decimal, hexadecimal, octal, radix, digits, big = match.groups()
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
                    value = int(digits, int(radix))
            except ValueError:
                raise self.error(f"Invalid number: {token}", start) from None
            return self.forms.integer(-value if sign == "-" else value, bool(big))
        match = FLOAT.fullmatch(token)
        if match is not None:
            return self.forms.decimal(match.group(1)) if match.group(2) else float(match.group(1))
        match = RATIO.fullmatch(token)
        if match is not None:
            try:
                return self.forms.ratio(int(match.group(1)), int(match.group(2)))
            except ZeroDivisionError:
                raise self.error("Divide by zero", start) from None
        raise self.error(f"Invalid number: {token}", start)

    def _wrapped(self, name: str) -> Callable[[str, int], Form]:
        def wrap(token: str, start: int) -> Form:
            if self.edn and name != "quote":
                raise self.error(f"Invalid token: {token}", start)
            namespace, _, simple = name.rpartition("/")
            form = self._required(simple, start)
            location = self.location(start)
            symbol = self.forms.symbol(namespace or None, simple)
            return self._note(self.forms.list([symbol, form], location.line, location.column), start)

        return wrap

    def _metadata(self, _: str, start: int) -> Form:
        metadata = self._required("metadata", start)
        form = self._required("metadata", start)
        try:
            result = self.forms.with_meta(form, metadata)
        except TypeError as error:
            raise self.error(str(error), start) from None
        if id(form) in self.positions:
            self.positions[id(result)] = self.positions[id(form)]
        return result

    def _backquote(self, token: str, start: int) -> Form:
        if self.edn:
            raise self.error(f"Invalid token: {token}", start)
        form = self._required("syntax quote", start)
        try:
            return self._quote.expand(form)
        except ValueError as error:
            raise self.error(str(error), start) from None

    def _function(self, _: str, start: int) -> Form:
        if self.edn:
            raise self.error("No dispatch macro for: (", start)
        if self._arguments is not None:
            raise self.error("Nested #()s are not allowed", start)
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
            self.forms.list(
                [self.forms.symbol(None, "fn*"), self.forms.vector(parameters), body],
                location.line,
                location.column,
            ),
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
            raise self.error("arg literal must be %, %& or %integer", start)
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
                raise self.error("Feature should be a keyword", start)
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
                return SYMBOLIC_VALUES[name]
        raise self.error("Invalid symbolic value", start)

    def _namespaced(self, token: str, start: int) -> Form:
        body = token[2:]
        if token.startswith("#::"):
            body = token[3:]
            namespace = self.forms.alias(body) if body else self.forms.current_namespace()
            if namespace is None:
                raise self.error(f"Unknown auto-resolved namespace alias: {body}", start)
        else:
            namespace = body
        if not namespace:
            raise self.error("Namespaced map must specify a namespace", start)
        while self.position < len(self.text) and self.text[self.position] in " \t\r\n,":
            self.position += 1
        if self.text[self.position : self.position + 1] != "{":
            raise self.error("Namespaced map must specify a map", start)
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

    def _eval(self, _: str, start: int) -> Form:
        form = self._required("read-eval", start)
        try:
            return self.forms.evaluate(form)
        except LookupError as error:
            raise self.error(str(error.args[0]), start) from None

    def _unreadable(self, _: str, start: int) -> Form:
        raise self.error("Unreadable form", start)

    def _tag(self, _: str, start: int) -> Form:
        tag = self._required("tagged literal", start)
        if self.forms.kind(tag) != "symbol":
            raise self.error("Reader tag must be a symbol", start)
        form = self._required("tagged literal", start)
        if self._suppressed:
            return None
        try:
            return self.forms.tagged(tag, form)
        except LookupError as error:
            raise self.error(str(error.args[0]), start) from None

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


_READ: dict[str, Callable[[Reader, str, int], Form]] = {
    "open": Reader._open,
    "string": Reader._string,
    "open_string": Reader._open_string,
    "char": Reader._character,
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
