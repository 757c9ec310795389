"""Why the bases of a class have no linearisation, in CPython's words (C3: "The Python 2.3 Method Resolution Order").

The host linearises; PyPy's words for its refusals are its own.
"""

from __future__ import annotations

import sys

from lockstep.reference.python.runtime.kinds import is_type

HOST_HAS_WORDS_OF_ITS_OWN = sys.implementation.name != "cpython"


def check_bases(bases: object) -> None:
    """Linearise what a class with `bases` would inherit, for its errors.

    Raises:
        TypeError: a base occurs twice, or no order respects them all.
    """
    if type(bases) is not tuple or len(bases) < 2 or not all(is_type(base) for base in bases):
        return
    for index, base in enumerate(bases):
        if any(base is other for other in bases[:index]):
            raise TypeError(f"duplicate base class {base.__name__}")
    _merge([*(list(base.__mro__) for base in bases), list(bases)])


def _merge(sequences: list[list[type]]) -> None:
    while sequences:
        candidate = next((row[0] for row in sequences if not _in_a_tail(row[0], sequences)), None)
        if candidate is None:
            heads = list({id(row[0]): row[0].__name__ for row in sequences}.values())
            raise TypeError(
                f"Cannot create a consistent method resolution\norder (MRO) for bases {', '.join(heads)}"
            )
        rows = (row[1:] if row[0] is candidate else row for row in sequences)
        sequences = [row for row in rows if row]


def _in_a_tail(candidate: type, sequences: list[list[type]]) -> bool:
    return any(candidate is other for row in sequences for other in row[1:])
