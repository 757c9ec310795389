"""Property keys: canonical array indices, and the host attribute that holds a property.

Host attributes with an underscore belong to the runtime; a guest name with an underscore, with a leading `$`, or
with the name of a method of host str, float or bool, or of a host builtin, gets a `$` in front. So no guest
name meets a name of ours: not as an attribute, and not among the host globals of a realm, where global variables and what
generated code calls stand together.
"""

from __future__ import annotations

import builtins
from typing import Any, Final, overload

from lockstep.reference.javascript.runtime.values import PropertyKey, Symbol

# PyPy looks every global up in its builtins, whatever `__builtins__` says.
_HOST_NAMES: Final = frozenset(dir(str) + dir(float) + dir(bool) + dir(builtins))
_DIGITS: Final = frozenset("0123456789")
_MAX_INDEX: Final = (1 << 32) - 2
_MOST_KEPT: Final = 4096
_LONGEST_KEPT: Final = 32

INDEX_NAMES: Final = tuple(str(number) for number in range(1024))
"""The property keys of small indices."""


@overload
def host_name(key: str) -> str: ...
@overload
def host_name(key: Symbol) -> Any: ...  # the host's type of `__dict__` has no such keys
def host_name(key: PropertyKey) -> PropertyKey:
    """The host attribute (or instance dictionary key) for a property key; a Symbol is its own."""
    if key.__class__ is str and ("_" in key or key in _HOST_NAMES or key[:1] == "$"):
        return "$" + key
    return key


class _HostNames(dict[str, str]):
    """`host_name` of the keys that it has met, by indexing: at most some thousand short ones are kept."""

    def __missing__(self, key: str) -> str:
        name = host_name(key)
        if len(key) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[key] = name
        return name


HOST_NAMES: Final = _HostNames()
"""`host_name`, for keys that programs compute: it tells nobody anything but the function's own answer."""


def constant_name(name: str) -> str:
    """The host global of a script's `const`: as every name of ours it has an underscore that no guest's name has."""
    return f"{name}@const_"


def guest_name(name: PropertyKey) -> PropertyKey:
    """The property key that `host_name` turned into `name`."""
    if name.__class__ is str and name[:1] == "$":
        return name[1:]
    return name


def index_key(index: int) -> str:
    """The property key of an integer index."""
    return INDEX_NAMES[index] if 0 <= index < 1024 else str(index)


def array_index(key: PropertyKey) -> int:
    """6.1.7: the array index that `key` is, else -1."""
    if key.__class__ is not str or key[:1] not in _DIGITS or len(key) > 10 or not key:
        return -1
    if not (key.isascii() and key.isdigit()) or (key[0] == "0" and len(key) > 1):
        return -1
    index = int(key)
    return index if index <= _MAX_INDEX else -1


def ordered(keys: list[PropertyKey]) -> list[PropertyKey]:
    """10.1.11.1 OrdinaryOwnPropertyKeys: indices ascending, then strings, then symbols, each as created."""
    indices = None
    symbols = None
    for key in keys:
        if key.__class__ is not str:
            symbols = True
        elif key[:1] in _DIGITS and array_index(key) >= 0:
            indices = True
    if not indices and not symbols:
        return keys
    numbers = sorted(array_index(key) for key in keys if array_index(key) >= 0)
    strings = [key for key in keys if key.__class__ is str and array_index(key) < 0]
    return [index_key(number) for number in numbers] + strings + [k for k in keys if k.__class__ is not str]
