"""Exceptions and tracebacks: the guest's frames read out of the host's traceback (Language Reference 3.2.13).

A guest exception is a host exception, and its traceback is the host's. The host's chain holds frames of the
engine too; a frame is the guest's when it runs compiled guest code, or when it is the tree-walker's and its
local `frame` is a `GuestFrame`. The tree-walker's node at that moment is its local `node`.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from lockstep.reference.python.runtime.frames import (
    OPTIMIZED,
    Code,
    Frame,
    GuestFrame,
    code_of_host,
    guest_of,
    own_names,
)
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.stack import walked_frame
from lockstep.reference.python.runtime.type_info import define_builtin


class Entry(NamedTuple):
    """One guest frame of a traceback."""

    traceback: TracebackType
    filename: str
    line: int
    name: str
    column: int
    frame: Value
    node: Value = None


def is_compiled_frame(frame: FrameType) -> bool:
    """Whether `frame` runs compiled guest code."""
    return guest_of(frame.f_code) is not None


def entries(traceback: TracebackType | None) -> list[Entry]:
    """The guest's frames of `traceback`, outermost first."""
    found: list[Entry] = []
    while traceback is not None:
        host = traceback.tb_frame
        if is_compiled_frame(host):
            code = host.f_code
            found.append(
                Entry(
                    traceback, code.co_filename, traceback.tb_lineno, code.co_name, _column(traceback), host
                )
            )
        else:
            frame = walked_frame(host)
            if frame is not None:
                node = host.f_locals.get("node")
                line = getattr(node, "lineno", 0)
                column = getattr(node, "col_offset", -1) + 1
                same = bool(found) and found[-1].frame is frame
                if same and not line:
                    line, column, node = found[-1].line, found[-1].column, found[-1].node
                entry = Entry(
                    found[-1].traceback if same else traceback,
                    frame.code.co_filename,
                    line,
                    frame.code.co_name,
                    column,
                    frame,
                    node,
                )
                if same:
                    found[-1] = entry
                elif line:
                    found.append(entry)
        traceback = traceback.tb_next
    return found


def _place(frame: GuestFrame, node: Value) -> Iterator[None]:
    yield


def compacted(traceback: TracebackType | None) -> TracebackType | None:
    """`traceback` with one frame of the host's for each guest frame of the tree-walker's.

    A frame holds the frames that called it, and all they have at hand: an exception that a guest keeps must not keep
    the evaluator's.
    """
    links: list[TracebackType] = []
    link = traceback
    while link is not None:
        links.append(link)
        link = link.tb_next
    # What is compact already stays the same object: guests compare tracebacks.
    compact: TracebackType | None = None
    while links and links[-1].tb_frame.f_code is _place.__code__:
        compact = links.pop()
    found = entries(traceback)
    kept = entries(compact)
    for entry in reversed(found[: len(found) - len(kept)]):
        if isinstance(entry.frame, GuestFrame):
            place: Any = _place(entry.frame, entry.node)  # a generator
            host, instruction = place.gi_frame, 0
        else:
            host, instruction = entry.traceback.tb_frame, entry.traceback.tb_lasti
        compact = TracebackType(compact, host, instruction, max(entry.line, 1))
    return compact


def _column(traceback: TracebackType) -> int:
    positions = getattr(traceback.tb_frame.f_code, "co_positions", None)
    if positions is None:
        return 0
    place = traceback.tb_lasti // 2
    for index, (_, _, column, _) in enumerate(positions()):
        if index == place:
            return 0 if column is None else column + 1
    return 0


def frame_view(frame: Any, line: int | None = None, depth: int = 0) -> Frame | None:
    """The guest's view of a guest frame, with the frames that called it."""
    if isinstance(frame, GuestFrame):
        back = None if frame.back is None or depth > 900 else frame_view(frame.back, None, depth + 1)
        return Frame(frame.code, line or frame.line, frame.globals, frame.local_names(), back, frame.builtins)
    caller = frame.f_back
    while caller is not None and not is_compiled_frame(caller):
        caller = caller.f_back
    back = None if caller is None or depth > 900 else frame_view(caller, None, depth + 1)
    names = frame.f_locals
    if frame.f_code.co_flags & OPTIMIZED:
        names = own_names(names)
    return Frame(
        code_of_host(frame.f_code), line or frame.f_lineno, frame.f_globals, names, back, frame.f_builtins
    )


