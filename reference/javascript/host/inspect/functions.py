"""How inspection writes functions and classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.intrinsics.fundamental.function import to_string as source_text
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_COMMENTS: Final = re.compile(r"(//.*?\n)|(/\*(.|\n)*?\*/)")
_CLASS: Final = re.compile(r"(\s+[^(]*?)\s*{")


def _is_class(realm: Realm, value: Value) -> bool:
    text = source_text(realm, value)
    if not text.startswith("class") or not text.endswith("}"):
        return False
    inner = text[5:-1]
    brace = inner.find("{")
    if brace < 0:
        return False
    return "(" not in inner[:brace] or _CLASS.match(_COMMENTS.sub("", inner)) is not None


def function_base(realm: Realm, value: JSObject, constructor: str | None, tag: str) -> str:
    """`[Function: name]`, `[class Name extends Base]` and their kin."""
    if _is_class(realm, value):
        return _class_base(value, constructor, tag)
    template = getattr(value, "template_", None)
    kind = "Function"
    if template is not None and template.is_generator:
        kind = f"Generator{kind}"
    if template is not None and template.is_async:
        kind = f"Async{kind}"
    name = get(value, "name")
    base = f"[{kind}{' (null prototype)' if constructor is None else ''}"
    base += " (anonymous)]" if name == "" else f": {_text(name)}]"
    if constructor is not None and constructor != kind:
        base += f" {constructor}"
    return base + (f" [{tag}]" if tag and constructor != tag else "")


def _class_base(value: JSObject, constructor: str | None, tag: str) -> str:
    name = get(value, "name") if value.get_own_property("name") is not None else ""
    base = f"class {_text(name) or '(anonymous)'}"
    if constructor is not None and constructor != "Function":
        base += f" [{constructor}]"
    if tag and constructor != tag:
        base += f" [{tag}]"
    if constructor is None:
        return f"[{base} extends [null prototype]]"
    parent = value.get_prototype_of()
    above = get(parent, "name") if parent is not null else undefined
    return f"[{base} extends {_text(above)}]" if above else f"[{base}]"


def _text(name: Value) -> str:
    return name if name.__class__ is str else "" if name is undefined else str(name)
