"""ECMA-262 22.2.9: RegExp String Iterator objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.text.regexp_execution import (
    advance_string_index,
    regexp_exec,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import to_length, to_string
from lockstep.reference.javascript.runtime.operations.iteration import create_iter_result
from lockstep.reference.javascript.runtime.operations.objects import get, set_property
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSRegExpStringIterator(JSObject):
    """An iterator over the matches of [[IteratingRegExp]] in [[IteratedString]]."""

    __slots__ = ("done_", "global_", "regexp_", "text_", "unicode_")
    class_name_ = "RegExp String Iterator"
    regexp_: JSObject
    text_: str
    global_: bool
    unicode_: bool
    done_: bool


def create_regexp_string_iterator(
    realm: Realm, regexp: JSObject, text: str, every: bool, unicode_mode: bool
) -> JSRegExpStringIterator:
    """22.2.9.1 CreateRegExpStringIterator."""
    iterator = object_create(realm.regexp_string_iterator_prototype, JSRegExpStringIterator)
    iterator.regexp_ = regexp
    iterator.text_ = text
    iterator.global_ = every
    iterator.unicode_ = unicode_mode
    iterator.done_ = False
    return iterator


def next_(realm: Realm, this: Value) -> Value:
    """22.2.9.2.1 %RegExpStringIteratorPrototype%.next."""
    if not isinstance(this, JSRegExpStringIterator):
        raise type_error("next method called on a value that is not a RegExp String Iterator")
    if this.done_:
        return create_iter_result(realm, undefined, True)
    regexp, text = this.regexp_, this.text_
    try:
        result = regexp_exec(realm, regexp, text)
        if result is not null and this.global_ and not to_string(get(result, "0")):
            index = to_length(get(regexp, "lastIndex"))
            set_property(regexp, "lastIndex", float(advance_string_index(text, index, this.unicode_)), True)
    except BaseException:
        this.done_ = True
        raise
    if result is null:
        this.done_ = True
        return create_iter_result(realm, undefined, True)
    if not this.global_:
        this.done_ = True
    return create_iter_result(realm, result, False)


_METHODS = functions(("next", next_, 0, "22.2.9.2.1", "ES2020"))


def initialize(realm: Realm) -> None:
    """Make %RegExpStringIteratorPrototype%."""
    prototype = prototype_object(realm, realm.iterator_prototype)
    realm.regexp_string_iterator_prototype = prototype
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "RegExp String Iterator")
