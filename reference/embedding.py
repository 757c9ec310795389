"""`lockstep.Interpreter`: JavaScript, Python, Clojure or Lua inside a host program (docs/embedding.md)."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from lockstep.reference.host.embedding.interpreter import EmbeddedInterpreter
from lockstep.reference.host.embedding.output import Sink
from lockstep.reference.host.limits import Limits
from lockstep.reference.languages import BACKENDS, UnknownEngineError, language_of, shared_engine


class Interpreter(EmbeddedInterpreter):
    r"""A guest state of its own inside this process: programs of others, with limits that hold. A context manager.

    Examples:
        >>> with Interpreter("lua", steps=100_000) as lua:
        ...     _ = lua.evaluate("function area(w, h) return w * h end")
        ...     lua.call("area", 3, 4)
        12

    Args:
        language: `javascript`, `python`, `clojure`, `lua` (5.4), `lua5.1`.
        backend: `vm`, or `treewalk`, the reference evaluator.
        steps: function entries and loop turns that each run may take.
        memory: MiB that guest values may hold.
        seconds: wall time of each run, the backstop behind steps.
        output: where guests write: a stream, a function that gets each line, or None for standard output.
        characters: how many of them each run may write.
        depth: nested calls of guest functions.
        roots: folders in which the guest finds libraries.
        files: whether the guest may touch files and processes, where its language can; modules beside its file included.

    Raises:
        ValueError: there is no such language or backend, or a limit is negative.
        TypeError: `output` is neither a stream nor a function.
    """

    def __init__(
        self,
        language: str,
        backend: str = "vm",
        *,
        steps: int | None = None,
        memory: int | None = None,
        seconds: float | None = None,
        output: Sink = None,
        characters: int | None = None,
        depth: int | None = None,
        roots: Iterable[str | PathLike[str]] = (),
        files: bool = False,
    ) -> None:
        limits = {
            "steps": steps,
            "memory": memory,
            "seconds": seconds,
            "characters": characters,
            "depth": depth,
        }
        for name, limit in limits.items():
            _check_limit(name, limit)
        try:
            language = language_of(language)
        except UnknownEngineError as error:
            raise ValueError(str(error)) from None
        if backend not in BACKENDS:
            raise ValueError(f"unknown backend '{backend}'; known: {', '.join(BACKENDS)}")
        engine = shared_engine(f"{language}:{backend}")
        super().__init__(
            language,
            engine.guest,
            limits=Limits(steps, seconds, memory, characters, depth),
            output=output,
            roots=tuple(str(Path(root).resolve()) for root in roots),
            files=files,
        )


def _check_limit(name: str, limit: float | None) -> None:
    if limit is None:
        return
    if isinstance(limit, bool) or not isinstance(limit, (int, float)):
        raise TypeError(f"{name} is a number, not {type(limit).__name__}")
    if name != "seconds" and not isinstance(limit, int):
        raise TypeError(f"{name} is a whole number")
    if not limit > 0:
        raise ValueError(f"{name} is to be more than 0")
