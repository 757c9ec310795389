"""ECMA-262 22.1.5: String Iterator objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.iteration import DONE, result_of_step
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSStringIterator(JSObject):
    """A string iterator over code points."""

    __slots__ = ("position_", "text_")
    class_name_ = "String Iterator"
    text_: str
    position_: int

    def advance_(self, realm: Realm) -> Value:
        """See JSObject."""
        if self.position_ >= len(self.text_):
            self.text_ = ""
            return DONE
        character = code_point_at(self.text_, self.position_)
        self.position_ += len(character)
        return character


def create_string_iterator(realm: Realm, text: str) -> JSObject:
    """22.1.3.36 String.prototype [ %Symbol.iterator% ], step 4."""
    iterator = object_create(realm.string_iterator_prototype, JSStringIterator)
    iterator.text_ = text
    iterator.position_ = 0
    return iterator


def code_point_at(text: str, position: int) -> str:
    """11.1.4 CodePointAt: the one or two code units of the code point."""
    first = text[position]
    if "\ud800" <= first <= "\udbff" and position + 1 < len(text):
        second = text[position + 1]
        if "\udc00" <= second <= "\udfff":
            return first + second
    return first


def iterator_next(realm: Realm, this: Value) -> Value:
    """22.1.5.1.1 %StringIteratorPrototype%.next."""
    if not isinstance(this, JSStringIterator):
        raise type_error("not a String Iterator")
    return result_of_step(realm, this.advance_(realm))


_METHODS = functions(("next", iterator_next, 0, "22.1.5.1.1", "ES2015"))
JSStringIterator.direct_next_ = dict(_METHODS)["next"]


def initialize(realm: Realm) -> None:
    """Make %StringIteratorPrototype%."""
    prototype = realm.string_iterator_prototype = prototype_object(realm, realm.iterator_prototype)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "String Iterator")
