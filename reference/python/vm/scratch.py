"""What statements of programs and class bodies keep while they run, where a function would have locals for it."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Callable

from lockstep.reference.python.runtime.frames import OPTIMIZED
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.modules.importing import Imports


class Scratch:
    """Temporaries of one guest: of `match` statements, of imports of several names, of `except*`.

    Such statements nest, so each has a level of its own on a stack.
    """

    def __init__(self) -> None:
        self._matches: list[dict[str, Value]] = []
        self._put_aside: list[BaseException] = []

    def begin_match(self) -> None:
        """A match statement begins."""
        self._matches.append({})

    def end_match(self) -> None:
        """It has ended."""
        self._matches.pop()

    def keep(self, name: str, value: Value) -> Value:
        """Keep `value` under `name` in the innermost statement, and give it."""
        self._matches[-1][name] = value
        return value

    def kept(self, name: str) -> Value:
        """What was kept."""
        return self._matches[-1][name]

    def put_aside(self) -> None:
        """Keep what the handler that calls has caught."""
        error = sys.exc_info()[1]
        assert error is not None
        self._put_aside.append(error)

    def raise_put_aside(self) -> None:
        """Raise what was put aside, if anything was."""
        if self._put_aside:
            raise self._put_aside.pop()

    def functions(self) -> dict[str, Callable[..., Value]]:
        """What compiled code calls."""
        return {
            "begin_match": self.begin_match,
            "end_match": self.end_match,
            "keep": self.keep,
            "kept": self.kept,
            "put_aside": self.put_aside,
            "raise_put_aside": self.raise_put_aside,
        }


def _locals_of(frame: FrameType) -> Value:
    return None if frame.f_code.co_flags & OPTIMIZED else frame.f_locals


def import_functions(imports: Imports) -> dict[str, Callable[..., Value]]:
    """What import statements of compiled code call; each is called by the guest's frame itself."""
    begun: list[Value] = []

    def find(frame: FrameType, name: str, names: object, level: int) -> Value:
        return imports.find(frame.f_builtins, name, frame.f_globals, _locals_of(frame), names, level)

    def import_top(name: str) -> Value:
        return find(sys._getframe(1), name, None, 0)

    def import_as(name: str) -> Value:
        return imports.last(find(sys._getframe(1), name, None, 0), name)

    def import_from(name: str, level: int, names: object, wanted: str) -> Value:
        return imports.member(find(sys._getframe(1), name, names, level), wanted)

    def import_star(name: str, level: int) -> None:
        frame = sys._getframe(1)
        imports.star(find(frame, name, ("*",), level), frame.f_locals)

    def begin_import(name: str, level: int, names: object) -> None:
        begun.append(find(sys._getframe(1), name, names, level))

    def imported(wanted: str) -> Value:
        return imports.member(begun[-1], wanted)

    def end_import() -> None:
        begun.pop()

    return {
        function.__name__: function
        for function in (
            import_top,
            import_as,
            import_from,
            import_star,
            begin_import,
            imported,
            end_import,
        )
    }
