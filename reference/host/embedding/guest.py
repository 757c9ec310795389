"""What a language gives to an embedder: one guest state, its values, and how they cross the boundary.

Everything here runs on the guest's own stack. Guest errors leave these methods as the host exceptions that they are inside
the language; `failure` says what they mean.
"""

from __future__ import annotations

import inspect
import weakref
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Callable, Protocol

from lockstep.reference.host.embedding.errors import StaleHandleError
from lockstep.reference.host.embedding.handles import Handle
from lockstep.reference.host.errors import ErrorReport
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.program import Program

Value = Any
"""A guest value, of whichever language."""


class NoFormError(Exception):
    """A guest value has no host form: the embedder gets a handle of it."""


class MissingKey(KeyError):  # noqa: N818  # an embedder sees the KeyError
    """There is nothing under a key: the embedder's `KeyError`, and no error of the guest's."""


class HostError(Exception):
    """A host function raised `original`, or gave what is no value of the guest's."""

    def __init__(self, original: BaseException) -> None:
        super().__init__(original)
        self.original = original


@dataclass(frozen=True)
class Pending:
    """What a guest gets at once for a host coroutine that it does not wait for.

    Attributes:
        task: runs it, on the event loop.
    """

    task: Any


@dataclass(frozen=True)
class Failure:
    """A guest error as an embedder is told of it.

    Attributes:
        report: what every language reports.
        values: what was thrown; empty where the guest threw no value.
        cause: the error that it names as its cause.
        origin: the exception of a host function that it stands for: the embedder gets that one back.
    """

    report: ErrorReport
    values: tuple[Value, ...] = ()
    cause: Failure | None = None
    origin: BaseException | None = None


class Embedder(Protocol):
    """The way out of a guest: what a language may ask of the session that runs it."""

    def call(self, function: Callable[..., object], arguments: list[object]) -> object:
        """Call a host function, with host values, on the thread that waits for the guest.

        Raises:
            HostError: the function raised; a guest may see it as an error of its own.
            LimitExceeded: the run is over.
        """

    def held(self, handle: Handle) -> Value:
        """The value of a handle.

        Raises:
            StaleHandleError: it is of no use any more, or of another interpreter.
        """

    def handle(self, value: Value) -> Handle:
        """A new handle of `value`."""

    def later(self, waiting: object, settle: Callable[[object, BaseException | None], None]) -> None:
        """Have a host awaitable waited for, while the guest goes on; `settle` gets its result or what it raised.

        Raises:
            TypeError: nobody waits: the run is not an `evaluate_async`.
        """


@dataclass
class Opening:
    """What a guest state begins with.

    Attributes:
        embedder: its session.
        budget: what it may use; restarted for each run.
        output: where it writes.
        roots: folders in which it finds libraries.
        files: whether it may touch files and processes, where its language can.
        held: the values that the embedder holds, by number.
    """

    embedder: Embedder
    budget: Budget
    output: Any
    roots: tuple[str, ...] = ()
    files: bool = False
    held: dict[int, Value] = field(default_factory=dict)


