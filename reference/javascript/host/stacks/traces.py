"""Traces: what is noted when an error is made, and its text, which is made when somebody reads `stack`."""

from __future__ import annotations

import math
import sys
import weakref
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import add_functions
from lockstep.reference.javascript.host.stacks.asynchronous import waiting_frames
from lockstep.reference.javascript.host.stacks.lines import FrameText, call_site
from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.fundamental.error import to_string as error_to_string
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, make_slow, mirror_changed, stored
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import ABSENT, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_MOST_FRAMES = 10
_MOST_EVER = 200
_AT = "\n    at "


class StackProperty(Property):
    """The own property `stack`: a data property whose value is made when it is first read.

    Attributes:
        frames: the calls that were in progress.
    """

    __slots__ = ("_error", "_header", "_made", "_stacks", "frames")

    def __init__(
        self, stacks: HostStacks, error: JSObject, frames: list[CallFrame], header: str | None
    ) -> None:
        self.frames = frames
        self._stacks: HostStacks | None = stacks
        # Held by the error itself: a circle would keep both until the next collection.
        self._error = weakref.ref(error)
        self._header = header
        self._made: Value = undefined
        self.writable = self.configurable = True
        self.enumerable = False
        self.get = self.set = ABSENT

    @property
    def value(self) -> Value:
        """The text."""
        stacks, self._stacks = self._stacks, None
        if stacks is not None:
            error = self._error()
            if error is not None:
                self._made = stacks.text_of(stacks.realm, error, self.frames, self._header)
        return self._made

    @value.setter
    def value(self, new: Value) -> None:
        self._stacks = None
        self._made = new


class HostStacks:
    """Captures traces for one agent (see `interfaces.Stacks`).

    Attributes:
        realm: the first realm.
        bottom: the host code below which the program's calls end.
    """

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.bottom: CodeType | None = None
        self._names: dict[int, str] = {}
        self._error: JSObject | None = None

    def install(self, realm: Realm) -> None:
        """See `interfaces.Stacks`."""
        if realm is self.realm:
            self._error = realm.error
        stored(realm.error)["stackTraceLimit"] = Property(float(_MOST_FRAMES), True, True, True)

        def capture_stack_trace(
            _this: Value, target: Value = undefined, function: Value = undefined, *_rest: Value
        ) -> None:
            if not isinstance(target, JSObject):
                raise type_error("Invalid argument")
            self.capture(target, below=function)

        add_functions(realm, realm.error, [("captureStackTrace", capture_stack_trace, 2)], enumerable=False)

    def limit(self) -> int:
        """How many frames are captured now."""
        if self._error is None:
            return _MOST_FRAMES
        found = self._error.get_own_property("stackTraceLimit")
        value = found.value if found is not None and found.get is ABSENT else undefined
        if not isinstance(value, float) or math.isnan(value):
            return -1
        return int(min(max(value, 0), _MOST_EVER))

    def frames_here(self, below: Value = undefined, *, most: int | None = None) -> list[CallFrame]:
        """The calls in progress, at most so many; without those above and of the function `below`."""
        most = self.limit() if most is None else most
        if most <= 0:
            return []
        if below is undefined or not is_callable(below):
            return self._frames(None, sys._getframe(1), most)
        name = _plain_name(get(below, "name"))
        every = self._frames(None, sys._getframe(1), _MOST_EVER)
        start = next((place + 1 for place, one in enumerate(every) if _plain_name(one.function) == name), 0)
        return every[start : start + most]

    def _frames(self, traceback: TracebackType | None, frame: FrameType | None, most: int) -> list[CallFrame]:
        frames: list[CallFrame]
        calls = Calls(traceback, frame, most, self.bottom)
        calls.names = self._names
        frames, resumed = self.realm.agent.evaluator.call_frames(calls)
        if resumed is not None and len(frames) < most:
            frames.extend(waiting_frames(self.realm, resumed, most - len(frames)))
        return frames

    def capture(
        self, error: JSObject, made_by: Value = None, *, below: Value = undefined, header: str | None = None
    ) -> None:
        """See `interfaces.Stacks`; `header` stands in place of the error's own first line."""
        most = self.limit()
        if most < 0:
            return
        if below is undefined:
            frames = self._frames(None, sys._getframe(1), most) if most else []
        else:
            frames = self.frames_here(below)
        if made_by is not None:
            frames = _without_constructors(frames, made_by)
        self._define(error, frames, header)

    def capture_thrown(self, error: JSObject, traceback: TracebackType | None) -> None:
        """See `interfaces.Stacks`."""
        most = self.limit()
        if most >= 0:
            self._define(
                error, self._frames(traceback, None, most) if most and traceback is not None else [], None
            )

    def _define(self, error: JSObject, frames: list[CallFrame], header: str | None) -> None:
        own = StackProperty(self, error, frames, header)
        if error.properties_ is None:
            make_slow(error)
        properties = stored(error)
        if not properties:
            properties["stack"] = own
        elif error.is_extensible():
            others = [(key, found) for key, found in properties.items() if key != "stack"]
            properties.clear()
            properties["stack"] = own
            properties.update(others)
            if error.mirror_ is not None:
                mirror_changed(error, "stack")

    def text_of(self, realm: Realm, error: JSObject, frames: list[CallFrame], header: str | None) -> Value:
        """The value of `stack`."""
        shown = [FrameText(realm, frame) for frame in frames]
        prepare = undefined if self._error is None else get(self._error, "prepareStackTrace")
        if is_callable(prepare):
            sites = realm.make_array([call_site(realm, one) for one in shown])
            return prepare.call_n(self._error, error, sites)
        return (header or _header(realm, error)) + "".join(_AT + one.text for one in shown)

    def frames_left(self, traceback: TracebackType | None) -> list[CallFrame]:
        """The call that an exception came from."""
        return self._frames(traceback, None, 1) if traceback is not None else []

    def text_here(self, header: str) -> str:
        """A trace of the calls in progress."""
        return header + "".join(_AT + FrameText(self.realm, frame).text for frame in self.frames_here())


def _without_constructors(frames: list[CallFrame], made_by: Value) -> list[CallFrame]:
    """The frames below the constructors of an error's class and of those that it extends."""
    name = _plain_name(get(made_by, "name")) if isinstance(made_by, JSObject) else ""
    for place, frame in enumerate(frames):
        if not frame.is_constructor:
            break
        if _plain_name(frame.function) == name:
            return frames[place + 1 :]
    return frames


def _plain_name(name: Value) -> str:
    return name.rpartition(".")[2] if name.__class__ is str else ""


def _header(realm: Realm, error: JSObject) -> str:
    try:
        return error_to_string(realm, error)
    except Exception:  # a guest's `name` that throws must not hide the error itself
        return "Error"
