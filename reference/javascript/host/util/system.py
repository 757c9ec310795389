"""`node:os` and `node:tty`: what can be said of a machine without looking at it."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import HostCall, add_functions, class_of, namespace
from lockstep.reference.javascript.host.hosting import global_of
from lockstep.reference.javascript.host.modules.refused import refusing
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def os_module(realm: Realm) -> JSObject:
    """The exports."""
    made = namespace(realm)
    process = global_of(realm, "process")
    answers = {
        "platform": get(process, "platform"),
        "arch": get(process, "arch"),
        "type": {"linux": "Linux", "darwin": "Darwin"}.get(sys.platform, "Windows_NT"),
        "release": "",
        "hostname": "localhost",
        "homedir": to_utf16(os.path.expanduser("~")),
        "tmpdir": to_utf16(tempfile.gettempdir()),
        "endianness": "LE",
        "availableParallelism": 1.0,
    }
    add_functions(realm, made, [(name, _answer(value), 0) for name, value in answers.items()])
    add_functions(realm, made, [("cpus", lambda _this, *_rest: realm.make_array([]), 0)])
    stored(made)["EOL"] = plain("\n")
    stored(made)["devNull"] = plain("/dev/null")
    return made


def tty_module(realm: Realm) -> JSObject:
    """`node:tty`: a program's streams are no terminals of its own."""
    made = namespace(realm)
    add_functions(realm, made, [("isatty", _answer(False), 1)])
    for name in ("ReadStream", "WriteStream"):
        stored(made)[name] = plain(class_of(realm, name, refusing(realm, f"node:tty: {name}"))[0])
    return made


def _answer(value: Value) -> HostCall:
    return lambda _this, *_rest: value
