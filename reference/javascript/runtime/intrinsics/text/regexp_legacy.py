"""The legacy static properties of %RegExp% (the legacy RegExp features proposal, which all engines follow)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.function import builtin, create_builtin
from lockstep.reference.javascript.runtime.objects.ordinary import stored
from lockstep.reference.javascript.runtime.objects.property import accessor
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.intrinsics.text.regexp_execution import LegacyState


def _last_paren(state: LegacyState) -> str:
    if len(state.spans) == 1:
        return ""
    first, end = state.spans[-1]
    return state.text[first:end] if first >= 0 else ""


def _paren(number: int) -> Callable[[LegacyState], str]:
    def read(state: LegacyState) -> str:
        if number >= len(state.spans):
            return ""
        first, end = state.spans[number]
        return state.text[first:end] if first >= 0 else ""

    return read


_READERS: tuple[tuple[tuple[str, ...], Callable[[LegacyState], str]], ...] = (
    (("input", "$_"), lambda state: state.input),
    (("lastMatch", "$&"), lambda state: state.text[state.spans[0][0] : state.spans[0][1]]),
    (("lastParen", "$+"), _last_paren),
    (("leftContext", "$`"), lambda state: state.text[: state.spans[0][0]]),
    (("rightContext", "$'"), lambda state: state.text[state.spans[0][1] :]),
    *(((f"${number}",), _paren(number)) for number in range(1, 10)),
)


def _getter(read: Callable[[LegacyState], str]) -> Callable[..., Value]:
    """GetLegacyRegExpStaticProperty."""

    def get(realm: Realm, this: Value) -> Value:
        if this is not realm.regexp:
            raise type_error("legacy RegExp property read on another object than RegExp")
        state = realm.regexp_legacy
        if not state.valid:
            raise type_error("legacy RegExp property is not available after a match of a subclass")
        return read(state)

    return get


def _set_input(realm: Realm, this: Value, value: Value = undefined) -> None:
    """SetLegacyRegExpStaticProperty."""
    if this is not realm.regexp:
        raise type_error("legacy RegExp property set on another object than RegExp")
    realm.regexp_legacy.input = to_string(value)


_PROPOSAL = "proposal-regexp-legacy-features"


def _section(names: tuple[str, ...]) -> str:
    """The proposal's anchor for a property and its short name."""
    name = names[0].lower()
    return f"sec-regexp.{name}" if name == "input" else f"sec-get-regexp.{name}"


_ROWS = tuple(
    (
        name,
        builtin(f"get {name}", _getter(read), 0, section=_section(names), since=_PROPOSAL),
        builtin(f"set {name}", _set_input, 1, section=_section(names), since=_PROPOSAL)
        if "input" in names
        else None,
    )
    for names, read in _READERS
    for name in names
)


def define_legacy_properties(realm: Realm) -> None:
    """Add the accessors to %RegExp%."""
    properties = stored(realm.regexp)
    for name, getter, setter in _ROWS:
        properties[name] = accessor(
            create_builtin(realm, getter), undefined if setter is None else create_builtin(realm, setter)
        )
