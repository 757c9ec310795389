"""`node:os`: what can be said of a machine without looking at it."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.host.definition import add_functions, namespace
from lockstep.reference.javascript.runtime.objects.ordinary import stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.realm import Realm


def os_module(realm: Realm) -> Any:
    """The exports."""
    made = namespace(realm)
    process = realm.host_process
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


def _answer(value: Any) -> Any:
    return lambda _this, *_rest: value
