"""What the host functions of moved blocks are called (`nesting`), for those who look at frames."""

from __future__ import annotations

# Between the name of a function and the number of its block: no host name of a guest's function ends so, since they all end in
# what their language adds.
_MARK = " block "


def block_name(owner: str, number: int) -> str:
    """The name of a block of the function `owner`."""
    return f"{owner}{_MARK}{number}"


def is_block(name: str) -> bool:
    """Whether a host function of this name is a moved block."""
    return _MARK in name and name.rpartition(_MARK)[2].isdigit()


def owner_name(name: str) -> str:
    """The name of the function that a moved block belongs to; any other name as it is."""
    while is_block(name):
        name = name.rpartition(_MARK)[0]
    return name