def _first(traceback: TracebackType) -> Entry | None:
    found = entries(traceback)
    return found[0] if found else None


def _tb_lineno(traceback: TracebackType) -> int:
    first = _first(traceback)
    return first.line if first is not None else 0


def _tb_frame(traceback: TracebackType) -> Frame:
    first = _first(traceback)
    if first is None:
        return Frame(Code("<unknown>", "<unknown>", "<unknown>", 0), 0, {}, {}, None)
    view = frame_view(first.frame, first.line)
    assert view is not None
    return view


def _tb_next(traceback: TracebackType) -> TracebackType | None:
    found = entries(traceback)
    return found[1].traceback if len(found) > 1 else None


def _set_next(traceback: TracebackType, following: Any) -> None:
    traceback.tb_next = following


def guest_traceback(error: BaseException) -> TracebackType | None:
    """`error.__traceback__` from its first guest frame on."""
    found = entries(error.__traceback__)
    return found[0].traceback if found else None


def _set_traceback(error: BaseException, traceback: Any) -> None:
    error.__traceback__ = traceback


define_builtin(
    TracebackType,
    replace={
        "tb_lineno": property(_tb_lineno),
        "tb_frame": property(_tb_frame),
        "tb_next": property(_tb_next, _set_next),
    },
)
define_builtin(BaseException, replace={"__traceback__": property(guest_traceback, _set_traceback)})


def _location_lines(error: BaseException) -> list[str]:
    lines: list[str] = []
    previous: tuple[str, int, str] | None = None
    repeated = 0
    for entry in entries(error.__traceback__):
        key = entry.filename, entry.line, entry.name
        if key == previous:
            repeated += 1
            if repeated > 2:
                continue
        else:
            if repeated > 2:
                lines.append(_repetition(repeated - 2))
            previous, repeated = key, 0
        lines.append(f'  File "{entry.filename}", line {entry.line}, in {entry.name}')
    if repeated > 2:
        lines.append(_repetition(repeated - 2))
    return lines


def _repetition(count: int) -> str:
    return f"  [Previous line repeated {count} more time{'s' if count != 1 else ''}]"


def exception_text(error: BaseException) -> str:
    """`Type: message` as CPython ends a traceback with."""
    name = exception_name(error)
    try:
        message = str(error)
    except Exception:  # whatever the guest's __str__ raises
        message = "<exception str() failed>"
    return f"{name}: {message}" if message else name


def exception_name(error: BaseException) -> str:
    """The name of the exception's class as a traceback prints it: with its module, unless that is built in."""
    cls = type(error)
    module = cls.__module__
    if module in ("builtins", "__main__") or not is_a(module, str):
        return cls.__qualname__
    return f"{module}.{cls.__qualname__}"


def format_traceback(error: BaseException, seen: frozenset[int] = frozenset()) -> list[str]:
    """The lines of a traceback, outermost frame first, causes and contexts before it (CPython's form)."""
    lines: list[str] = []
    seen |= {id(error)}
    cause, context = error.__cause__, error.__context__
    if cause is not None and id(cause) not in seen:
        lines += format_traceback(cause, seen)
        lines += [
            "",
            "The above exception was the direct cause of the following exception:",
            "",
        ]
    elif context is not None and not error.__suppress_context__ and id(context) not in seen:
        lines += format_traceback(context, seen)
        lines += ["", "During handling of the above exception, another exception occurred:", ""]
    places = _location_lines(error)
    if places:
        lines.append("Traceback (most recent call last):")
        lines += places
    lines += exception_text(error).split("\n")
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, (list, tuple)):
        for note in notes:
            lines += str(note).split("\n")
    return lines
