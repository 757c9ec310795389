"""22.2.2.7.3 Canonicalize, and the sets of characters that it makes equal."""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.reference.javascript.runtime.regular_expressions.character_set import (
    complement,
    contains,
    difference,
    from_ranges,
    intersection,
    union,
)
from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.case_folding import CASE_FOLDING
from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.to_uppercase import TO_UPPERCASE

_ASCII_LETTERS = (0x41, 0x5B, 0x61, 0x7B)


class Canonicalizer:
    """Canonicalize under the flag `i`.

    Without `u` and `v` it is the simple uppercase mapping of code units that never leads into ASCII (steps 3 to 10);
    with them simple case folding (step 2), where the first member of each class stands for it: only whether two
    characters have the same canonical form can be observed.
    """

    def __init__(self, *, unicode_mode: bool) -> None:
        self.unicode_mode = unicode_mode
        self._rows = CASE_FOLDING if unicode_mode else TO_UPPERCASE
        self._forms: dict[int, int] | None = None
        self._classes: dict[int, list[int]] = {}

    @property
    def forms(self) -> dict[int, int]:
        """The canonical form of each character that has another one than itself."""
        if self._forms is None:
            forms = {}
            for first, last, step, distance in self._rows:
                for code in range(first, last + 1, step):
                    forms[code] = code + distance
            for code, form in forms.items():
                self._classes.setdefault(form, [form]).append(code)
            self._forms = forms
        return self._forms

    def canonicalize(self, text: str) -> str:
        """`text` with each character in its canonical form."""
        forms = self.forms
        return "".join([chr(forms.get(ord(character), ord(character))) for character in text])

    def equal_to(self, code: int) -> tuple[int, ...]:
        """The set of the characters with the same canonical form as `code`."""
        if code < 0x80 and not self.unicode_mode:
            if contains(_ASCII_LETTERS, code):
                return from_ranges(((code, code), (code ^ 0x20, code ^ 0x20)))
            return (code, code + 1)
        form = self.forms.get(code, code)
        return from_ranges((member, member) for member in self._classes.get(form, (form,)))

    def close(self, members: tuple[int, ...]) -> tuple[int, ...]:
        """The set of the characters with the same canonical form as some member."""
        if not self.unicode_mode and (not members or members[-1] <= 0x80):
            letters = intersection(members, _ASCII_LETTERS)
            return union(
                members,
                *(from_ranges([(code ^ 0x20, code ^ 0x20)]) for code in _codes(letters)),
            )
        added: list[tuple[int, int]] = []
        # The classes are there once the forms are.
        assert self.forms is not None
        for equal in self._classes.values():
            present = [contains(members, code) for code in equal]
            if any(present) and not all(present):
                added.extend((code, code) for code in equal)
        return union(members, from_ranges(added)) if added else members

    def fold(self, members: tuple[int, ...]) -> tuple[int, ...]:
        """The set of the canonical forms of the members."""
        forms = self.forms
        changed = [code for code in forms if contains(members, code)]
        if not changed:
            return members
        return union(
            difference(members, from_ranges((code, code) for code in changed)),
            from_ranges((forms[code], forms[code]) for code in changed),
        )

    def canonical(self) -> tuple[int, ...]:
        """The set of the characters that are their own canonical form."""
        return complement(from_ranges((code, code) for code in self.forms))


def _codes(members: tuple[int, ...]) -> Iterable[int]:
    for index in range(0, len(members), 2):
        yield from range(members[index], members[index + 1])
