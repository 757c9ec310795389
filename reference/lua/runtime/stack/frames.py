"""The Lua call stack, read off the host's own frames.

Nothing is recorded while code runs. A host frame is a Lua activation if an evaluator marked it: compiled
code by its file name, the tree-walker by the name of the function that holds the activation; a built-in is a function
`lua_...` of the library folder, or of a module that says it is a library. Some functions of the runtime tell how the
activation inside them came about (`_ROLES`).
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from types import FrameType, TracebackType
from typing import Any, overload

from lockstep.reference.host.generation.block_names import is_block
from lockstep.reference.lua.syntax.chunk_name import displayed

CODE_PREFIX = "lua:"
STRIPPED_PREFIX = "lua stripped:"
_CODE = (CODE_PREFIX, STRIPPED_PREFIX)
ACTIVATION_NAME = "activate_lua_function"
# After the prefix: what tells chunks of one name apart, and a colon.
_KEY_LENGTH = 13
_RUNTIME = "/lua/runtime/"
_HOOKED_BUILTIN = "call_builtin"
_LIBRARY = "/lua/runtime/library/"
# A module elsewhere whose `lua_...` functions are built-ins defines this name.
LIBRARY_MARK = "LUA_LIBRARY"

FINALIZER = ("metamethod", "__gc")
# Functions of the runtime between two activations, by name: what they say about the inner one.
_TAIL_CALL = "tail call"
_CLOSES_AFTER_ERROR = "closes after error"
_PROTECTS = "protects"
# Beyond a coroutine's start some hosts go on with the frames of whoever resumed it.
_STARTS = "starts"
_METAMETHOD = "metamethod"
_ITERATOR = ("for iterator", "for iterator")
# Functions of the runtime whose frame stands below a coroutine's first one.
STARTING = frozenset(("coroutine_body", "hosted_body", "resume", "_go_on", "unwind"))
# What a metamethod or an iterator is called by: 5.1 does not go on there after a yield.
CALLING = frozenset(("index", "set_index", "call_metamethod", "_single", "_several", "call_iterator"))
_ROLES: dict[str, tuple[str, str]] = {
    "first": (_TAIL_CALL, ""),
    "finish": (_TAIL_CALL, ""),
    "values": (_TAIL_CALL, ""),
    "call_metamethod": (_METAMETHOD, ""),
    "index": (_METAMETHOD, "index"),
    "set_index": (_METAMETHOD, "newindex"),
    "close_value": (_METAMETHOD, "close"),
    "_finalize": FINALIZER,
    "_single": _ITERATOR,
    "_several": _ITERATOR,
    "_resumed": _ITERATOR,
    "_resumed_several": _ITERATOR,
    "call_iterator": _ITERATOR,
    "call_hook": ("hook", "?"),
    "close_on_error": (_CLOSES_AFTER_ERROR, ""),
    "protected_call": (_PROTECTS, ""),
    **dict.fromkeys(STARTING, (_STARTS, "")),
}


def code_file_name(chunk_name: str, key: str, *, stripped: bool) -> str:
    """The file name of compiled code; `key` tells chunks of the same name apart."""
    prefix = STRIPPED_PREFIX if stripped else CODE_PREFIX
    return f"{prefix}{key[: _KEY_LENGTH - 1]}:{chunk_name}".replace("\0", "\\0")


def chunk_name_of(file_name: str) -> str:
    """The chunk name in a compiled code's file name."""
    return file_name[file_name.index(":") + _KEY_LENGTH + 1 :]


