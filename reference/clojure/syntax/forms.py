"""What the reader needs to make forms: forms are guest values, and `syntax/` knows none of them."""

from __future__ import annotations

from typing import Any, Protocol

Form = Any
Items = list[Any]


class FormBuilder(Protocol):
    """Makes guest values for the reader."""

    def symbol(self, namespace: str | None, name: str) -> Form:
        """A symbol."""

    def keyword(self, namespace: str | None, name: str) -> Form:
        """A keyword."""

    def list(self, items: Items, line: int, column: int) -> Form:
        """A list that remembers its position as metadata (line 0: it has none)."""

    def wrapped(self, items: Items) -> Form:
        """A sequence that is no list, as what stands for `'x` and `#(x)` (LispReader.WrappingReader)."""

    def vector(self, items: Items) -> Form:
        """A vector."""

    def map(self, items: Items) -> Form:
        """A map of alternating keys and values; ValueError names a duplicate key."""

    def set(self, items: Items) -> Form:
        """A set; ValueError names a duplicate."""

    def character(self, text: str) -> Form:
        """A character."""

    def integer(self, value: int, big: bool) -> Form:
        """A long, or a BigInt where `big` or too large."""

    def ratio(self, numerator: int, denominator: int) -> Form:
        """A ratio; ZeroDivisionError where the denominator is 0."""

    def decimal(self, text: str) -> Form:
        """A BigDecimal."""

    def regex(self, pattern: str) -> Form:
        """A pattern."""

    def boolean(self, value: bool) -> Form:
        """True or false."""

    def with_meta(self, form: Form, metadata: Form, line: int, column: int) -> Form:
        """The form with `metadata` (tag, keyword, vector or map) merged into its own; TypeError if it can't.

        A sequence stands where its metadata does, unless that is not known (line 0).
        """

    def tagged(self, tag: Form, form: Form) -> Form:
        """What the data reader of `tag` makes of `form`; LookupError if there is none."""

    def unread(self, tag: Form, form: Form) -> Form:
        """The tagged literal that stands where nothing is read for good."""

    def shown(self, form: Form) -> str:
        """The form as messages name it."""

    def evaluate(self, form: Form) -> Form:
        """The value of a `#=` form; LookupError if read-eval is off."""

    def reader_conditional(self, form: Form, splicing: bool) -> Form:
        """A preserved reader conditional."""

    def kind(self, form: Form) -> str:
        """symbol, keyword, list, vector, map, set or other."""

    def name(self, form: Form) -> tuple[str | None, str]:
        """Namespace and name of a symbol or keyword."""

    def items(self, form: Form) -> Items:
        """The elements of a collection; for a map keys and values alternate."""

    def metadata(self, form: Form) -> Form:
        """Metadata that a syntax quote has to keep, or None."""

    def current_namespace(self) -> str:
        """What `::name` stands in."""

    def alias(self, name: str) -> str | None:
        """The namespace that `::name/x` means."""

    def resolve(self, namespace: str | None, name: str) -> tuple[str | None, str]:
        """The full name that a syntax quote gives a symbol."""

    def gensym(self, prefix: str) -> str:
        """A name that is used nowhere."""
