"""The slot table of a type: which special method fills which slot (CPython 3.11, `slotdefs`).

One row: special method, slot, kind, reflected or in-place partner (`-` for none). Several names may share a
slot (`__add__` and `__radd__`, `__set__` and `__delete__`), and one name may fill several (`__getitem__`).
"""

from __future__ import annotations

from typing import NamedTuple


class SlotDefinition(NamedTuple):
    """One row of the table."""

    name: str
    slot: str
    kind: str
    partner: str | None


_ROWS = """
__repr__ tp_repr basic -
__hash__ tp_hash basic -
__call__ tp_call basic -
__str__ tp_str basic -
__getattribute__ tp_getattro attribute -
__getattr__ tp_getattro attribute -
__setattr__ tp_setattro attribute -
__delattr__ tp_setattro attribute -
__lt__ tp_richcompare richcompare __gt__
__le__ tp_richcompare richcompare __ge__
__eq__ tp_richcompare richcompare __eq__
__ne__ tp_richcompare richcompare __ne__
__gt__ tp_richcompare richcompare __lt__
__ge__ tp_richcompare richcompare __le__
__iter__ tp_iter iterator -
__next__ tp_iternext iterator -
__get__ tp_descr_get descriptor -
__set__ tp_descr_set descriptor -
__delete__ tp_descr_set descriptor -
__init__ tp_init lifecycle -
__new__ tp_new lifecycle -
__del__ tp_finalize lifecycle -
__await__ am_await async -
__aiter__ am_aiter async -
__anext__ am_anext async -
__add__ nb_add binop __radd__
__radd__ nb_add binop_reflected __add__
__sub__ nb_subtract binop __rsub__
__rsub__ nb_subtract binop_reflected __sub__
__mul__ nb_multiply binop __rmul__
__rmul__ nb_multiply binop_reflected __mul__
__mod__ nb_remainder binop __rmod__
__rmod__ nb_remainder binop_reflected __mod__
__divmod__ nb_divmod binop __rdivmod__
__rdivmod__ nb_divmod binop_reflected __divmod__
__pow__ nb_power ternary __rpow__
__rpow__ nb_power ternary_reflected __pow__
__neg__ nb_negative unary -
__pos__ nb_positive unary -
__abs__ nb_absolute unary -
__bool__ nb_bool conversion -
__invert__ nb_invert unary -
__lshift__ nb_lshift binop __rlshift__
__rlshift__ nb_lshift binop_reflected __lshift__
__rshift__ nb_rshift binop __rrshift__
__rrshift__ nb_rshift binop_reflected __rshift__
__and__ nb_and binop __rand__
__rand__ nb_and binop_reflected __and__
__xor__ nb_xor binop __rxor__
__rxor__ nb_xor binop_reflected __xor__
__or__ nb_or binop __ror__
__ror__ nb_or binop_reflected __or__
__int__ nb_int conversion -
__float__ nb_float conversion -
__iadd__ nb_inplace_add inplace __add__
__isub__ nb_inplace_subtract inplace __sub__
__imul__ nb_inplace_multiply inplace __mul__
__imod__ nb_inplace_remainder inplace __mod__
__ipow__ nb_inplace_power inplace __pow__
__ilshift__ nb_inplace_lshift inplace __lshift__
__irshift__ nb_inplace_rshift inplace __rshift__
__iand__ nb_inplace_and inplace __and__
__ixor__ nb_inplace_xor inplace __xor__
__ior__ nb_inplace_or inplace __or__
__floordiv__ nb_floor_divide binop __rfloordiv__
__rfloordiv__ nb_floor_divide binop_reflected __floordiv__
__truediv__ nb_true_divide binop __rtruediv__
__rtruediv__ nb_true_divide binop_reflected __truediv__
__ifloordiv__ nb_inplace_floor_divide inplace __floordiv__
__itruediv__ nb_inplace_true_divide inplace __truediv__
__index__ nb_index conversion -
__matmul__ nb_matrix_multiply binop __rmatmul__
__rmatmul__ nb_matrix_multiply binop_reflected __matmul__
__imatmul__ nb_inplace_matrix_multiply inplace __matmul__
__len__ mp_length mapping -
__getitem__ mp_subscript mapping -
__setitem__ mp_ass_subscript mapping -
__delitem__ mp_ass_subscript mapping -
__len__ sq_length sequence -
__add__ sq_concat sequence -
__mul__ sq_repeat sequence -
__rmul__ sq_repeat sequence -
__getitem__ sq_item sequence -
__setitem__ sq_ass_item sequence -
__delitem__ sq_ass_item sequence -
__contains__ sq_contains sequence -
__iadd__ sq_inplace_concat seq_inplace -
__imul__ sq_inplace_repeat seq_inplace -
"""

SLOT_DEFINITIONS = tuple(
    SlotDefinition(name, slot, kind, None if partner == "-" else partner)
    for name, slot, kind, partner in (row.split() for row in _ROWS.strip().splitlines())
)

SPECIAL_NAMES = frozenset(definition.name for definition in SLOT_DEFINITIONS)

# The names that fill each slot, in the order of the table.
DEFINITIONS_OF_SLOT: dict[str, tuple[SlotDefinition, ...]] = {}
for _definition in SLOT_DEFINITIONS:
    DEFINITIONS_OF_SLOT[_definition.slot] = (*DEFINITIONS_OF_SLOT.get(_definition.slot, ()), _definition)

# Operator symbol, slot, in-place slot: Language Reference 6.5 to 6.9 and 7.2.1.
BINARY_OPERATORS = {
    "+": ("nb_add", "nb_inplace_add"),
    "-": ("nb_subtract", "nb_inplace_subtract"),
    "*": ("nb_multiply", "nb_inplace_multiply"),
    "@": ("nb_matrix_multiply", "nb_inplace_matrix_multiply"),
    "/": ("nb_true_divide", "nb_inplace_true_divide"),
    "//": ("nb_floor_divide", "nb_inplace_floor_divide"),
    "%": ("nb_remainder", "nb_inplace_remainder"),
    "**": ("nb_power", "nb_inplace_power"),
    "<<": ("nb_lshift", "nb_inplace_lshift"),
    ">>": ("nb_rshift", "nb_inplace_rshift"),
    "&": ("nb_and", "nb_inplace_and"),
    "^": ("nb_xor", "nb_inplace_xor"),
    "|": ("nb_or", "nb_inplace_or"),
}

UNARY_OPERATORS = {"-": "nb_negative", "+": "nb_positive", "~": "nb_invert"}

# Comparison symbol, special method, method of the swapped comparison: Language Reference 3.3.1.
COMPARISONS = {
    "<": ("__lt__", ">"),
    "<=": ("__le__", ">="),
    "==": ("__eq__", "=="),
    "!=": ("__ne__", "!="),
    ">": ("__gt__", "<"),
    ">=": ("__ge__", "<="),
}
