"""ECMA-262 6.2.5: the Reference Record specification type."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.runtime.values import Value


class Reference:
    """6.2.5 Reference Record.

    Attributes:
        base: [[Base]]: a language value, an Environment Record, or None for unresolvable.
        name: [[ReferencedName]]: a property key, a Private Name, or before ToPropertyKey any value.
        strict: [[Strict]].
        this_value: [[ThisValue]] of a super reference, else unused.
        kind: `unresolvable`, `environment`, `property`, `super` or `private`.
    """

    __slots__ = ("base", "kind", "name", "strict", "this_value")

    def __init__(self, kind: str, base: Any, name: Any, strict: bool, this_value: Value = None) -> None:
        self.kind = kind
        self.base = base
        self.name = name
        self.strict = strict
        self.this_value = this_value
