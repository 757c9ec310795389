"""The calls in progress, from the host's frames: an evaluation has its context and its node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.call_frame import CallFrame, Step
from lockstep.reference.javascript.runtime.call_frames import CONSTRUCT
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.context import ExecutionContext

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast import Node

_EVALUATIONS: Final = (ExecutionContext.evaluate.__code__, ExecutionContext.execute.__code__)


def call_frames(steps: Iterable[Step], most: int) -> list[CallFrame]:
    """The contexts whose code runs in the host frames, innermost first, at most so many."""
    found: list[CallFrame] = []
    last: ExecutionContext | None = None
    for frame, _, _ in steps:
        code = frame.f_code
        if code in _EVALUATIONS:
            context: ExecutionContext = frame.f_locals["self"]
            if context is not last:
                if len(found) >= most:
                    break
                found.append(_frame(context, frame.f_locals["node"]))
                last = context
        elif code is CONSTRUCT and found and found[-1].function[:1] != "<":
            found[-1].is_constructor = True
    return found


def _frame(context: ExecutionContext, node: Node) -> CallFrame:
    function = context.function
    closure_node = None if function is None else getattr(function.host_, "node", None)
    if closure_node is not None and closure_node.source is not context.source:
        # Eval code, which has the function of the code around.
        function = None
    name = "" if function is None else _name(function)
    constructor = name[:4] == "new "
    return CallFrame(
        name[4:] if constructor else name,
        context.source.name,
        node.line,
        column=node.column + 1,
        is_constructor=constructor,
        is_top=function is None,
    )


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
