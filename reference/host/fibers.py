"""Greenlets that run a body for whoever resumes it last."""

from __future__ import annotations

from typing import Any, Callable

from greenlet import getcurrent, greenlet


def new_fiber(run: Callable[..., Any]) -> Any:
    """A greenlet for `run`, which says by `ending_in` who is to go on when it has ended.

    The host walks the parents of a greenlet's new parent, to see that they are no circle. Where each that waits for another were its
    parent, a chain of them would take the square of its length; so the parent of all is the thread's first, until they end.
    """
    first: Any = getcurrent()
    while first.parent is not None:
        first = first.parent
    return greenlet(run, first)


def ending_in(caller: Any) -> None:
    """Called by a fiber that is about to end: `caller` goes on with what it returns or raises; None where nobody resumed it."""
    if caller is not None:
        fiber: Any = getcurrent()
        fiber.parent = caller