class Guest(ABC):
    """One guest state in the hands of an embedder."""

    def __init__(self, opening: Opening) -> None:
        self.embedder: Embedder = opening.embedder
        # The guest objects that stand for host objects, which they hold, by the identity of those.
        self._stand_ins: weakref.WeakValueDictionary[int, Value] = weakref.WeakValueDictionary()

    # Whether a host coroutine that the guest calls holds the guest up until it is done: its language cannot wait itself.
    blocks = True

    @abstractmethod
    def use_budget(self, budget: Budget) -> None:
        """Run under `budget` from now on."""

    @abstractmethod
    def evaluate(self, program: Program) -> Value:
        """Run a program in this state; its value."""

    @abstractmethod
    def call(self, function: Value, arguments: list[Value]) -> Value:
        """Call a guest function."""

    @abstractmethod
    def invoke(self, target: Value, name: str, arguments: list[Value]) -> Value:
        """Call the method `name` of a value."""

    @abstractmethod
    def get_global(self, name: str) -> Value:
        """The global `name`.

        Raises:
            KeyError: there is none.
        """

    def has_global(self, name: str) -> bool:
        """Whether there is a global `name`."""
        try:
            self.get_global(name)
        except MissingKey:
            return False
        return True

    def after_run(self) -> None:  # noqa: B027  # most have nothing to do
        """A run is over, however it ended."""

    @abstractmethod
    def set_global(self, name: str, value: Value) -> None:
        """Make `value` the global `name`."""

    @abstractmethod
    def delete_global(self, name: str) -> None:
        """Let there be no global `name`.

        Raises:
            KeyError: there is none.
        """

    @abstractmethod
    def get_item(self, target: Value, key: Value) -> Value:
        """What `target` has under `key`.

        Raises:
            KeyError: nothing, where the language has no value for that.
        """

    @abstractmethod
    def set_item(self, target: Value, key: Value, value: Value) -> None:
        """Store `value` in `target` under `key`."""

    @abstractmethod
    def length(self, target: Value) -> int:
        """How many elements `target` has."""

    @abstractmethod
    def keys(self, target: Value) -> Iterator[Value]:
        """What the host's iteration over `target` gives."""

    @abstractmethod
    def text(self, value: Value) -> str:
        """The guest's own text for a value."""

    @abstractmethod
    def kind(self, value: Value) -> str:
        """The guest's own name for the sort of a value: `function`, `table`, `vector`."""

    @abstractmethod
    def failure(self, error: BaseException) -> Failure:
        """What `error`, which left a method above, means.

        Raises:
            BaseException: `error` itself, if it is no guest's.
        """

    @abstractmethod
    def host_form(self, value: Value, seen: dict[int, object]) -> object:
        """A guest value as a host value of its own; containers are copied, what they hold without a form becomes handles.

        Raises:
            NoFormError: it has none.
        """

    @abstractmethod
    def guest_form(self, value: object, seen: dict[int, object]) -> Value:
        """A host value that is no handle as a guest value; containers are copied, the rest stands for the host's object.

        Raises:
            TypeError: the language has no such value.
            ValueError: likewise (a cycle where there can be none, a number that is too large).
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the state."""

    def same(self, one: Value, other: Value) -> bool:
        """Whether two values are the same one."""
        return one is other

    def awaiting(self, value: Value) -> Generator[object, object, Value]:
        """Waits for a value that stands for a later one: yields host awaitables, or None until anything has come."""
        yield from ()
        return value

    def roots_of_state(self) -> tuple[list[object], list[object]]:
        """Where everything that the guest can change hangs, and what of that is not the guest's: for transactions."""
        raise NotImplementedError

    # Conversions that are the same in every language

    def stand_in(self, value: Any, make: Callable[[Any], Value]) -> Value:
        """The guest object that stands for a host object: the same one as long as it lives."""
        found = self._stand_ins.get(id(value))
        if found is None:
            found = self._stand_ins[id(value)] = make(value)
        return found

    def to_guest(self, value: object, seen: dict[int, object] | None = None) -> Value:
        """A host value as a guest value; see `guest_form`.

        Raises:
            StaleHandleError: a handle that is of no use any more, or of another interpreter.
        """
        if isinstance(value, Handle):
            return self.embedder.held(value)
        return self.guest_form(value, {} if seen is None else seen)

    def to_host(self, value: Value, seen: dict[int, object] | None = None) -> object:
        """A guest value as a host value; see `host_form`."""
        try:
            return self.host_form(value, {} if seen is None else seen)
        except NoFormError:
            return self.embedder.handle(value)

    def called_host(self, function: Callable[..., object], arguments: list[Value]) -> object:
        """Call a host function with guest values; its result is still the host's."""
        return self.embedder.call(function, [self.to_host(argument) for argument in arguments])

    def result_of(self, value: object) -> Value:
        """What a host function gave, as a guest value.

        Raises:
            HostError: the language has no such value.
        """
        try:
            return self.to_guest(value)
        except (TypeError, ValueError, StaleHandleError) as error:
            raise HostError(error) from None


def public_names(target: object) -> list[str]:
    """The names under which a guest sees something of a host object."""
    return [name for name in dir(target) if not name.startswith("_")]


def public_attribute(target: object, name: str) -> object:
    """What a guest sees of a host object: attributes whose name does not begin with an underscore.

    Raises:
        AttributeError: it has no such attribute, or a guest may not see it.
    """
    if name.startswith("_") or inspect.iscode(target) or inspect.isframe(target):
        raise AttributeError(f"a guest cannot see '{name}'")
    return getattr(target, name)
