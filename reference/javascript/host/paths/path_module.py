"""`node:path`."""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import add_functions, dictionary, wrong_type
from lockstep.reference.javascript.host.modules.builtins import built_in
from lockstep.reference.javascript.host.paths import posix, windows
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _functions(realm: Realm, host: ModuleType, separator: str) -> JSObject:
    def text(value: Value, name: str = "path") -> str:
        if value.__class__ is not str:
            raise wrong_type(realm, f'The "{name}" argument', "of type string", value)
        return str(value)

    def here() -> str:
        return to_utf16(os.getcwd())

    def shaped(path: Value = undefined) -> JSObject:
        return dictionary(realm, host.parse(text(path)).items())

    def formatted(pieces: Value = undefined) -> str:
        if not isinstance(pieces, JSObject):
            raise wrong_type(realm, 'The "pathObject" argument', "of type object", pieces)

        def part(name: str) -> str:
            found = get(pieces, name)
            return found if isinstance(found, str) else ""

        end = part("ext")
        base = part("base") or part("name") + (f".{end}" if end and end[0] != "." else end)
        folder = part("dir") or part("root")
        if not folder:
            return base
        return folder + base if folder == part("root") else folder + separator + base

    def is_absolute(path: Value = undefined) -> bool:
        given = text(path)
        return windows.is_absolute(given) if host is windows else given.startswith("/")

    made = slow_object(JSObject, realm.object_prototype)
    add_functions(
        realm,
        made,
        [
            (
                "resolve",
                lambda _this, *parts: host.resolve(
                    here(), *[text(part, f"paths[{place}]") for place, part in enumerate(parts)]
                ),
                0,
            ),
            ("normalize", lambda _this, path=undefined, *_rest: host.normalize(text(path)), 1),
            ("isAbsolute", lambda _this, path=undefined, *_rest: is_absolute(path), 1),
            ("join", lambda _this, *parts: host.join(*[text(part) for part in parts]), 0),
            (
                "relative",
                lambda _this, before=undefined, after=undefined, *_rest: host.relative(
                    here(), text(before, "from"), text(after, "to")
                ),
                2,
            ),
            ("toNamespacedPath", lambda _this, path=undefined, *_rest: path, 1),
            ("dirname", lambda _this, path=undefined, *_rest: host.dirname(text(path)), 1),
            (
                "basename",
                lambda _this, path=undefined, suffix=undefined, *_rest: host.basename(
                    text(path), "" if suffix is undefined else text(suffix, "suffix")
                ),
                2,
            ),
            ("extname", lambda _this, path=undefined, *_rest: host.extname(text(path)), 1),
            ("format", lambda _this, pieces=undefined, *_rest: formatted(pieces), 1),
            ("parse", lambda _this, path=undefined, *_rest: shaped(path), 1),
        ],
    )
    stored(made)["sep"] = plain(separator)
    stored(made)["delimiter"] = plain(";" if host is windows else ":")
    return made


def path_module(realm: Realm) -> JSObject:
    """The exports."""
    made = _functions(realm, posix, "/")
    other = _functions(realm, windows, "\\")
    for target in (made, other):
        stored(target)["win32"] = plain(other)
        stored(target)["posix"] = plain(made)
    return made


def windows_module(realm: Realm) -> Value:
    """`node:path/win32`."""
    return get(built_in(realm, "path"), "win32")
