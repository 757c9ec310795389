"""Suspending the code of generators and async functions (27.5.3, 27.7.5): a greenlet for each body."""

from __future__ import annotations

from typing import Any, Callable

from greenlet import getcurrent

from lockstep.reference.host.fibers import ending_in, new_fiber
from lockstep.reference.javascript.runtime.values import Value


class Coroutine:
    """A body that suspends; the runtime drives it like a host generator.

    Args:
        body: runs the code; what it returns is the result.
    """

    __slots__ = ("_body", "_caller", "_greenlet")

    def __init__(self, body: Callable[[], Value]) -> None:
        self._body = body
        self._caller: Any = None
        self._greenlet = new_fiber(self._run)

    def _run(self, first: tuple[Value, BaseException | None]) -> tuple[str, Any]:
        error = first[1]
        try:
            if error is not None:
                raise error
            return "return", self._body()
        except BaseException as failure:  # handed on to whoever resumed the body
            return "throw", failure
        finally:
            ending_in(self._caller)

    def suspend(self, value: Value) -> Value:
        """Called by the body: hand out `value`, and return what the body is resumed with."""
        sent, error = self._caller.switch(("yield", value))
        if error is not None:
            raise error
        return sent

    def send(self, value: Value) -> Value:
        """Resume the body with `value`; what it hands out next.

        Raises:
            StopIteration: the body returned; its value is in the exception.
        """
        return self._resume((value, None))

    def throw(self, error: BaseException) -> Value:
        """Resume the body by raising `error` in it; what it hands out next."""
        return self._resume((None, error))

    def _resume(self, message: tuple[Value, BaseException | None]) -> Value:
        self._caller = getcurrent()
        kind, value = self._greenlet.switch(message)
        self._caller = None
        if kind == "yield":
            return value
        if kind == "throw":
            raise value
        raise StopIteration(value)

    def close(self) -> None:
        """As for a host generator; a body that is dropped runs no guest code."""
