"""No object of the process is within a guest's reach that it could change: what one guest does, no other sees."""

from __future__ import annotations

import pytest

from tests.python.programs import BACKENDS, printed

# Walks what can be reached from the modules and from one object of each kind.
_WALK = """
import sys, builtins, types, functools, collections, enum, re, json, datetime, codecs, io, abc, operator, weakref, copyreg
import contextvars, threading, time, random, itertools, string, dataclasses, typing, warnings, traceback, ast, gc
def generator(): yield
async def coroutine(): pass
async def agen(): yield
try: 1 / 0
except ZeroDivisionError as e: error = e
class Slotted: __slots__ = ("s",)
waiting = coroutine(); waiting.close()
ours = {id(globals())}
pending = [*list(sys.modules.values()), generator(), waiting, agen(), error, error.__traceback__, generator, Slotted, Slotted(),
    None, 1, "s", b"b", [], {}, set(), (), range(3), slice(1), ..., NotImplemented, codecs.lookup("cp1252"), codecs.lookup("utf-8"),
    codecs.lookup("rot13"), re.compile("a"), re.match("a", "a"), object().__reduce_ex__(2), object().__reduce__(), sys.stdout, sys.stderr,
    memoryview(b""), super(Slotted), classmethod(generator), staticmethod(generator), property(), functools.partial(len),
    sys._getframe(), generator.__code__, generator.__get__(1), [].append, "".format, [].__add__, print, getattr, print.__call__,
    type.__dict__, object.__dict__, object.__getattribute__, object.__reduce_ex__, type.mro, str.format, type.__dict__["__mro__"],
    json.JSONDecoder().scan_once, contextvars.copy_context(), threading.Lock(), threading.local(), sys.flags, sys.version_info,
    datetime.timezone.utc, time.gmtime(), compile("1", "f", "eval"), ast.parse("1"), types.SimpleNamespace(), types.MappingProxyType({})]
seen, of_kind = {}, {}
METHODS = ("method-wrapper", "builtin_function_or_method", "method", "wrapper_descriptor", "method_descriptor", "classmethod_descriptor")
while pending and len(seen) < MOST:
    value = pending.pop(0)
    kind = type(value).__name__
    if id(value) in seen or kind in ("int", "str", "float", "bool", "bytes"): continue
    if kind in METHODS:
        of_kind[kind] = of_kind.get(kind, 0) + 1
        if of_kind[kind] > 60: continue
    seen[id(value)] = value
    if isinstance(value, dict): pending += list(value.values())[:200]; continue
    if isinstance(value, (list, tuple, set, frozenset)): pending += list(value)[:200]
    try: names = dir(value)
    except Exception: continue
    for name in names:
        try: pending.append(getattr(value, name))
        except BaseException: pass
walked = [value for value in seen.values() if value is not seen and value is not of_kind and value is not pending and value is not globals()]
"""
CHANGE = f"""{_WALK}
changed = 0
for value in walked:
    for change in (lambda: setattr(value, "probe", 1), lambda: object.__setattr__(value, "probe", 1), lambda: type.__setattr__(value, "probe", 1), lambda: value.__dict__.update(probe=1), lambda: value.update(probe=1), lambda: value.append("probe"), lambda: value.add("probe"), lambda: functools.partial.__setstate__(value, (len, (), {{}}, {{}}))):
        try: change(); changed += 1
        except BaseException: pass
    try: value.probe = 1; changed += 1
    except BaseException: pass
contextvars.ContextVar("probe").set(1); codecs.register(lambda name: None); codecs.register_error("probe", print)
assert changed > MOST // 10
"""
LOOK = f"""{_WALK}
for value in walked:
    try:
        if getattr(value, "probe", None) == 1 or isinstance(value, (dict, list, set)) and "probe" in value: print(type(value).__name__, repr(value)[:120])
    except BaseException: pass
print([var.name for var in contextvars.copy_context()])
try: codecs.lookup_error("probe"); print("handler")
except LookupError: pass
print("walked", len(walked) > MOST // 2)
"""


# The tree-walker walks slowly: it looks at less, of what is the same on both.
MOST = {"vm": 4000, "treewalk": 1200}


def _walking(backend: str, program: str) -> str:
    return f"MOST = {MOST[backend]}\n{program}"


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_a_guest_changes_is_its_own(backend: str) -> None:
    change, look = _walking(backend, CHANGE), _walking(backend, LOOK)
    assert printed(backend, change, look) == "[]\nwalked True\n"


SECOND = """
class A: pass
setattr(A, "x", 1); print(A.__dict__.get("x"), getattr(A, "y", 2)); delattr(A, "x"); print(hasattr(A, "x"))
import sys, codecs, re, json
print(len("abc"), sys.getrecursionlimit(), sorted([2, 1]), "a".encode("cp1252"), codecs.lookup("cp1252").name, type("T", (), {}).__module__)
print(re.sub("(a)", r"<\\1>", "bab"), json.loads("[1]"), "{0}".format(1))
try: json.loads("{")
except json.JSONDecodeError as error: print(error)
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_later_guest_runs_as_the_first_would(backend: str) -> None:
    alone = printed(backend, SECOND)
    assert alone.count("\n") == 6 - 1
    assert printed(backend, _walking(backend, CHANGE), SECOND) == alone
