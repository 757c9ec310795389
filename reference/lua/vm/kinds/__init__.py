"""What is known, and what is likely, of the values in a chunk before it runs."""

from reference.lua.vm.kinds.bits import EXACT_MODULO, FLOAT, INTEGER, NUMBER, OTHER, PRIMITIVE, STRING, TABLE
from reference.lua.vm.kinds.solution import Kinds

__all__ = ["EXACT_MODULO", "FLOAT", "INTEGER", "NUMBER", "OTHER", "PRIMITIVE", "STRING", "TABLE", "Kinds"]