class Level:
    """One level of the Lua call stack.

    Attributes:
        frame: its host frame.
        kind: `compiled`, `walked`, `host` for a built-in, or `tail` for an activation that a tail call replaced (5.1).
        called_as: how the runtime called it: (`metamethod`, `index`), (`hook`, `?`), or None.
        is_tail_call: it was called by a tail call, so who called is not known.
        event: of a hook, what it is told.
    """

    __slots__ = ("_instruction", "_line", "called_as", "event", "frame", "is_tail_call", "kind", "trampoline")

    def __init__(self, frame: FrameType, kind: str, trace: TracebackType | None = None) -> None:
        self.frame = frame
        self.kind = kind
        self.called_as: tuple[str, str] | None = None
        self.is_tail_call = False
        self.trampoline: FrameType | None = None
        self.event: dict[str, Any] | None = None
        self._line = None if trace is None or kind != "compiled" else trace.tb_lineno
        self._instruction = None if trace is None else trace.tb_lasti

    @property
    def line(self) -> int:
        """The current line, or -1 where none is known: in a built-in and in stripped code."""
        if self.kind in ("host", "tail"):
            return -1
        if self.kind == "walked":
            line: int = self.activation.line
            return line
        if self.frame.f_code.co_filename.startswith(STRIPPED_PREFIX):
            return -1
        return self._line or self.frame.f_lineno

    @property
    def instruction(self) -> int:
        """Where compiled code is."""
        return self.frame.f_lasti if self._instruction is None else self._instruction

    @property
    def activation(self) -> Any:
        """The tree-walker's own record of this activation."""
        return self.frame.f_locals["activation"]

    @property
    def chunk_name(self) -> str:
        """The name of the chunk, as given to `load`."""
        if self.kind == "compiled":
            return chunk_name_of(self.frame.f_code.co_filename)
        name: str = self.activation.chunk_name
        return name


def kind_of(frame: FrameType) -> str | None:
    """`compiled`, `walked`, `host` (a built-in), or None for a frame that Lua does not see."""
    code = frame.f_code
    filename = code.co_filename
    if filename.startswith(_CODE):
        return "compiled"
    name = code.co_name
    if name == ACTIVATION_NAME:
        # Where the host's stack ends, it may be before the activation is made.
        return "walked" if "activation" in frame.f_locals else None
    if name.startswith("lua_") and (_LIBRARY in filename or LIBRARY_MARK in frame.f_globals):
        return "host"
    if name == _HOOKED_BUILTIN and _RUNTIME in filename:
        return "host"
    return None


def outermost(frame: FrameType) -> FrameType:
    """The host frame where the activation begins whose innermost part is `frame` (a moved block is part of it)."""
    while is_block(frame.f_code.co_name) and frame.f_back is not None:
        frame = frame.f_back
    return frame


def role_of(frame: FrameType) -> tuple[str, str] | None:
    """What a frame of the runtime says about the activation inside it."""
    code = frame.f_code
    role = _ROLES.get(code.co_name)
    if role is None or _RUNTIME not in code.co_filename:
        return None
    return role


def starts_coroutine(frame: FrameType) -> bool:
    """Whether a frame is the outermost of a coroutine's."""
    role = role_of(frame)
    return role is not None and role[0] is _STARTS


def levels_from(frame: FrameType | None) -> Iterator[Level]:
    """The call stack from `frame` outwards.

    A `__close` that runs because of an error was called by what protects against the error: the levels between are
    gone (`luaD_closeprotected`).
    """
    inner: Level | None = None
    unwinding = False
    while frame is not None:
        kind = kind_of(frame)
        if kind is not None and not unwinding:
            if kind == "host" and _stands_inside(frame):
                frame = frame.f_back
                continue
            if inner is not None:
                yield inner
            inner = Level(frame, kind)
        elif kind is None:
            role = role_of(frame)
            if role is not None:
                if role[0] is _STARTS:
                    break
                unwinding = _apply(role, frame, inner, unwinding)
        frame = outermost(frame).f_back
    if inner is not None:
        yield inner


def _stands_inside(frame: FrameType) -> bool:
    """Whether the frame around that of a built-in stands for the built-in already."""
    outer = frame.f_back
    return outer is not None and outer.f_code.co_name == _HOOKED_BUILTIN and kind_of(outer) is not None


def lost_calls(frame: FrameType) -> int:
    """How many activations the tail calls have replaced that led to the one in `frame`."""
    outer = frame.f_back
    while outer is not None and kind_of(outer) is None:
        role = role_of(outer)
        if role is not None:
            return outer.f_locals["lost"] if role[0] is _TAIL_CALL else 0
        outer = outer.f_back
    return 0


