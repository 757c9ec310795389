"""How Lua values stand in the host.

nil is `None`; a number is a host `int` or `float`; a string is a `str` whose characters are bytes; a
boolean is one of two objects without operators, so that the host refuses what Lua refuses. No Lua value is a host
list: a list is what a call gives that does not return exactly one value, and what starts with `TAIL` is
a call still to be made (manual 3.4.10).
"""

from __future__ import annotations

import sys
from math import isnan
from types import MethodType
from typing import Any, Callable, Union

# Any host object may come from a host function: what a value is, `type()` tells, and the checker follows.
Value = object
# What a call gives: a value, or a list of values.
Results = object


class LuaBoolean:
    """The class of `TRUE` and `FALSE`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


TRUE = LuaBoolean("true")
FALSE = LuaBoolean("false")
NO_VALUES: list[Value] = []


class _Marker:
    """A host object that is no Lua value."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


TAIL = _Marker("tail call")
ABSENT = _Marker("no value")
# What a coroutine that runs as a host generator gives its driver when it needs a host stack.
HOST = _Marker("host stack")


def _unreadable() -> property:
    return property(doc="Hides a key of this name from the attribute lookups of compiled code.")


class Collectable:
    """The base of what the collector owns: weak tables hold it weakly, and finalisers may be marked for it."""

    __slots__ = ()

    attached: Attached


class Attached:
    """What the collector keeps with a value.

    Attributes:
        weak: the entries that the value is the key of, by the identity of the weak table's entries: while the key lives
            so do the values, which is what an ephemeron asks for.
        mark: the finaliser's mark, or None.
    """

    __slots__ = ("mark", "weak")

    def __init__(self) -> None:
        self.weak: dict[int, tuple[Any, Value]] = {}
        self.mark: Any = None


class Table(Collectable):
    """A table.

    String keys are host attributes (`__dict__`), so that compiled code rides the host's inline caches;
    keys 1 to n are `array_part[1:]`, whose last element is never nil; all others are in `hash_part`,
    with integral floats as ints. The key after the array part is never in `hash_part`, so the length is
    always a border (manual 3.4.7). A weak table's `hash_part` is no dict, see `weak_tables`.
    """

    __slots__ = (
        "__dict__",
        "__weakref__",
        "array_part",
        "attached",
        "hash_part",
        "meta_table",
        "traversal",
    )

    array_part: list[Value]
    attached: Attached
    hash_part: Any
    meta_table: Table | None
    traversal: Value

    # A function's entry points: compiled code looks for them on whatever it calls.
    c0 = _unreadable()
    c1 = _unreadable()
    c2 = _unreadable()
    c3 = _unreadable()
    c4 = _unreadable()
    cn = _unreadable()

    def __init__(self) -> None:
        self.array_part = [None]
        self.hash_part = {}
        self.meta_table = None


# The host keeps one layout for the attributes of all instances of a class, and it has room for some thirty names.
_SHARES_LAYOUT = sys.implementation.name == "cpython"


def own_layout(table: Table) -> dict[str, Value]:
    """The fields of a table of the library; if it has none yet their names will take no room in the shared layout."""
    if _SHARES_LAYOUT and not table.__dict__:
        table.__dict__ = {}
    return table.__dict__


def border(table: Table) -> int:
    """A border of the table (manual 3.4.7)."""
    size = len(table.array_part) - 1
    if size == 0 and type(table.hash_part) is not dict:
        return int(table.hash_part.border())
    return size


def raw_get(table: Table, key: Value) -> Value:
    """`rawget(table, key)`."""
    if type(key) is str:
        return table.__dict__.get(key)
    if type(key) is int:
        array = table.array_part
        if 0 < key < len(array):
            return array[key]
        return table.hash_part.get(key)
    if type(key) is float:
        if _LOWEST <= key < -_LOWEST and key == int(key):
            return raw_get(table, int(key))
        return table.hash_part.get(key)
    return table.hash_part.get(key)


