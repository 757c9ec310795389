"""ECMA-262 B.3.6: the [[IsHTMLDDA]] internal slot."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value, null


class JSHtmlDda(JSObject):
    """B.3.6 an object with an [[IsHTMLDDA]] internal slot; false in host conditions as in guest ones."""

    __slots__ = ()
    is_html_dda_ = True
    is_callable_ = True

    def __bool__(self) -> bool:
        return False

    def call_n(self, this: Value, *arguments: Value) -> Value:
        """[[Call]] returns null."""
        return null

    call_0 = call_1 = call_2 = call_3 = call_n
