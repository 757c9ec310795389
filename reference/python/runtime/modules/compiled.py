"""Modules of CPython's that are written in C and call back into modules written in Python.

The host's functions import the host's own modules for that: exceptions of `json` and `re` would be of classes that the
guest does not know. What does so is asked of the guest's modules here.
"""

from __future__ import annotations

import importlib
import json.decoder
import re
from types import ModuleType
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.sealed import BuiltinFunction, BuiltinMethod
from lockstep.reference.python.runtime.stack import running_guest
from lockstep.reference.python.runtime.type_info import define_builtin

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


# What the host's functions import when they are first used; they look for it among the host's modules only.
_IMPORTED_LATE = {"_datetime": ("_strptime", "time"), "time": ("_strptime",)}


def import_late(name: str) -> None:
    """Let the host have what its module `name` will import."""
    for other in _IMPORTED_LATE.get(name, ()):
        importlib.import_module(other)


def guest_module(interpreter: Interpreter, name: str) -> Value:
    """The guest's module `name`, loaded where that has not happened yet."""
    return interpreter.load(name)


# -- _json


def json_functions(interpreter: Interpreter, host: ModuleType) -> dict[str, Value]:
    """The scanners of `_json`, which raise the guest's own JSONDecodeError."""

    def translated(function: Callable[..., Value]) -> Callable[..., Value]:
        def scan(*arguments: Value, **keywords: Value) -> Value:
            try:
                return function(*arguments, **keywords)
            except json.JSONDecodeError as error:
                if type(error) is not json.JSONDecodeError:
                    raise
                details = error.msg, error.doc, error.pos
            error_class = get_attribute(guest_module(interpreter, "json.decoder"), "JSONDecodeError")
            failure: BaseException = call(error_class, details, {})
            raise failure

        return scan

    def make_scanner(context: Value) -> Value:
        scan_once = translated(host.make_scanner(context))
        scan_once.__name__ = scan_once.__qualname__ = "scan_once"
        return BuiltinFunction(scan_once)

    scanstring = translated(host.scanstring)
    scanstring.__name__ = scanstring.__qualname__ = "scanstring"
    return {"make_scanner": BuiltinFunction(make_scanner), "scanstring": BuiltinFunction(scanstring)}


# -- _sre


def _is_literal(template: Any) -> bool:
    """Whether a replacement stands for itself (`pattern_subx`)."""
    if is_a(template, str):
        return "\\" not in template
    try:
        return b"\\" not in bytes(memoryview(template))
    except TypeError:
        return False


def _replacement(pattern: Value, template: Value) -> Value:
    if callable(template) or _is_literal(template):
        return template
    made = call(get_attribute(guest_module(running_guest(), "re"), "_subx"), (pattern, template), {})
    return made if callable(made) else lambda _: made


def _substitution(name: str) -> BuiltinMethod:
    host: Callable[..., Value] = getattr(re.Pattern, name)

    def method(self: Value, /, *arguments: Value, **keywords: Value) -> Value:
        if type(self) is re.Pattern:
            if arguments:
                arguments = _replacement(self, arguments[0]), *arguments[1:]
            elif "repl" in keywords:
                keywords["repl"] = _replacement(self, keywords["repl"])
        return host(self, *arguments, **keywords)

    method.__name__, method.__qualname__ = name, f"Pattern.{name}"
    return BuiltinMethod(method, re.Pattern)


def _expand(self: Any, /, template: Any) -> Value:
    expand = get_attribute(guest_module(running_guest(), "re"), "_expand")
    return call(expand, (self.re, self, template), {})


_expand.__name__, _expand.__qualname__ = "expand", "Match.expand"
define_builtin(re.Pattern, replace={"sub": _substitution("sub"), "subn": _substitution("subn")})
define_builtin(re.Match, replace={"expand": BuiltinMethod(_expand, re.Match)})
