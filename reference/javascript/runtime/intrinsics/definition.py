"""How an intrinsic's table of functions becomes properties (ECMA-262 clause 18)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Callable, overload

from lockstep.reference.javascript.runtime.objects.function import (
    BuiltInTemplate,
    FunctionTemplate,
    builtin,
    create_builtin,
)
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    Kind,
    make_slow,
    mirror_renewed,
    slow_object,
    stored,
)
from lockstep.reference.javascript.runtime.objects.property import Property, accessor, hidden
from lockstep.reference.javascript.runtime.symbols import SPECIES, TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import PropertyKey, Symbol, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

# Rows of key and template.
Table = tuple[tuple[PropertyKey, BuiltInTemplate], ...]


def functions(
    *rows: tuple[PropertyKey, Callable[..., Value], int, str, str],
) -> Table:
    """A table of methods from rows of (key, host function, length, section, since), as `host.inventory` has them."""
    return tuple(
        (key, builtin(_name(key), function, length, section=section, since=since))
        for key, function, length, section, since in rows
    )


def getters(
    *rows: tuple[PropertyKey, Callable[..., Value], str, str],
) -> Table:
    """A table of getters from rows of (key, host function, section, since)."""
    return tuple(
        (key, builtin("get " + _name(key), function, 0, section=section, since=since))
        for key, function, section, since in rows
    )


def _name(key: PropertyKey) -> str:
    return f"[{key.description}]" if key.__class__ is Symbol else str(key)


def define_functions(
    realm: Realm, target: JSObject, table: Iterable[tuple[PropertyKey, FunctionTemplate]]
) -> None:
    """Add the methods of `table` to a slow object."""
    properties = stored(target)
    for key, template in table:
        properties[key] = hidden(create_builtin(realm, template))
    mirror_renewed(target)


def define_getters(
    realm: Realm, target: JSObject, table: Iterable[tuple[PropertyKey, FunctionTemplate]]
) -> None:
    """Add the accessors of `table`, without setters, to a slow object."""
    properties = stored(target)
    for key, template in table:
        properties[key] = accessor(create_builtin(realm, template), undefined)
    mirror_renewed(target)


def define_tag(target: JSObject, tag: str) -> None:
    """Add %Symbol.toStringTag%."""
    stored(target)[TO_STRING_TAG] = Property(tag, False, False, True)


@overload
def prototype_object(realm: Realm, parent: JSObject | None = None) -> JSObject: ...
@overload
def prototype_object(realm: Realm, parent: JSObject | None = None, *, kind: type[Kind]) -> Kind: ...
def prototype_object(
    realm: Realm, parent: JSObject | None = None, kind: type[JSObject] = JSObject
) -> JSObject:
    """A new prototype or namespace object, in the slow form."""
    return slow_object(kind, realm.object_prototype if parent is None else parent)


def constructor_function(
    realm: Realm, template: FunctionTemplate, prototype: JSObject, parent: JSObject | None = None
) -> JSObject:
    """A built-in constructor with its `prototype`, and the prototype's `constructor`."""
    constructor = create_builtin(realm, template, parent)
    make_slow(constructor)
    assert constructor.properties_ is not None
    stored(constructor)["prototype"] = Property(prototype, False, False, False)
    properties = stored(prototype)
    properties["constructor"] = hidden(constructor)
    return constructor


def species(section: str, since: str) -> Table:
    """The table of the getter %Symbol.species% that returns `this`."""
    return getters((SPECIES, _species, section, since))


def _species(realm: Realm, this: Value) -> Value:
    return this
