"""Names that are values in a guest's language, and that the host's has no type for."""

from __future__ import annotations


class Keyword(str):
    """A keyword of Clojure's, without its colon: equal to the text, and a keyword again inside."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f":{self}"


class Symbol(str):
    """A symbol of Clojure's: equal to the text, and a symbol again inside."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{self}"
