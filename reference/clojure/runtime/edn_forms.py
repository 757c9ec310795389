"""Makes forms for the reader of data: tagged elements by the caller's readers, and nothing is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.forms import DATA_READERS, Forms, read_by
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.names import Symbol

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


class EdnForms(Forms):
    """The form builder of clojure.edn.

    Args:
        environment: interns keywords.
        options: the map of :readers and :default, or nil.
    """

    def __init__(self, environment: Environment, options: Value) -> None:
        super().__init__(environment, positions=False)
        self.readers = access.get(options, environment.keyword("readers"))
        self.default = cast("Function | None", access.get(options, environment.keyword("default")))

    def tagged(self, tag: Symbol, form: Value) -> Value:
        """What a reader makes of `form` (EdnReader.readTagged): the caller's, the standard one, the default."""
        reader = cast("Function | None", access.get(self.readers, tag))
        if reader is not None:
            return reader(form)
        known = DATA_READERS.get(tag.text)
        if known is not None:
            return read_by(known, form)
        if self.default is not None:
            return self.default(tag, form)
        raise LookupError(f"No reader function for tag {tag.text}")

    def evaluate(self, form: Value) -> Value:
        """Nothing is evaluated.

        Raises:
            LookupError: always.
        """
        raise LookupError("No dispatch macro for: =")
