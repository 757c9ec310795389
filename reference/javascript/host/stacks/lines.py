"""The lines of a stack trace, and call sites for `Error.prepareStackTrace`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from lockstep.reference.javascript.host.definition import HostCall, add_functions
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.call_frame import CallFrame
    from lockstep.reference.javascript.runtime.interfaces import Realm

_EVAL_FILES = ("<eval>", "<anonymous>")


def file_url(path: str) -> str:
    """The URL of a file, as node writes it."""
    return "file://" + quote(path, safe="/!$&'()*+,-.:;=@_~")


class FrameText:
    """One frame as a trace shows it.

    Attributes:
        file: the file or URL; "" for code that has none.
        line: from 1.
        column: from 1.
        function: the name with class and `new`.
        text: the whole without `at`.
    """

    __slots__ = ("column", "file", "frame", "function", "line", "text")

    def __init__(self, realm: Realm, frame: CallFrame) -> None:
        host = hosting_of(realm)
        self.frame = frame
        self.line, self.column = frame.place
        file = frame.file
        if file in host.commonjs_files:
            if self.line == 1:
                self.column = max(1, self.column - host.commonjs_offset)
        elif file in host.module_files and PurePosixPath(file).is_absolute():
            file = file_url(file)
        self.file = to_utf16(file)
        name = frame.function
        if frame.is_constructor:
            name = f"new {name or '<anonymous>'}"
        elif file in _EVAL_FILES and name in ("", "anonymous"):
            name = "eval"
        if frame.is_async:
            name = f"async {name}".rstrip()
        self.function = to_utf16(name)
        place = f"{self.file}:{self.line}:{self.column}" if file else "<anonymous>"
        if file in _EVAL_FILES:
            place = f"eval at <anonymous> ({host.main_file}), <anonymous>:{self.line}:{self.column}"
        self.text = (
            f"{self.function} ({place})"
            if name and name != "async"
            else f"{'async ' if frame.is_async else ''}{place}"
        )


def call_site(realm: Realm, shown: FrameText) -> JSObject:
    """A CallSite object for `Error.prepareStackTrace`."""
    frame = shown.frame
    owner, dot, method = frame.function.rpartition(".")
    answers: dict[str, Value] = {
        "getFileName": shown.file or null,
        "getScriptNameOrSourceURL": shown.file or null,
        "getLineNumber": float(shown.line),
        "getColumnNumber": float(shown.column),
        "getFunctionName": frame.function.rpartition(".")[2] or null,
        "getTypeName": owner or null,
        "getMethodName": method if dot else null,
        "getThis": undefined,
        "getFunction": undefined,
        "getEvalOrigin": undefined,
        "isToplevel": not dot,
        "isEval": shown.file in _EVAL_FILES,
        "isNative": False,
        "isConstructor": frame.is_constructor,
        "isAsync": frame.is_async,
        "isPromiseAll": False,
        "getPromiseIndex": null,
        "toString": shown.text,
    }
    prototype = slow_object(JSObject, realm.object_prototype)
    rows = [(name, _answer(value), 0) for name, value in answers.items()]
    add_functions(realm, prototype, rows, enumerable=False)
    return slow_object(JSObject, prototype)


def _answer(value: Value) -> HostCall:
    return lambda _this, *_rest: value
