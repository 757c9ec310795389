"""What becomes of a value, and what guest locals are called on the host."""

from __future__ import annotations

from lockstep.reference.clojure.analysis import nodes


class Destination:
    """What becomes of a value: returned, assigned to `name`, or dropped; `leave` ends the loop around it."""

    __slots__ = ("leave", "name", "returns")

    def __init__(self, name: str | None = None, *, returns: bool = False, leave: bool = False) -> None:
        self.name = name
        self.returns = returns
        self.leave = leave


RETURN = Destination(returns=True)
DISCARD = Destination()


def host_name(binding: nodes.Binding) -> str:
    """The host local of a guest local; temporaries are called `~1`, and a local may have an empty name."""
    return f"{binding.name.replace('~', '~~') or '_'}~{binding.number}"
