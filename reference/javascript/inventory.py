"""What a realm has: every intrinsic that a program can reach by property names."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

from lockstep.reference.host.inventory import BuiltIn, described
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import JavaScriptSession, create_engine
from lockstep.reference.javascript.runtime.objects.function import BuiltInTemplate, FunctionTemplate
from lockstep.reference.javascript.runtime.values import ABSENT, Symbol, Value

# Intrinsics that no property of the global object leads to, by the realm's attribute.
_HIDDEN = {
    "throw_type_error": "%ThrowTypeError%",
    "typed_array": "%TypedArray%",
    "array_iterator_prototype": "%ArrayIteratorPrototype%",
    "string_iterator_prototype": "%StringIteratorPrototype%",
    "regexp_string_iterator_prototype": "%RegExpStringIteratorPrototype%",
    "map_iterator_prototype": "%MapIteratorPrototype%",
    "set_iterator_prototype": "%SetIteratorPrototype%",
    "iterator_helper_prototype": "%IteratorHelperPrototype%",
    "wrap_for_valid_iterator_prototype": "%WrapForValidIteratorPrototype%",
    "async_iterator_prototype": "%AsyncIteratorPrototype%",
    "async_from_sync_iterator_prototype": "%AsyncFromSyncIteratorPrototype%",
    "generator_prototype": "%GeneratorPrototype%",
    "async_generator_prototype": "%AsyncGeneratorPrototype%",
    "generator_function": "%GeneratorFunction%",
    "async_function": "%AsyncFunction%",
    "async_generator_function": "%AsyncGeneratorFunction%",
    "abstract_module_source": "%AbstractModuleSource%",
}


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every built-in, by its path from the global object; an object that has two paths is listed at the shorter."""
    del profile
    session = create_engine("vm", "").session(Budget(), Output())
    assert isinstance(session, JavaScriptSession)
    realm = session.state.living()[1]
    rows: list[BuiltIn] = []
    seen = {id(realm.global_object)}
    pending: deque[tuple[str, Any]] = deque([("", realm.global_object)])
    for attribute, name in _HIDDEN.items():
        hidden = getattr(realm, attribute)
        row = _row(name, "", hidden)
        assert row is not None
        rows.append(row)
        seen.add(id(hidden))
        pending.append((name, hidden))
    while pending:
        path, holder = pending.popleft()
        for key in holder.own_property_keys():
            descriptor = holder.get_own_property(key)
            name = _path(path, key)
            for kind, value in _parts(descriptor):
                row = _row(name, kind, value)
                if row is not None:
                    rows.append(row)
                if hasattr(value, "own_property_keys") and id(value) not in seen and not _is_own(name):
                    seen.add(id(value))
                    pending.append((name, value))
    session.close()
    # Prototypes, constants, and where a function stands under a second name with a clause of its own.
    return described(rows, Path(__file__).parent / "properties.tsv")


def _path(holder: str, key: Value) -> str:
    if key.__class__ is Symbol:
        return f"{holder}[{key.description}]"
    return f"{holder}.{key}" if holder else str(key)


def _is_own(name: str) -> bool:
    """What the host adds for tests, `globalThis` itself, and the list of names that `with` does not see."""
    return (
        name.startswith("$262")
        or name.endswith((".constructor", "[Symbol.unscopables]"))
        or name == "globalThis"
    )


def _parts(descriptor: Any) -> list[tuple[str, object]]:
    if descriptor.get is not ABSENT:
        return [("getter", descriptor.get)]
    return [("", descriptor.value)]


def _row(name: str, kind: str, value: Value) -> BuiltIn | None:
    if name.startswith("$262") or name.endswith((".constructor", ".length", ".name")):
        return None
    template = getattr(value, "template_", None)
    if template is not None:
        found = kind or ("constructor" if template.is_constructor else "function")
        return BuiltIn(name, found, int(template.length), *_description(template))
    if hasattr(value, "own_property_keys"):
        return BuiltIn(name, "object")
    return BuiltIn(name, kind or "constant")


def _description(template: FunctionTemplate) -> tuple[str, str]:
    """The section and edition of a built-in; not of what the host adds."""
    return (template.section, template.since) if isinstance(template, BuiltInTemplate) else ("", "")