class WithLostCalls(Sequence[Level]):
    """The levels as 5.1 has them: each activation that a tail call replaced is a level of its own, outside the caller's."""

    def __init__(self, stacked: Sequence[Level]) -> None:
        self._levels = stacked
        self._starts: list[int] = []
        self._length = 0
        for level in stacked:
            self._starts.append(self._length)
            trampoline = level.trampoline if level.is_tail_call else None
            self._length += 1 + (trampoline.f_locals["lost"] if trampoline is not None else 0)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, position: int) -> Level: ...

    @overload
    def __getitem__(self, position: slice) -> list[Level]: ...

    def __getitem__(self, position: int | slice) -> Level | list[Level]:
        if isinstance(position, slice):
            return [self[one] for one in range(*position.indices(self._length))]
        if not 0 <= position < self._length:
            raise IndexError(position)
        number = bisect_right(self._starts, position) - 1
        level = self._levels[number]
        return level if self._starts[number] == position else Level(level.frame, "tail")


def _apply(role: tuple[str, str], frame: FrameType, inner: Level | None, unwinding: bool) -> bool:
    """Note what a runtime frame says about `inner`; whether the levels around it are gone."""
    what, name = role
    if what is _CLOSES_AFTER_ERROR:
        if inner is not None:
            inner.called_as = None
        return True
    if what is _PROTECTS:
        return False
    if inner is None or unwinding or what is _STARTS:
        return unwinding
    if what is _TAIL_CALL:
        inner.is_tail_call = inner.called_as is None
        inner.trampoline = frame
    elif inner.called_as is None and not inner.is_tail_call:
        inner.called_as = (what, name or str(frame.f_locals["event"])[2:])
        if what == "hook":
            inner.event = frame.f_locals
    return unwinding


def levels_of_trace(trace: TracebackType | None) -> list[Level]:
    """The levels that an error ended, innermost first."""
    result: list[Level] = []
    roles: list[tuple[tuple[str, str], FrameType]] = []
    while trace is not None:
        frame = trace.tb_frame
        kind = kind_of(frame)
        if kind is not None and not (kind == "host" and _stands_inside(frame)):
            level = Level(frame, kind, trace)
            for role, holder in reversed(roles):
                _apply(role, holder, level, unwinding=False)
            roles = []
            # An activation that raised an error again, after it closed a variable, stands there twice.
            if is_block(frame.f_code.co_name) or (result and result[-1].frame is frame):
                result.pop()
            result.append(level)
        else:
            role_here = role_of(frame)
            if role_here is not None:
                roles.append((role_here, frame))
        trace = trace.tb_next
    result.reverse()
    return result


def levels(skip: int = 1) -> Iterator[Level]:
    """The call stack from the innermost level outwards; `skip` host frames are passed first."""
    return levels_from(sys._getframe(skip))  # documented, and on both hosts


def where(level: int, *, lost_calls: bool = False) -> str:
    """`chunk:line: ` of the Lua function at `level` (0: the innermost level), else ""; 5.1 counts lost calls.

    Where the line is not known the interpreter's own errors (level 0) show -1, those of built-ins nothing.
    """
    entry = _lost_level(level) if lost_calls and level > 1 else _level_at(level)
    if entry is None or entry.kind in ("host", "tail") or (level > 0 and entry.line <= 0):
        return ""
    return f"{displayed(entry.chunk_name)}:{entry.line}: "


def _lost_level(level: int) -> Level | None:
    stacked = WithLostCalls(list(levels(3)))
    return stacked[level] if level < len(stacked) else None


def _level_at(level: int) -> Level | None:
    """The level at a position, as `levels_from` gives it, but without what is said about how it came about."""
    frame: FrameType | None = sys._getframe(2)
    position = 0
    while frame is not None:
        kind = kind_of(frame)
        if kind is None:
            name = frame.f_code.co_name
            if name == "close_on_error":
                return next(islice(levels(3), level, None), None)
            if name in STARTING and role_of(frame) is not None:
                return None
        elif kind != "host" or not _stands_inside(frame):
            if position == level:
                return Level(frame, kind)
            position += 1
            frame = outermost(frame)
        frame = frame.f_back
    return None
