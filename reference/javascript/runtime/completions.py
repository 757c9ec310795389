"""ECMA-262 6.2.4: abrupt completions as host exceptions, and host exceptions as guest errors.

A throw completion is a `ThrowCompletion`. The runtime throws native errors before their object exists
(`raise type_error(...)`): the object is made where the completion is caught, in the realm of the innermost frame that
has one, so no operation needs the realm only to be able to fail. Host exceptions that stand for guest errors (an
unbound variable, recursion without end) are translated at the same place.
"""

from __future__ import annotations

import dis
import sys
from collections import deque
from collections.abc import Sequence
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.errors import GuestSyntaxError, Location
from lockstep.reference.host.generation.block_names import is_block, owner_name
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

_SHOWN_FRAMES = 10
_BOX_READS = frozenset({"LOAD_FAST", "LOAD_DEREF"})

GUEST_REALM = "realm_"
"""The global (of generated code) or local (of an evaluator) that holds a guest frame's realm."""

FIRST_CALL = "<first call>"
"""The file name of host code with a guest's globals that is no guest's code, and not shown."""


class ThrowCompletion(Exception):  # noqa: N818  # the specification's name
    """A throw completion with its value.

    Attributes:
        frames: what the tree-walker noted of the contexts that it passed, by name; unset before.
        passed: the last of them.
    """

    frames: list[tuple[str, Location]]
    passed: object

    def __init__(self, value: Value) -> None:
        self.value = value


class NativeErrorCompletion(ThrowCompletion):
    """A throw completion whose value, an error object, is not made yet.

    Attributes:
        name: `TypeError`, `RangeError`, ...
        message: the message.
        realm: the realm the error belongs to, if the thrower knew.
    """

    def __init__(self, name: str, message: str, realm: Realm | None = None) -> None:
        self.name = name
        self.message = message
        self.realm = realm
        self.value = None

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class ReturnSignal(BaseException):
    """A return completion sent into a suspended generator (27.5.3.4); `finally` runs, `catch` does not."""

    def __init__(self, value: Value) -> None:
        self.value = value


def type_error(message: str) -> NativeErrorCompletion:
    """A TypeError to raise."""
    return NativeErrorCompletion("TypeError", message)


def range_error(message: str) -> NativeErrorCompletion:
    """A RangeError to raise."""
    return NativeErrorCompletion("RangeError", message)


def reference_error(message: str) -> NativeErrorCompletion:
    """A ReferenceError to raise."""
    return NativeErrorCompletion("ReferenceError", message)


def syntax_error(message: str) -> NativeErrorCompletion:
    """A SyntaxError to raise."""
    return NativeErrorCompletion("SyntaxError", message)


MISSING_SUPER = "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"


def uninitialized(name: str) -> NativeErrorCompletion:
    """The ReferenceError for a binding in its temporal dead zone."""
    if name == "this":
        return reference_error(MISSING_SUPER)
    return reference_error(f"Cannot access '{name}' before initialization")


def thrown_value(error: BaseException, realm: Realm) -> Value:
    """The guest value of a caught host exception; `realm` is the catcher's.

    Raises:
        BaseException: `error` itself, when no guest may see it (a limit, a bug of ours).
    """
    if isinstance(error, ThrowCompletion):
        if isinstance(error, NativeErrorCompletion) and error.value is None:
            owner = error.realm or _innermost_realm(error.__traceback__) or realm
            error.value = owner.make_error(error.name, error.message)
            _record_location(error.value, error.__traceback__, owner)
        value = error.value
        _forget(error)
        return value
    translated = _translate(error)
    if translated is None:
        raise error
    owner = _innermost_realm(error.__traceback__) or realm
    value = owner.make_error(*translated)
    if is_overflow(error):
        realm.agent.headroom.close()
        realm.agent.headroom.overflow = value
    _record_location(value, error.__traceback__, owner)
    _forget(error)
    return value


def _forget(error: BaseException) -> None:
    error.__traceback__ = None
    error.__context__ = None


def sever_context() -> None:
    """Call before guest code that an operation runs while generated code handles a host exception.

    The host links each exception to the one being handled, and walks the whole chain at each raise; so recursion
    through such places would take time that is quadratic in its depth.
    """
    handled = sys.exc_info()[1]
    if handled is not None:
        handled.__context__ = None


