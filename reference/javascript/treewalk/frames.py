"""The calls in progress, from the host's frames: an evaluation has its context and its node."""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.built_in_frames import BuiltInFrame, built_in_name
from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
from lockstep.reference.javascript.runtime.call_frames import CONSTRUCT, waiting_frame
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import RESUME
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.context import ExecutionContext

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast import Node

_EVALUATIONS: Final = (ExecutionContext.evaluate.__code__, ExecutionContext.execute.__code__)


class ContextFrame(CallFrame):
    """A context whose code runs, and the node that it evaluates."""

    __slots__ = ("_context", "_node")

    def __init__(self, context: ExecutionContext, node: Node) -> None:
        self._context = (
            context.source.name,
            "" if context.function is None else _label(context),
            context.function is None,
        )
        self._node = (node.line, node.column + 1)
        self.is_async = False
        self.is_constructor = self._context[1][:4] == "new "

    @property
    def function(self) -> str:
        """See CallFrame."""
        name = self._context[1]
        return name[4:] if name[:4] == "new " else name

    @property
    def is_top(self) -> bool:
        """See CallFrame."""
        return self._context[2]

    @property
    def file(self) -> str:
        """See CallFrame."""
        return self._context[0]

    @property
    def place(self) -> tuple[int, int]:
        """See CallFrame."""
        return self._node


def call_frames(calls: Calls) -> tuple[list[CallFrame], FrameType | None]:
    """See `interfaces.Evaluator`."""
    found: list[CallFrame] = []
    last: ExecutionContext | None = None
    resumed: FrameType | None = None
    current: Any = None
    left = [frame for frame, _ in calls.left()]
    frame: FrameType | None = left[0] if left else calls.frame
    place = 1
    while frame is not None:
        code = frame.f_code
        if code in _EVALUATIONS:
            context: ExecutionContext = frame.f_locals["self"]
            if context is not last:
                if len(found) == calls.most:
                    break
                found.append(ContextFrame(context, frame.f_locals["node"]))
                last = context
        elif code is CONSTRUCT:
            if found and "<" not in found[-1].function[:1]:
                found[-1].is_constructor = True
        elif code is RESUME:
            resumed = frame
        elif code is calls.bottom:
            break
        else:
            built_in = calls.names.get(id(code))
            if built_in is None:
                built_in = calls.names[id(code)] = built_in_name(code)
            if built_in:
                if len(found) == calls.most:
                    break
                found.append(BuiltInFrame(built_in))
        if place < len(left):
            frame = left[place]
        elif place == len(left):
            frame = calls.frame
        else:
            frame, current = waiting_frame(frame, current)
        place += 1
    return found, resumed


def _label(context: ExecutionContext) -> str:
    function = context.function
    assert function is not None
    node = getattr(function.host_, "node", None)
    if node is not None and node.source is not context.source:
        # Eval code, which has the function of the code around.
        return ""
    return _name(function)


def _name(function: JSFunction) -> str:
    """The label of the function, with the name of its class."""
    closure: Any = function.host_
    node: ast.Function | None = getattr(closure, "node", None)
    if node is None:
        if function.template_.name != "%field%":
            return function.name_
        home: Any = function.home_object_
        return "<static_initializer>" if home.is_callable_ else "<instance_members_initializer>"
    label = node.source.labels.get(node.start, function.name_)
    if label[:1] != "." and label != "new ":
        return label
    home = getattr(function, "home_object_", None)
    owner = function.name_ if label == "new " else ""
    if home is not None and not owner:
        made = home if home.is_callable_ else home.get_own_property("constructor")
        made = getattr(made, "value", made)
        owner = getattr(made, "name_", "")
    if label == "new ":
        return label + owner
    return owner + label if owner else label[1:]
