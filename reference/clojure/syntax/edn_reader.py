"""The reader of data (clojure.edn): the shared reader with the dispatch tables of EdnReader.java.

Nothing that stands for code is read: no quote, deref, syntax quote, var, function literal, regex, reader conditional,
`#=` or auto-resolved keyword.
"""

from __future__ import annotations

import re

from lockstep.reference.clojure.syntax.forms import Form, FormBuilder
from lockstep.reference.clojure.syntax.lexer import DELIMITERS
from lockstep.reference.clojure.syntax.reader import READ, Dispatch, Reader

_REST = re.compile(rf"[^{DELIMITERS}]*")


class EdnReader(Reader):
    """Reads the forms of one text of edn, one after the other.

    Args:
        text: the text.
        forms: makes the forms, and knows the readers of tagged elements.
    """

    placed = False

    def __init__(self, text: str, forms: FormBuilder) -> None:
        super().__init__(text, "NO_SOURCE_FILE", forms, conditionals="")

    def _atom(self, token: str, start: int) -> Form:
        """A token; `@`, `~` and the backquote are no constituents (EdnReader.nonConstituent)."""
        following = self.text[self.position : self.position + 1]
        if following and following in "@`~":
            raise self.error(f"Invalid constituent character: {following}", start)
        return super()._atom(token, start)

    def _keyword(self, token: str, start: int) -> Form:
        """A keyword; nothing resolves `::` (EdnReader.matchSymbol)."""
        if token.startswith("::"):
            raise self.error(f"Invalid token: {token}", start)
        return super()._keyword(token, start)

    def _apostrophe(self, token: str, start: int) -> Form:
        """`'` is a sign like any other (EdnReader.isTerminatingMacro)."""
        more = _REST.match(self.text, self.position)
        assert more is not None
        self.position = more.end()
        return self._atom(token + more.group(), start)

    def _invalid_leader(self, token: str, start: int) -> Form:
        raise self.error(f"Invalid leading character: {token[0]}", start)

    def _no_dispatch(self, token: str, start: int) -> Form:
        raise self.error(f"No dispatch macro for: {token[1]}", start)

    def _tagged(self, token: str, start: int) -> Form:
        """A letter starts a tag, and nothing else (EdnReader.DispatchReader)."""
        following = self.text[self.position : self.position + 1]
        if following and not following.isalpha():
            return self._no_dispatch(token + following, start)
        return self._tag(token, start)

    def _namespaced(self, _: str, start: int) -> Form:
        """`#:name{...}`; `#::` is none (EdnReader.NamespaceMapReader)."""
        self.position = start + 2
        return super()._namespaced("#:", start)

    def _read_or_skip(self, closer: str) -> Form:
        """As the shared reader, but `#!` is no comment."""
        start = self.position
        form = super()._read_or_skip(closer)
        self._refuse_comments(start)
        return form

    def _refuse_comments(self, start: int) -> None:
        place = _SHEBANG.match(self.text, start)
        if place is not None:
            self._no_dispatch("#!", place.end() - 2)


_SHEBANG = re.compile(r"(?:[\s,]+|;[^\n]*)*\#!")

_OTHERS: Dispatch = {
    "quote": EdnReader._apostrophe,
    "atom": EdnReader._atom,
    "tag": EdnReader._tagged,
    "namespaced": EdnReader._namespaced,
    **dict.fromkeys(("deref", "backquote", "splice", "unquote"), EdnReader._invalid_leader),
    **dict.fromkeys(("fn", "var", "regex", "open_regex", "conditional", "eval"), EdnReader._no_dispatch),
}
EdnReader.dispatch = {**READ, **_OTHERS}