# Beyond these a float is no integer, and is a key of its own (`luaV_flttointns`).
_LOWEST = -9223372036854775808.0


class InvalidKeyError(Exception):
    """A key that no table can have: nil or NaN; the argument is the message."""


def raw_set(table: Table, key: Value, value: Value) -> None:
    """`rawset(table, key, value)`.

    Raises:
        InvalidKeyError: the key is nil or NaN.
    """
    if type(key) is str:
        if value is None:
            table.__dict__.pop(key, None)
        else:
            table.__dict__[key] = value
        return
    if type(key) is float:
        if isnan(key):
            raise InvalidKeyError("index is NaN")
        if not _LOWEST <= key < -_LOWEST or key != int(key):
            if value is None:
                table.hash_part.pop(key, None)
            else:
                table.hash_part[key] = value
            return
        key = int(key)
    if type(key) is int:
        set_integer(table, key, value)
    elif key is None:
        raise InvalidKeyError("index is nil")
    elif value is None:
        table.hash_part.pop(key, None)
    else:
        table.hash_part[key] = value


def set_integer(table: Table, key: int, value: Value) -> None:
    """`rawset` with an integer key."""
    array = table.array_part
    size = len(array)
    if 0 < key < size:
        array[key] = value
        if value is None and key == size - 1:
            array.pop()
            while array[-1] is None and len(array) > 1:
                array.pop()
    elif value is None:
        table.hash_part.pop(key, None)
    elif key == size:
        rest = table.hash_part
        if rest and type(rest) is not dict and rest.holds_all:
            rest[key] = value
            return
        array.append(value)
        if rest:
            # Keys that follow on move into the array part.
            key += 1
            while key in rest:
                array.append(rest.pop(key))
                key += 1
    else:
        table.hash_part[key] = value


def new_table(array: list[Value], strings: dict[str, Value]) -> Table:
    """A table of the values 1..n in `array[1:]` (without nil at the end) and of the string keys given."""
    table = Table()
    table.array_part = array
    if strings:
        table.__dict__.update(strings)
    return table


class Function(Collectable):
    """A Lua or built-in function.

    `c0` to `c4` are entry points for that many arguments, `cn` takes any number. Those that exist at first
    are the host functions themselves; the others are made by `calls.entry` when they are first missed.
    """

    __slots__ = ("__weakref__", "attached", "c0", "c1", "c2", "c3", "c4", "cn")

    attached: Attached
    c0: Callable[[], Results]
    c1: Callable[[Value], Results]
    c2: Callable[[Value, Value], Results]
    c3: Callable[[Value, Value, Value], Results]
    c4: Callable[[Value, Value, Value, Value], Results]
    cn: Callable[..., Results]

    def own_entry(self) -> tuple[Callable[..., Results], int]:
        """The host function itself and how many arguments it takes (-1: any number)."""
        return self.cn, -1


# The built-ins that give up a coroutine, or go on after what they call has done so.
_MAY_YIELD = frozenset(("yield", "pcall", "xpcall", "dofile", "pairs"))


class Builtin(Function):
    """A function of the library or of an embedder.

    Attributes:
        name: what messages call it.
        is_quiet: nothing in it can yield: it refuses that for what it calls.
    """

    __slots__ = ("is_quiet", "name")

    def __init__(self, function: Callable[..., Results], name: str, state: Value = ABSENT) -> None:
        entry = function if state is ABSENT else MethodType(function, state)
        self.name = name
        self.is_quiet = name not in _MAY_YIELD
        self.cn = self.c0 = self.c1 = self.c2 = self.c3 = self.c4 = entry


