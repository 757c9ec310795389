"""`lockstep.Interpreter`: what an embedder may rely on, in every language on both backends."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lockstep

from .languages import BACKENDS, PROGRAMS, Programs

CASES = [(language, backend) for language in PROGRAMS for backend in BACKENDS]


class Opened:
    """An interpreter with the programs of its language."""

    def __init__(self, language: str, backend: str) -> None:
        self.language = language
        self.backend = backend
        self.programs: Programs = PROGRAMS[language]
        self.opened: list[lockstep.Interpreter] = []

    def __call__(self, **options: Any) -> lockstep.Interpreter:
        """One more, that is closed at the end."""
        made = lockstep.Interpreter(self.language, self.backend, **options)
        self.opened.append(made)
        return made


@pytest.fixture(params=CASES, ids=[":".join(case) for case in CASES])
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    made = Opened(*request.param)
    yield made
    for interpreter in made.opened:
        interpreter.close()


def test_values_go_in_and_out(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    guest.evaluate(programs.area)
    assert guest.call("area", 3, 4) == 12
    assert guest.call("area", 1.5, 2) == 3
    for value in (
        {"depth": 3},
        [1, [True, "\N{GREEK SMALL LETTER ALPHA}\N{PILE OF POO}"]],
        "text",
        2.5,
        False,
        -7,
    ):
        guest["value"] = value
        assert guest["value"] == value
    assert "value" in guest
    del guest["value"]
    assert "value" not in guest
    with pytest.raises(KeyError):
        guest.call("value")
    with pytest.raises(KeyError):
        del guest["value"]


def test_cycles_cross_or_are_refused(opened: Opened) -> None:
    guest = opened()
    cycle: list[object] = [1]
    cycle.append(cycle)
    if opened.language == "clojure":
        with pytest.raises(ValueError, match="cannot hold itself"):
            guest["cycle"] = cycle
    else:
        guest["cycle"] = cycle
        back = guest["cycle"]
        assert back[1] is back
        assert back is not cycle


def test_host_functions(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    here = threading.get_ident()
    guest["act"] = lambda number: (number, threading.get_ident() == here)[1] and number * 10
    assert guest.evaluate(programs.calls) == 20

    def again(number: int) -> Any:
        return number if number > 5 else guest.call("act", number + 1)

    guest["act"] = again
    assert guest["act"] is again
    assert guest.evaluate(programs.calls) == 6


def test_exceptions_of_host_functions_come_back_as_themselves(opened: Opened) -> None:
    guest, programs = opened(), opened.programs

    class OwnError(Exception):
        pass

    for kind in (OwnError, KeyError, TypeError, RecursionError, StopIteration, lockstep.BusyError):
        raised = kind("told")

        def act(_: object, raised: Exception = raised) -> None:
            raise raised

        guest["act"] = act
        with pytest.raises(kind) as caught:
            guest.evaluate(programs.calls)
        assert caught.value is raised
        assert "told" in guest.evaluate(programs.catches)


def test_what_is_no_exception_of_the_guest_s_passes_through(opened: Opened) -> None:
    guest, programs = opened(), opened.programs

    def act(_: object) -> None:
        raise KeyboardInterrupt

    guest["act"] = act
    with pytest.raises(KeyboardInterrupt):
        guest.evaluate(programs.catches)
    guest.evaluate(programs.total)
    assert guest["total"] == 5


def test_guest_errors(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    with pytest.raises(lockstep.GuestError) as caught:
        guest.evaluate(programs.throws, name="own.file")
    error = caught.value
    assert (error.phase, error.kind, error.name) == ("eval", programs.kind, programs.name)
    assert "boo" in error.message
    assert error.location is not None
    assert (error.location.file, error.location.line) == ("own.file", 2)
    assert error.traceback
    assert error.value is not None
    assert error.__context__ is None
    with pytest.raises(lockstep.GuestError) as caught:
        guest.evaluate(programs.wrong, name="own.file")
    assert (caught.value.phase, caught.value.kind) == ("parse", "syntax_error")
    assert caught.value.location is not None
    # What the guest does with an error of its own that passed through the host.
    guest["act"] = lambda _: guest.evaluate(programs.throws)
    with pytest.raises(lockstep.GuestError, match="boo"):
        guest.evaluate(programs.calls)
    assert "boo" in str(guest.evaluate(programs.catches))


def test_limits_end_a_run_and_not_the_interpreter(opened: Opened) -> None:
    guest, programs = opened(steps=20_000), opened.programs
    for _ in range(2):
        with pytest.raises(lockstep.LimitExceeded) as caught:
            guest.evaluate(programs.forever)
        assert caught.value.which == "steps"
    guest.evaluate(programs.area)
    assert guest.call("area", 2, 2) == 4
    quick = opened(seconds=0.2)
    began = time.monotonic()
    with pytest.raises(lockstep.LimitExceeded) as caught:
        quick.evaluate(programs.forever)
    assert caught.value.which == "seconds"
    assert time.monotonic() - began < 5
    told = opened(characters=5, output=io.StringIO())
    with pytest.raises(lockstep.LimitExceeded) as caught:
        told.evaluate(programs.prints)
    assert caught.value.which == "output"


def test_a_limit_passes_through_host_functions(opened: Opened) -> None:
    guest, programs = opened(steps=20_000), opened.programs

    def act(_: object) -> int:
        try:
            guest.evaluate(programs.forever)
        except lockstep.LimitExceeded:
            return 1  # the host may catch it; the guest goes no further all the same
        return 0

    guest["act"] = act
    with pytest.raises(lockstep.LimitExceeded):
        guest.evaluate(programs.catches)


def test_deep_recursion_is_the_guest_s_own_error(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    with pytest.raises(lockstep.GuestError, match=r"(?i)stack|recursion"):
        guest.evaluate(programs.deep)
    guest["act"] = lambda _: guest.evaluate(programs.calls)
    # Lua has a limit of its own for calls through the host, which is met first.
    with pytest.raises((RecursionError, lockstep.GuestError), match=r"call each other|C stack overflow"):
        guest.evaluate(programs.calls)


def test_cancelling(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    guest.cancel()
    threading.Timer(0.1, guest.cancel).start()
    with pytest.raises(lockstep.LimitExceeded) as caught:
        guest.evaluate(programs.forever)
    assert caught.value.which == "cancelled"
    guest.evaluate(programs.total)
    assert guest["total"] == 5


def test_one_thread_at_a_time(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    found: list[BaseException] = []

    def other(_: object) -> None:
        def body() -> None:
            try:
                guest.evaluate(programs.total)
            except lockstep.BusyError as error:
                found.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()

    guest["act"] = other
    guest.evaluate(programs.calls)
    assert len(found) == 1
    done: list[Any] = []
    thread = threading.Thread(target=lambda: done.append(guest.evaluate(programs.total)))
    thread.start()
    thread.join()
    assert guest["total"] == 5
    guest["act"] = lambda _: guest.close()
    with pytest.raises(lockstep.BusyError):
        guest.evaluate(programs.calls)


def test_transactions(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    guest.evaluate(programs.total)
    guest.evaluate(programs.cell)
    with pytest.raises(lockstep.GuestError, match="no"), guest.transaction():
        guest.evaluate(programs.changes)
    seen = guest.evaluate(programs.look)
    fresh = opened()
    fresh.evaluate(programs.total)
    fresh.evaluate(programs.cell)
    assert str(seen) == str(fresh.evaluate(programs.look))
    with guest.transaction():
        guest["total"] = 6
    assert guest["total"] == 6

    def changes_and_fails() -> None:
        guest.evaluate(programs.total)
        guest.call("no such function")

    with pytest.raises(KeyError), guest.transaction():
        changes_and_fails()
    assert guest["total"] == 6
    with guest.transaction(), pytest.raises(lockstep.BusyError):
        guest.reset()


def test_handles(opened: Opened) -> None:
    guest, programs = opened(), opened.programs
    handle = guest.evaluate(programs.object)
    assert isinstance(handle, lockstep.Handle)
    guest["same"] = handle
    assert guest["same"] == handle
    assert hash(guest["same"]) == hash(handle)
    assert handle.kind
    assert str(handle)
    if opened.language == "javascript":
        assert handle.invoke("m", 3) == 3
    else:
        assert handle(3) == 3
    other = opened()
    with pytest.raises(lockstep.StaleHandleError, match="another interpreter"):
        other["same"] = handle
    again = guest["same"]
    handle.release()
    with pytest.raises(lockstep.StaleHandleError, match="released"):
        handle(3)
    guest.reset()
    assert "same" not in guest
    with pytest.raises(lockstep.StaleHandleError, match="reset"):
        again(3)
    last = guest.evaluate(programs.object)
    guest.close()
    for use in (
        lambda: last(3),
        lambda: last["x"],
        lambda: len(last),
        lambda: str(last),
        lambda: guest.evaluate("1"),
    ):
        with pytest.raises(lockstep.StaleHandleError, match="closed"):
            use()
    assert "no longer valid" in repr(last)
    guest.close()


def test_output(opened: Opened) -> None:
    programs = opened.programs
    lines: list[str] = []
    opened(output=lines.append).evaluate(programs.prints)
    assert lines == ["one", "two"]
    stream = io.StringIO()
    opened(output=stream).evaluate(programs.prints)
    assert stream.getvalue().rstrip("\n") == "one\ntwo"

    def refuses(_: str) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        opened(output=refuses).evaluate(programs.prints)


def test_files(opened: Opened, tmp_path: Path) -> None:
    guest, programs = opened(), opened.programs
    file = tmp_path / "own.source"
    file.write_text(programs.throws)
    with pytest.raises(lockstep.GuestError) as caught:
        guest.evaluate(file)
    assert caught.value.location is not None
    assert caught.value.location.file == "own.source"
    with pytest.raises(FileNotFoundError):
        guest.evaluate(tmp_path / "none")


def test_host_objects(opened: Opened) -> None:
    guest = opened()

    class Point:
        def __init__(self) -> None:
            self.x = 3
            self._hidden = 4

        def twice(self, number: int) -> int:
            return 2 * number

    point = Point()
    guest["point"] = point
    assert guest["point"] is point
    reads = {
        "javascript": "[point.x, point.twice(4), typeof point._hidden, typeof point.constructor.name]",
        "python": "[point.x, point.twice(4), hasattr(point, '_hidden'), type(point).__name__]",
        "clojure": "[(.x point) (.twice point 4) (:_hidden point) (str (class point))]",
        "lua": "return {point.x, point.twice(4), type(point._hidden), type(point)}",
    }[opened.language.removesuffix("5.1")]
    assert guest.evaluate(reads)[:2] == [3, 8]
    assert guest.evaluate(reads)[2] in ("undefined", False, None, "nil")


def test_mistakes_of_the_embedder_are_told(opened: Opened) -> None:
    guest = opened()
    wrong: list[Any] = [None, 3, b"1", ["1"]]
    for source in wrong:
        with pytest.raises(TypeError, match="a program is"):
            guest.evaluate(source)
    small: list[dict[str, Any]] = [{"steps": -1}, {"memory": 0}, {"seconds": 0.0}]
    for options in small:
        with pytest.raises(ValueError, match="more than 0"):
            opened(**options)
    strange: list[dict[str, Any]] = [{"steps": "many"}, {"memory": 1.5}, {"output": 3}]
    for options in strange:
        with pytest.raises(TypeError):
            opened(**options)
    with pytest.raises(ValueError, match="unknown backend"):
        lockstep.Interpreter(opened.language, "jit")
    with pytest.raises(ValueError, match="unknown language"):
        lockstep.Interpreter("cobol")
