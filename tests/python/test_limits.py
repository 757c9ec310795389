"""A limit passes every handler of the guest's: it can be neither seen, nor caught, nor replaced."""

from __future__ import annotations

import pytest

from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.limits import Limits
from tests.python.programs import BACKENDS, outcome

# Each runs out of steps, and would print what it must not if it went on or was told.
PROGRAMS = {
    "except": "try:\n while True: pass\nexcept BaseException as error: print(type(error))\nprint('on')",
    "bare except": "try:\n while True: pass\nexcept: print('caught')\nprint('on')",
    "except*": "try:\n while True: pass\nexcept* BaseException as error: print(error)\nprint('on')",
    "else of except*": "try:\n while True: pass\nexcept* ValueError: pass\nelse: print('else')\nprint('on')",
    "finally": "try:\n while True: pass\nfinally: print('finally')\nprint('on')",
    "return in finally": "def f():\n try:\n  while True: pass\n finally: return 1\nf(); print('on')",
    "break in finally": (
        "def f():\n for _ in 'a':\n  try:\n   while True: pass\n  finally: break\nf(); print('on')"
    ),
    "raise in finally": (
        "def f():\n try:\n  while True: pass\n finally: raise ValueError\n"
        "try: f()\nexcept ValueError as error: print(error.__context__)\nprint('on')"
    ),
    "with": (
        "class C:\n def __enter__(self): pass\n def __exit__(self, *details): print(details); return True\n"
        "with C():\n while True: pass\nprint('on')"
    ),
    "suppress": "import contextlib\nwith contextlib.suppress(BaseException):\n while True: pass\nprint('on')",
    "exit stack": (
        "import contextlib\nwith contextlib.ExitStack() as s:\n s.push(lambda *d: print(d) or True)\n"
        " while True: pass\nprint('on')"
    ),
    "generator": (
        "def g():\n try: yield 1\n except BaseException as e: print(e)\n finally: print('finally')\n"
        "x = g(); next(x)\nwhile True: pass"
    ),
    "generator inside": (
        "def g():\n try:\n  while True: pass\n  yield\n except BaseException as e: print(e)\n"
        "try: list(g())\nexcept BaseException as e: print(e)\nprint('on')"
    ),
    "yield from": (
        "def g():\n while True: pass\n yield\ndef h():\n try: yield from g()\n except BaseException as e: print(e)\n"
        "try: list(h())\nexcept BaseException as e: print(e)\nprint('on')"
    ),
    "coroutine": (
        "async def f():\n while True: pass\nasync def g():\n try: await f()\n except BaseException as e: print(e)\n"
        "try: g().send(None)\nexcept BaseException as e: print(e)\nprint('on')"
    ),
    "set name": (
        "class D:\n def __set_name__(self, owner, name):\n  while True: pass\n"
        "try:\n class C: d = D()\nexcept BaseException as e: print(e.__cause__)\nprint('on')"
    ),
    "finaliser": (
        "class D:\n def __del__(self):\n  while True: pass\nd = D(); del d\n"
        "try:\n for _ in 'ab': print(end='')\nexcept BaseException as e: print(e)\nfor _ in 'ab': pass\nprint('on')"
    ),
    "metaclass": (
        "class M(type):\n def __instancecheck__(c, v): return True\n def __subclasscheck__(c, v): return True\n"
        "class E(Exception, metaclass=M): pass\ntry:\n while True: pass\nexcept E as e: print(e)\nprint('on')"
    ),
    "names": (
        "for name in list(globals()) + ['.budget', '.uncatchable', '.guest', 'guest', 'LimitExceeded']:\n"
        " if not name.startswith('__'): globals()[name] = ()\n"
        "import builtins\nbuiltins.BaseException = ()\ntry:\n while True: pass\nexcept Exception as e: print(e)\nprint('on')"
    ),
    "namespace": (
        "class A(dict):\n def __missing__(self, key):\n  if key in ('print', 'A', 'Fake', 'range'): raise KeyError(key)\n"
        "  return Fake()\nclass Fake:\n steps = 10 ** 9\n def __getattr__(self, name): return lambda *a: 0\n"
        "exec('for i in range(10 ** 7): pass\\nprint(1)', {'A': A, 'Fake': Fake}, A())"
    ),
    "exec": "exec('try:\\n while True: pass\\nexcept: print(1)\\nprint(2)', {'__builtins__': {'print': print}})",
    "comprehension": "try: [0 for _ in iter(int, 1)]\nexcept BaseException as e: print(e)\nprint('on')",
    "lambda": "f = lambda: f()\nimport sys; sys.setrecursionlimit(10 ** 6)\ntry: f()\nexcept BaseException as e: print(type(e))\nprint('on')",
    "sort key": "def k(x):\n while True: pass\ntry: sorted([1, 2], key=k)\nexcept BaseException as e: print(e)\nprint('on')",
    "hook": ("import sys\nsys.excepthook = sys.unraisablehook = lambda *a: print(a)\nwhile True: pass"),
    "traceback": ("import sys\ndef f():\n try:\n  while True: pass\n finally:\n  print(sys.exc_info())\nf()"),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_of_the_guest_runs_after_a_limit(name: str, backend: str) -> None:
    printed: list[str] = []
    limits = Limits(steps=200_000 if "import contextlib" in PROGRAMS[name] else 2_000)
    watched = f"import sys\nsys.stdout.write('begun')\n{PROGRAMS[name]}"
    with pytest.raises(LimitExceeded):
        outcome(backend, watched, limits=limits, printed=printed)
    assert printed == ["begun"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_program_within_its_limits_runs_its_handlers(backend: str) -> None:
    program = (
        "def f():\n try: 1 / 0\n finally: print('finally')\ntry: f()\nexcept ZeroDivisionError as e: print(e)\n"
        "try: raise ExceptionGroup('g', [KeyError(1)])\nexcept* KeyError as e: print(e.exceptions)\nelse: print('never')"
    )
    _, text = outcome(backend, program, limits=Limits(steps=1_000))
    assert text == "finally\ndivision by zero\n(KeyError(1),)\n"
