"""docs/embedding.md: what guests change in the embedder's process while they run is put back, with guests in several threads too."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import threading

import pytest

import lockstep

from .languages import BACKENDS, PROGRAMS


def settings() -> tuple[int, tuple[int, int, int]]:
    return sys.getrecursionlimit(), gc.get_threshold()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("language", PROGRAMS)
def test_the_settings_of_the_process_are_the_embedder_s_after_a_run(language: str, backend: str) -> None:
    before = settings()
    inside = []
    with lockstep.Interpreter(language, backend) as guest:
        assert settings() == before
        guest["look"] = lambda: inside.append(settings())
        guest.evaluate({"clojure": "(look)"}.get(language, "look()"))
        assert settings() == before
        with pytest.raises(lockstep.GuestError):
            guest.evaluate(PROGRAMS[language].deep)
        assert settings() == before
    assert inside[0][1][0] > before[1][0]
    assert inside[0][0] > 20_000


def test_what_the_embedder_sets_meanwhile_stays() -> None:
    limit = sys.getrecursionlimit()
    with lockstep.Interpreter("javascript") as guest:
        guest["set"] = lambda: sys.setrecursionlimit(300_000)
        guest.evaluate("set()")
        try:
            assert sys.getrecursionlimit() == 300_000
        finally:
            sys.setrecursionlimit(limit)


def test_the_last_run_of_several_puts_them_back() -> None:
    before = settings()
    started, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        go_on.wait(60)

    with lockstep.Interpreter("lua") as slow, lockstep.Interpreter("python") as quick:
        slow["wait"] = wait
        thread = threading.Thread(target=slow.evaluate, args=("wait()",))
        thread.start()
        assert started.wait(60)
        assert quick.evaluate("1 + 1") == 2
        assert sys.getrecursionlimit() > before[0]
        go_on.set()
        thread.join(60)
    assert settings() == before


# CPython ends the process when a thread finds itself far beyond a limit that another has set.
BESIDE = """
    import threading

    import lockstep

    deep, go_on = threading.Event(), threading.Event()

    def wait():
        deep.set()
        go_on.wait(60)

    found = []
    with lockstep.Interpreter("javascript", "BACKEND") as outer, lockstep.Interpreter("python") as inner:
        outer["wait"] = wait
        program = "function f(n) { return n ? f(n - 1) + 1 : (wait(), [3, 1].sort((a, b) => a - b)[0]) } f(3000)"
        thread = threading.Thread(target=lambda: found.append(outer.evaluate(program)))
        thread.start()
        assert deep.wait(60)
        try:
            inner["go_on"] = go_on.set
            inner.evaluate("go_on()\\ntotal = 0\\nfor n in range(2_000_000): total += n")
        finally:
            thread.join(60)
    print(found)
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_guest_of_python_ends_no_deep_guest_beside_it(backend: str) -> None:
    program = textwrap.dedent(BESIDE).replace("BACKEND", backend)
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert (ran.stdout, ran.returncode) == ("[3001]\n", 0), ran.stderr[:500]
