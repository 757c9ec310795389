"""What a realm has: every intrinsic that a program can reach by property names."""

from __future__ import annotations

from collections import deque
from typing import Any

from lockstep.reference.host.inventory import BuiltIn, section_of
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import JavaScriptSession, create_engine
from lockstep.reference.javascript.runtime.values import ABSENT, Symbol


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every built-in, by its path from the global object; an object that has two paths is listed at the shorter."""
    del profile
    session = create_engine("vm", "").session(Budget(), Output())
    assert isinstance(session, JavaScriptSession)
    realm = session.state.living()[1]
    rows: list[BuiltIn] = []
    seen = {id(realm.global_object)}
    pending: deque[tuple[str, Any]] = deque([("", realm.global_object)])
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
    return sorted(rows, key=lambda row: row.name)


def _path(holder: str, key: Any) -> str:
    if key.__class__ is Symbol:
        return f"{holder}[{key.description}]"
    return f"{holder}.{key}" if holder else str(key)


def _is_own(name: str) -> bool:
    """What the host adds for tests, and `globalThis` itself."""
    return name.startswith("$262") or name.endswith(".constructor") or name == "globalThis"


def _parts(descriptor: Any) -> list[tuple[str, Any]]:
    if descriptor.get is not ABSENT:
        return [("getter", descriptor.get)]
    return [("", descriptor.value)]


def _row(name: str, kind: str, value: Any) -> BuiltIn | None:
    if name.startswith("$262") or name.endswith((".constructor", ".length", ".name")):
        return None
    template = getattr(value, "template_", None)
    if template is not None:
        found = kind or ("constructor" if template.is_constructor else "function")
        return BuiltIn(name, found, int(template.length), section_of(template.function))
    if hasattr(value, "own_property_keys"):
        return BuiltIn(name, "object")
    return BuiltIn(name, kind or "constant")
