"""What is known, and what is likely, of the values in a chunk before it runs."""

from lockstep.reference.lua.vm.kinds.bits import (
    BOOLEAN,
    COMPARED,
    EXACT_MODULO,
    FALSY,
    FLOAT,
    INTEGER,
    NIL,
    NUMBER,
    OTHER,
    PRIMITIVE,
    STRING,
    TABLE,
)
from lockstep.reference.lua.vm.kinds.solution import Kinds

__all__ = [
    "BOOLEAN",
    "COMPARED",
    "EXACT_MODULO",
    "FALSY",
    "FLOAT",
    "INTEGER",
    "NIL",
    "NUMBER",
    "OTHER",
    "PRIMITIVE",
    "STRING",
    "TABLE",
    "Kinds",
]
