"""ECMA-262 24.1.5 Map Iterator and 24.2.6 Set Iterator objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

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


class JSMapIterator(JSObject):
    """A map iterator; `entries_` is a host iterator over entries, each with key and value first."""

    __slots__ = ("entries_", "kind_")
    class_name_ = "Map Iterator"
    entries_: Any
    kind_: str

    def advance_(self, realm: Realm) -> Value:
        """See JSObject."""
        entry = None if self.entries_ is None else next(self.entries_, None)
        if entry is None:
            self.entries_ = None
            return DONE
        kind = self.kind_
        if kind == "key":
            key: Value = entry[0]
            return key
        if kind == "value":
            value: Value = entry[1]
            return value
        return realm.make_array(entry[:2])


class JSSetIterator(JSMapIterator):
    """A set iterator."""

    __slots__ = ()
    class_name_ = "Set Iterator"


def create_iterator(kind: type[JSMapIterator], prototype: JSObject, entries: Any, what: str) -> JSObject:
    """24.1.5.1 CreateMapIterator and 24.2.6.1 CreateSetIterator."""
    iterator = object_create(prototype, kind)
    iterator.entries_ = iter(entries)
    iterator.kind_ = what
    return iterator


def _next_of(kind: type[JSMapIterator]) -> Callable[..., Value]:
    def iterator_next(realm: Realm, this: Value) -> Value:
        if not isinstance(this, kind) or type(this).class_name_ != kind.class_name_:
            raise type_error(f"not a {kind.class_name_}")
        return result_of_step(realm, this.advance_(realm))

    return iterator_next


_MAP = functions(("next", _next_of(JSMapIterator), 0, "24.1.5.2.1", "ES2015"))
_SET = functions(("next", _next_of(JSSetIterator), 0, "24.2.6.2.1", "ES2015"))
JSMapIterator.direct_next_ = dict(_MAP)["next"]
JSSetIterator.direct_next_ = dict(_SET)["next"]


def map_iterator_prototype(realm: Realm) -> JSObject:
    """Make %MapIteratorPrototype%."""
    prototype = prototype_object(realm, realm.iterator_prototype)
    define_functions(realm, prototype, _MAP)
    define_tag(prototype, "Map Iterator")
    return prototype


def set_iterator_prototype(realm: Realm) -> JSObject:
    """Make %SetIteratorPrototype%."""
    prototype = prototype_object(realm, realm.iterator_prototype)
    define_functions(realm, prototype, _SET)
    define_tag(prototype, "Set Iterator")
    return prototype
