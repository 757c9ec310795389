"""The regions around code that is compiled: what a jump out of it has to leave, see `productions/exits.py`."""

from __future__ import annotations

import ast
from typing import Callable, Union

from lockstep.reference.host.generation.jumps import Loop


class Target(Loop):
    """A host loop that a jump may leave.

    Attributes:
        labels: the guest labels of the statement.
        takes_break: an unlabelled `break` means it.
        takes_continue: it is a guest loop.
        has_update: something happens between `continue` and the next turn.
        close: emits what leaving it early takes (closing an iterator); harmless when that was done.
        is_left: a jump leaves it early, so `close` stands behind it.
        continues: where a `continue` stands, for loops with an update: the list of statements and the placeholder.
        is_crossed: one of them stands in a protected region of the body.
    """

    def __init__(self, labels: tuple[str, ...], takes_break: bool, takes_continue: bool) -> None:
        super().__init__()
        self.labels = labels
        self.takes_break = takes_break
        self.takes_continue = takes_continue
        self.has_update = False
        self.close: Callable[[], None] | None = None
        self.is_left = False
        self.continues: list[tuple[list[ast.stmt], ast.stmt]] = []
        self.is_crossed = False


class Protected:
    """Code whose leaving runs other code first: a `finally`, a disposal; or whose errors a `catch` would see."""


Region = Union[Target, Protected]
