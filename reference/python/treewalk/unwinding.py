"""What CPython asks of an exception's class when a handler is entered (`_PyErr_NormalizeException`).

The host does so too, for each handler of the evaluator's own; those questions are answered before the guest hears them.
"""

from __future__ import annotations

import sys
from types import CodeType

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.slot_functions import call_special, host_call
from lockstep.reference.python.runtime.type_info import is_guest_class, lookup_owner
from lockstep.reference.python.treewalk.program import Frame

_CALLS: CodeType = host_call.__code__


def unwound(error: BaseException) -> None:
    """A handler is entered with `error`: its class is asked whether it is a subclass of itself.

    Only a metaclass with a `__subclasscheck__` of its own notices.
    """
    cls = type(error)
    if type(cls) is type:
        return
    _, owner = lookup_owner(type(cls), "__subclasscheck__")
    if owner is not None and is_guest_class(owner):
        call_special(cls, "__subclasscheck__", cls)


def reraised(frame: Frame, error: BaseException) -> None:
    """An exception goes on as it came (`RERAISE`): it gets no context, whoever has resumed the body meanwhile."""
    if frame.suspension is not None:
        frame.walker.thrown = error


def handled(frame: Frame, error: BaseException) -> None:
    """An exception goes no further: if it is raised again, it gets its context then."""
    if frame.walker.thrown is error:
        frame.walker.thrown = None


def is_asked_by_host(arguments: tuple[Value, ...]) -> bool:
    """Whether a call of `__subclasscheck__` is the host's question about an exception that passes the evaluator."""
    if len(arguments) != 2 or arguments[0] is not arguments[1]:
        return False
    return sys._getframe(3).f_code is not _CALLS  # who calls the function: guests do so through its slot