def run_deeper(realm: Realm, error: BaseException | None) -> None:
    """Call before code that runs because `error` passes it (a `finally`): an overflow leaves no stack for it."""
    headroom = realm.agent.headroom
    if is_overflow(error) or (
        isinstance(error, ThrowCompletion) and error.value is not None and error.value is headroom.overflow
    ):
        headroom.open()


def is_overflow(error: BaseException | None) -> bool:
    """Whether the host's stack has ended. PyPy says so with a TypeError where it was handling another exception."""
    return isinstance(error, RecursionError) or (
        isinstance(error, TypeError) and "'RecursionError'" in str(error)
    )


def _translate(error: BaseException) -> tuple[str, str] | None:
    if is_overflow(error):
        return "RangeError", "Maximum call stack size exceeded"
    if isinstance(error, GuestSyntaxError):
        return error.name, error.message
    if isinstance(error, (NameError, IndexError)):
        frame = innermost_frame(error.__traceback__)
        if frame is not None and GUEST_REALM in frame.f_globals:
            name = _variable(error) or _boxed_variable(error.__traceback__)
            return "ReferenceError", uninitialized(name).message
    return None


def _variable(error: Exception) -> str:
    name = getattr(error, "name", None)
    if name is None:
        parts = str(error).split("'")
        name = parts[1] if len(parts) > 1 else ""
    return _guest_variable(name)


def _guest_variable(host: str) -> str:
    return host.partition("@")[0].removeprefix("$")


def _boxed_variable(traceback: TracebackType | None) -> str:
    """The variable whose box was empty: the host's code that failed reads the box just before."""
    last = traceback
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    name = ""
    if last is not None:
        for instruction in dis.get_instructions(last.tb_frame.f_code):
            if instruction.offset >= last.tb_lasti:
                break
            if instruction.opname in _BOX_READS:
                name = str(instruction.argval)
    return _guest_variable(name) or "variable"


def innermost_frame(traceback: TracebackType | None) -> FrameType | None:
    """The frame in which the exception was raised."""
    if traceback is None:
        return None
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame


def _innermost_realm(traceback: TracebackType | None) -> Realm | None:
    found: Realm | None = None
    frame: FrameType
    while traceback is not None:
        frame = traceback.tb_frame
        candidate = frame.f_globals.get(GUEST_REALM)
        if candidate is None:
            names = frame.f_code.co_varnames
            if "realm" in names[:4]:
                candidate = frame.f_locals.get("realm")
            elif GUEST_REALM in names:
                candidate = frame.f_locals.get(GUEST_REALM)
        if candidate is not None:
            found = candidate
        traceback = traceback.tb_next
    return found


class GuestFrames(Sequence[tuple[str, Location]]):
    """Function name and location of guest frames of generated code, innermost first; columns are found when asked for."""

    __slots__ = ("_places",)

    def __init__(self, places: list[tuple[CodeType, int, int]]) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        code, instruction, line = self._places[index]
        column = 0
        if sys.version_info >= (3, 11):
            place = next(islice(code.co_positions(), instruction // 2, None), None)
            column = ((place[2] if place else None) or 0) + 1
        return owner_name(code.co_name), Location(code.co_filename, line, column)


def guest_frames(traceback: TracebackType | None) -> GuestFrames:
    """The innermost guest frames of generated code that an exception left."""
    innermost: deque[TracebackType] = deque(maxlen=_SHOWN_FRAMES)
    while traceback is not None:
        frame = traceback.tb_frame
        if GUEST_REALM in frame.f_globals and frame.f_code.co_filename != FIRST_CALL:
            if innermost and is_block(frame.f_code.co_name):
                # A moved block is part of its function: of the two, the block tells where that is.
                innermost[-1] = traceback
            else:
                innermost.append(traceback)
        traceback = traceback.tb_next
    return GuestFrames([(one.tb_frame.f_code, one.tb_lasti, one.tb_lineno) for one in reversed(innermost)])


def frame_line(function: str, place: Location) -> str:
    """A line of a stack trace."""
    shown = function.partition("@")[0]
    return f"    at {'<top level>' if shown in ('program_', '') else shown} ({place})"


def _record_location(value: Any, traceback: TracebackType | None, realm: Realm) -> None:
    stacks = realm.agent.stacks
    if stacks is not None:
        stacks.capture_thrown(value, traceback)
    if getattr(value, "stack_", None) is None and traceback is not None:
        frames = guest_frames(traceback)
        if frames:
            value.stack_ = frames
