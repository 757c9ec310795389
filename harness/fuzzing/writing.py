"""Writing a random program by a grammar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lockstep.harness.fuzzing.choices import Choices
from lockstep.harness.fuzzing.grammar import (
    FUNCTION,
    PLAIN,
    START,
    STRICT,
    Alternatives,
    Back,
    Between,
    Close,
    Expansion,
    Grammar,
    NewVariable,
    Open,
    Production,
    Variable,
)
from lockstep.harness.fuzzing.tree import LABEL, Items, Node, text_of

# Programs grow: after so many, the next is a size larger, up to the largest.
_PROGRAMS_A_SIZE = 20
_SIZES = 8
_IN_A_LIST = 3
_IN_A_BLOCK = 3
_LINES_A_SIZE = 8
_DEEPEST_EXPRESSION = 2
# The outermost scope, and the one that the program opens behind what it begins with.
_OF_THE_PROGRAM = 2


@dataclass(frozen=True)
class Known:
    """A variable that is visible; `level` counts the functions around it."""

    name: str
    type: str
    assignable: bool
    level: int


@dataclass
class Scope:
    """What is known at one place of a program: variables, flags, how many functions are around it."""

    flags: frozenset[str] = frozenset()
    level: int = 0
    variables: list[Known] = field(default_factory=list)


def size_of(number: int) -> int:
    """How large the program of this number is, from 1 on."""
    return 1 + min(number // _PROGRAMS_A_SIZE, _SIZES - 1)


def write_program(grammar: Grammar, seed: int, number: int, weights: Mapping[str, int] | None = None) -> str:
    """The program of this number: the same for the same seed and grammar, on every machine.

    Args:
        grammar: of its language.
        seed: of all programs of a run.
        number: of this one, from 0 on; later ones are larger.
        weights: of features, in place of 10; 0 leaves a feature out.
    """
    text = text_of(program_tree(grammar, seed, number, weights))
    return text if text.endswith("\n") else text + "\n"


def program_tree(grammar: Grammar, seed: int, number: int, weights: Mapping[str, int] | None = None) -> Node:
    """The same program as a tree, see `write_program`."""
    return _Writer(grammar, Choices(seed, number), size_of(number), weights or {}).program()


class _Writer:
    def __init__(self, grammar: Grammar, choices: Choices, size: int, weights: Mapping[str, int]) -> None:
        self._grammar = grammar
        self._choices = choices
        self._size = size
        self._weights = weights
        self._scopes = [Scope()]
        self._names = 0
        self._lines = _LINES_A_SIZE * size

    def program(self) -> Node:
        """The whole program."""
        return self._expand(START, 3 + self._size)

    def _expand(self, kind: str, depth: int) -> Node:
        """A production of this kind."""
        production = self._choices.weighted(
            self._candidates(kind, depth if self._lines > 0 else min(depth, 2))
        )
        return self._written(production, depth)

    def _candidates(self, kind: str, depth: int) -> list[tuple[Production, int]]:
        usable = [
            (one, weight)
            for one in self._grammar.kinds[kind]
            if (weight := self._weight(one)) and self._applies(one)
        ]
        heights = self._grammar.heights
        fitting = [(one, weight) for one, weight in usable if heights[one] <= depth]
        if fitting:
            return fitting
        if not usable:
            # Weights have left out all that can stand here; a program without it would be none.
            usable = [
                (one, one.weight) for one in self._grammar.kinds[kind] if one.weight and self._applies(one)
            ]
        least = min(heights[one] for one, _ in usable)
        return [(one, weight) for one, weight in usable if heights[one] == least]

    def _weight(self, production: Production) -> int:
        if production.feature == PLAIN:
            return production.weight * 10
        return production.weight * self._weights.get(production.feature, 10)

    def _applies(self, production: Production) -> bool:
        flags = self._scopes[-1].flags
        for need in production.needs:
            if (need[1:] in flags) if need.startswith("!") else (need not in flags):
                return False
        return all(self._visible(part) for part in production.variables())

    def _visible(self, wanted: Variable) -> list[Known]:
        level = self._scopes[-1].level
        return [
            one
            for scope in self._scopes
            for one in scope.variables
            if one.type == wanted.type
            and (
                not wanted.assigned
                or (one.assignable and (one.level == level or not self._grammar.local_assignment))
            )
        ]

    def _written(self, production: Production, depth: int) -> Node:
        node = Node(production.kind, production.feature)
        pieces = node.pieces
        fresh: list[Known] = []
        unpublished: list[tuple[Known, int]] = []
        later: list[Known] = []
        opened = 0
        for part in production.parts:
            if isinstance(part, str):
                pieces.append(part)
            elif isinstance(part, Expansion):
                pieces.append(self._expanded(part, depth - 1))
            elif isinstance(part, Alternatives):
                pieces.append(self._choices.pick(part.texts))
            elif isinstance(part, Between):
                pieces.append(str(part.low + self._choices.below(part.high - part.low + 1)))
            elif isinstance(part, Variable):
                pieces.append(self._choices.pick(self._visible(part)).name)
            elif isinstance(part, NewVariable):
                self._names += 1
                known = Known(
                    f"{part.type[0]}{self._names}", part.type, part.assignable, self._scopes[-1].level
                )
                fresh.append(known)
                if part.later:
                    later.append(known)
                else:
                    unpublished.append((known, opened))
                pieces.append(known.name)
            elif isinstance(part, Back):
                pieces.append(fresh[part.number - 1].name)
            elif isinstance(part, Open):
                self._open(part, [known for known, _ in unpublished])
                unpublished = []
                opened += 1
            elif isinstance(part, Close):
                self._scopes.pop()
                opened -= 1
            else:
                pieces.append(LABEL)
        del self._scopes[len(self._scopes) - opened :]
        self._scopes[-1].variables += [known for known, inside in unpublished if not inside] + later
        return node

    def _open(self, part: Open, variables: list[Known]) -> None:
        around = self._scopes[-1]
        inside = FUNCTION in part.flags
        flags = part.flags | (around.flags & {STRICT} if inside else around.flags)
        level = around.level + inside
        moved = (
            [Known(one.name, one.type, one.assignable, level) for one in variables] if inside else variables
        )
        self._scopes.append(Scope(flags, level, moved))

    def _expanded(self, part: Expansion, depth: int) -> Node | Items:
        if part.separator is None:
            return self._expand(part.kind, min(depth, _DEEPEST_EXPRESSION + self._size // 2))
        items = Items(part.separator, part.least)
        for _ in range(self._count(part, depth)):
            items.nodes.append(self._expand(part.kind, depth))
        return items

    def _count(self, part: Expansion, depth: int) -> int:
        """How many of a list there are; of lines, as many as are left for the program."""
        if part.separator != "\n":
            return (
                part.least + self._choices.below(min(_IN_A_LIST, max(depth, 0)) - part.least + 1)
                if depth > 0
                else part.least
            )
        if len(self._scopes) <= _OF_THE_PROGRAM:
            return self._size + 2 + self._choices.below(self._size + 2)
        count = min(1 + self._choices.below(_IN_A_BLOCK), max(self._lines, 1))
        self._lines -= count
        return count