class LuaFunction(Function):
    """A function written in Lua.

    It is made without arguments, then its entry is stored where it belongs: a class with an `__init__` takes the host
    twice as long, and functions are made often.

    Attributes:
        place: the name of the entry point that is the host function itself.
        takes: how many arguments that takes; -1 for any number.
        generator_form: the same function as a host generator, if it was compiled as one, see `vm/yielding.py`.
        prototype: what the tree-walker runs; compiled functions find theirs by the host's code object.
    """

    __slots__ = ("generator_form", "prototype")

    place: str = "cn"
    takes: int = -1
    generator_form: Callable[..., Value]
    prototype: Any

    @property
    def entry(self) -> Callable[..., Results]:
        """The host function that runs it."""
        made: Callable[..., Results] = getattr(self, self.place)
        return made

    def own_entry(self) -> tuple[Callable[..., Results], int]:
        """The host function itself and how many arguments it takes (-1: any number)."""
        return getattr(self, self.place), self.takes


class Function0(LuaFunction):
    """A Lua function without parameters."""

    __slots__ = ()
    place = "c0"
    takes = 0


class Function1(LuaFunction):
    """A Lua function of one parameter."""

    __slots__ = ()
    place = "c1"
    takes = 1


class Function2(LuaFunction):
    """A Lua function of two parameters."""

    __slots__ = ()
    place = "c2"
    takes = 2


class Function3(LuaFunction):
    """A Lua function of three parameters."""

    __slots__ = ()
    place = "c3"
    takes = 3


class Function4(LuaFunction):
    """A Lua function of four parameters."""

    __slots__ = ()
    place = "c4"
    takes = 4


class FunctionN(LuaFunction):
    """A Lua function of more than four parameters."""

    __slots__ = ("count", "whole")
    place = "whole"
    count: int
    whole: Callable[..., Results]

    def own_entry(self) -> tuple[Callable[..., Results], int]:
        """The host function itself and how many arguments it takes."""
        return self.whole, self.count


class VarargFunction(LuaFunction):
    """A Lua function of any number of arguments."""

    __slots__ = ()
    place = "cn"
    takes = -1


_BY_COUNT = (Function0, Function1, Function2, Function3, Function4)


def new_function(entry: Callable[..., Results], count: int) -> LuaFunction:
    """A function object for a host function that takes `count` arguments (-1: any number)."""
    made: LuaFunction
    if count >= len(_BY_COUNT):
        made = FunctionN()
        made.count = count
    else:
        made = VarargFunction() if count < 0 else _BY_COUNT[count]()
    setattr(made, made.place, entry)
    return made


class Userdata(Collectable):
    """A host object that Lua code holds; its class decides its metatable."""

    __slots__ = ("__weakref__", "attached", "meta_table")

    attached: Attached

    def __init__(self) -> None:
        self.meta_table: Table | None = None


# What the collector may be asked to finalise.
Owned = Union[Table, Userdata]


class LightUserdata(Userdata):
    """An identity and nothing else, as `debug.upvalueid` gives it."""

    __slots__ = ()


class LuaError(Exception):
    """A Lua error in flight.

    Attributes:
        value: the error object.
        traceback: the Lua traceback at the point of the error, if it was asked for.
        handled: a message handler has made the value.
        depth: how many calls in C nested where it was raised, if they were too many.
    """

    def __init__(self, value: Value, traceback: str | None = None) -> None:
        super().__init__(value)
        self.value = value
        self.traceback = traceback
        self.handled = False
        self.depth = 0


# The attributes of values whose classes stand elsewhere: coroutines and files.
_OTHER_NAMES = (
    "base", "calls", "close", "closed", "closing", "dead", "error_trace", "failure", "fiber", "function", "generator",
    "handles", "handles_overflow", "hook", "in_hook", "inner", "main", "pending", "process", "protections", "raised", "resume",
    "resumer", "standard", "state", "status", "stream", "thread",
)  # fmt: skip
# Attribute names that some Lua value answers to in the host: compiled code asks for the class first.
HOST_NAMES: dict[str, bool] = {
    name: True
    for value_class in (str, int, float, type(None), LuaBoolean, Builtin, LuaFunction, FunctionN, Userdata)
    for name in dir(value_class)
}
HOST_NAMES.update(dict.fromkeys(_OTHER_NAMES, True))
TABLE_NAMES = frozenset(dir(Table))
