"""The try statement with `except*` (Language Reference 8.4.2), run by the host's own.

Splitting a group, and putting together what handlers raise, changes no context and no traceback of the parts;
only an `except*` of the host can do that. It is made from text, since an older host cannot parse it, and a guest
program that contains one was parsed by a host that can.
"""

from __future__ import annotations

import functools
from typing import Any, Callable

Run = Callable[[Callable[[], None], Callable[[int], Any], Callable[[int, BaseException], bool]], None]


@functools.cache
def runner(handlers: int) -> Run:
    """What runs `body()` under that many `except*` clauses, with `classes(i)` and `handle(i, part)`.

    `handle` is true where the part goes on unchanged.
    """
    lines = ["def run(body, classes, handle):", "    try:", "        body()"]
    for index in range(handlers):
        lines += [f"    except* classes({index}) as part:", f"        if handle({index}, part): raise"]
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)  # noqa: S102  # the text above, nothing of the guest's
    run: Run = names["run"]
    return run
