"""`node:buffer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.buffers.buffer import LARGEST
from lockstep.reference.javascript.host.definition import add_functions, dictionary
from lockstep.reference.javascript.host.hosting import global_of
from lockstep.reference.javascript.host.web.encoding import source_bytes
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_LONGEST_TEXT = 2**29 - 24


def buffer_module(realm: Realm) -> JSObject:
    """The exports."""
    constants = dictionary(
        realm, [("MAX_LENGTH", float(LARGEST)), ("MAX_STRING_LENGTH", float(_LONGEST_TEXT))]
    )
    made = dictionary(
        realm,
        [
            ("Buffer", global_of(realm, "Buffer")),
            ("SlowBuffer", global_of(realm, "Buffer")),
            ("kMaxLength", float(LARGEST)),
            ("kStringMaxLength", float(_LONGEST_TEXT)),
            ("constants", constants),
            ("atob", global_of(realm, "atob")),
            ("btoa", global_of(realm, "btoa")),
            ("INSPECT_MAX_BYTES", 50.0),
        ],
    )

    def is_utf8(_this: Value, given: Value = undefined, *_rest: Value) -> bool:
        try:
            source_bytes(realm, given).decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    def is_ascii(_this: Value, given: Value = undefined, *_rest: Value) -> bool:
        return source_bytes(realm, given).isascii()

    add_functions(realm, made, [("isUtf8", is_utf8, 1), ("isAscii", is_ascii, 1)])
    return made
