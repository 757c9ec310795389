"""Entries per arity: host functions called with another count of arguments than they take.

A guest's function object has an entry for each small count of arguments. The one that fits is the host function itself, so a call that fits
costs nothing; another is made when it is first missed, and kept. What is missing is the host's None: nil, or undefined.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

Target = Callable[..., Any]

# By how many arguments the target takes and how many it is given; without packing them.
_ADAPTERS: Mapping[tuple[int, int], Callable[[Target], Target]] = {
    (0, 1): lambda target: lambda _: target(),
    (1, 0): lambda target: lambda: target(None),
    (1, 2): lambda target: lambda a, _: target(a),
    (1, 3): lambda target: lambda a, _b, _c: target(a),
    (1, 4): lambda target: lambda a, _b, _c, _d: target(a),
    (2, 1): lambda target: lambda a: target(a, None),
    (2, 3): lambda target: lambda a, b, _: target(a, b),
    (2, 4): lambda target: lambda a, b, _c, _d: target(a, b),
    (3, 2): lambda target: lambda a, b: target(a, b, None),
    (3, 4): lambda target: lambda a, b, c, _: target(a, b, c),
}


def adapter(target: Target, takes: int, given: int) -> Target:
    """`target`, which takes `takes` arguments, as a function of `given` arguments; a receiver counts as one."""
    make = _ADAPTERS.get((takes, given))
    if make is not None:
        return make(target)
    padding = (None,) * max(0, takes - given)
    return lambda *arguments: target(*arguments[:takes], *padding)
