"""`Interpreter`: a guest in the hands of a host program, whatever its language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Union

from lockstep.reference.host.embedding.guest import Guest, MissingKey, Opening
from lockstep.reference.host.embedding.handles import Handle
from lockstep.reference.host.embedding.output import Sink
from lockstep.reference.host.embedding.session import GuestSession, as_handle, as_it_is, nothing
from lockstep.reference.host.embedding.snapshot import Snapshot
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

if TYPE_CHECKING:
    from typing import Self

Source = Union[str, Path]


class EmbeddedInterpreter:
    """A guest state of one language: the whole of the API, for a state that `open_guest` makes.

    One thread at a time may use it, any one; `cancel` may come from any other. Guest code runs on a thread of its own with a deep
    stack; host functions run on the thread that called.
    """

    def __init__(
        self,
        language: str,
        open_guest: Callable[[Opening], Guest],
        *,
        limits: Limits,
        output: Sink = None,
        roots: tuple[str, ...] = (),
        files: bool = False,
    ) -> None:
        self._session = GuestSession(language, open_guest, limits, output, roots, files=files)

    # Running

    def evaluate(self, source: Source, *, name: str = "", mode: str = "", convert: bool = True) -> Any:
        """Run a program in this state; the value of its last expression (Lua: what it returns, a tuple if that is several).

        Args:
            source: the text, or the path of a file.
            name: what locations call it; the file's own name without one.
            mode: what the language distinguishes: JavaScript `script`, `strict`, `module`; else "".
            convert: give what has an identity as a handle, if False.

        Raises:
            GuestError: the guest threw, or the source is no program.
            LimitExceeded: a limit ended the run; the state stays usable.
            BusyError: another thread runs this interpreter.
            StaleHandleError: it is closed.
        """
        program = _program(source, name, mode)
        return self._session.run(lambda guest: guest.evaluate(program), (), None if convert else as_handle)

    async def evaluate_async(self, source: Source, *, name: str = "", mode: str = "") -> Any:
        """Run a program while the event loop goes on; a promise or coroutine that it gives is waited for.

        Host functions run on the loop's thread, and may be coroutine functions. Cancelling the task ends the guest's run.

        Raises:
            GuestError: see `evaluate`; also that the promise was rejected.
            LimitExceeded: likewise; seconds count while it waits, too.
            RuntimeError: nothing is left that could settle the promise.
        """
        from lockstep.reference.host.embedding.asynchronous import AsynchronousRun  # noqa: PLC0415  # asyncio takes its time

        program = _program(source, name, mode)
        return await AsynchronousRun(self._session).run(lambda guest: guest.evaluate(program))

    def call(self, function: str | Handle, *arguments: object) -> Any:
        """Call a guest function, by its name or by a handle.

        Raises:
            KeyError: there is no global of this name.
            GuestError, LimitExceeded, BusyError, StaleHandleError: see `evaluate`.
        """
        if not isinstance(function, str):
            return self._session.call_value(function, arguments)
        return self._session.run(partial(_called, function), arguments)

    def cancel(self) -> None:
        """End the run in hand, from any thread: it raises `LimitExceeded`. Without a run do nothing."""
        self._session.cancel()

    # Globals

    def __getitem__(self, name: str) -> Any:
        """The global `name`, converted.

        Raises:
            KeyError: there is none.
        """
        return self._session.run(lambda guest: guest.get_global(name))

    def __setitem__(self, name: str, value: object) -> None:
        """Make a host value, converted, the global `name`.

        Raises:
            TypeError: the language has no such value.
        """
        self._session.run(lambda guest, made: guest.set_global(name, made), (value,), nothing)

    def __delitem__(self, name: str) -> None:
        self._session.run(lambda guest: guest.delete_global(name), (), nothing)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(
            self._session.run(lambda guest: guest.has_global(name), (), as_it_is)
        )

    # Life

    @property
    def language(self) -> str:
        """What the guest speaks."""
        return self._session.language

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._session.closed

    @property
    def steps(self) -> int:
        """Steps that the last run took."""
        return self._session.budget.used

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """What the guest changed inside is undone if an exception leaves the block, which it does.

        Undone is what hangs on the state: globals, objects, containers, closures. Not undone is what left it (output, files, what
        host functions did), and how far a suspended generator or coroutine has come. It costs a look at every object of the guest's
        when it begins.
        """
        session = self._session
        taken: list[Snapshot] = []

        def take(guest: Guest) -> None:
            roots, exempt = guest.roots_of_state()
            taken.append(Snapshot(roots, [*exempt, session, session.thread, guest]))

        session.run(take, (), nothing)
        session.transactions += 1
        try:
            yield self
        except BaseException:
            session.transactions -= 1
            if not session.closed:
                session.run(lambda _: taken[0].restore(), (), nothing)
            raise
        session.transactions -= 1

    def reset(self) -> None:
        """Begin again with a fresh state; handles of the old one are stale.

        Raises:
            BusyError: it is running, or inside a transaction.
        """
        self._session.reset()

    def close(self) -> None:
        """Let go of the state; may be repeated. Handles are stale from now on.

        Raises:
            BusyError: it is running.
        """
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _called(name: str, guest: Guest, *arguments: object) -> Any:
    if not guest.has_global(name):
        raise MissingKey(name)
    return guest.call(guest.get_global(name), list(arguments))


def _program(source: Source, name: str, mode: str) -> Program:
    if isinstance(source, Path):
        text = source.read_bytes().decode("utf-8", "surrogateescape")
        return Program(text, name or source.name, mode, path=str(source.resolve()))
    if not isinstance(source, str):
        raise TypeError(f"a program is a str or a Path, not {type(source).__name__}")
    return Program(source, name or "<program>", mode)
