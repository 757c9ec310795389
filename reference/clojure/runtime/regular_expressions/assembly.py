"""From a parsed pattern to a program of the matcher that looks at the limits; it matches as the host's `re` does with the translated text."""

from __future__ import annotations

import re
from typing import Any, Callable

from lockstep.reference.clojure.runtime.regular_expressions.code_points import host_class
from lockstep.reference.clojure.runtime.regular_expressions.nodes import (
    Assertion,
    Choice,
    Group,
    LastMatch,
    Literal,
    Node,
    OneOf,
    Reference,
    Repeat,
    Sequence,
)
from lockstep.reference.host.regular_expressions.instructions import (
    AGAIN,
    ASSERT,
    ATOMIC,
    COUNT,
    ENTER,
    JUMP,
    LEAVE,
    LOOK,
    MATCH,
    REPEAT,
    RETRY,
    RUN,
    SAVE,
    SET,
    SPLIT,
    STRING,
)

Test = Callable[[str, int], bool]


class _Members(dict[str, bool]):
    """What characters a class of the host has, filled as it is asked."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.match = re.compile(written).match

    def __missing__(self, character: str) -> bool:
        found = self[character] = self.match(character) is not None
        return found


class Assembler:
    """Collects instructions.

    Args:
        groups: the host's number of each group, which is the number of its slots.
        count: the host's number of groups.
        last: where the last match ended.
        written: how the host writes a node.
    """

    def __init__(self, groups: dict[int, int], count: int, last: int, written: Callable[[Node], str]) -> None:
        self.written = written
        self.groups = groups
        self.code: list[Any] = []
        self.slots = 2 * (count + 1)
        self.last = last

    def emit(self, node: Node) -> None:
        """The instructions of a node."""
        _EMITTERS[type(node)](self, node)

    def literal(self, node: Literal) -> None:
        """A text, in either case where it says so."""
        if not node.case or node.text.lower() == node.text.upper():
            self.code.append((STRING, node.text))
            return
        for character in node.text:
            self.code.append((SET, _Members(self.written(Literal(character, node.case)))))

    def one_of(self, node: OneOf) -> None:
        """A character of a set."""
        self.code.append((SET, _Members(host_class(node.ranges))))

    def assertion(self, node: Assertion) -> None:
        """What takes no text."""
        self.code.append((ASSERT, _test(node.host)))

    def last_match(self, node: LastMatch) -> None:
        r"""`\G`."""
        last = self.last
        self.code.append((ASSERT, lambda _, position: position == last))

    def reference(self, node: Reference) -> None:
        """The text of a group; nothing where that took no part."""
        if node.number not in self.groups:
            self.code.append((ASSERT, lambda _, __: False))
            return
        self.code.append((AGAIN, self.groups[node.number], _CASES[node.case]))

    def group(self, node: Group) -> None:
        """A group of any kind."""
        if node.kind == "capture":
            slot = 2 * self.groups[node.number]
            self.code.append((SAVE, slot))
            self.emit(node.body)
            self.code.append((SAVE, slot + 1))
        elif node.kind == "plain":
            self.emit(node.body)
        elif node.kind in {"behind", "not-behind"}:
            self.assertion(Assertion(self.written(node)))
        else:
            start = self.reserve()
            self.emit(node.body)
            self.code.append((MATCH,))
            end = len(self.code)
            atomic = node.kind == "atomic"
            self.code[start] = (ATOMIC, end) if atomic else (LOOK, node.kind == "not-ahead", end)

    def repeat(self, node: Repeat) -> None:
        """A quantifier. A round beyond the least that takes no text is the last one."""
        body, high = node.body, node.high
        if node.mode == "possessive":
            self.group(Group("atomic", Repeat(body, node.low, high, "greedy")))
            return
        if isinstance(body, OneOf) and node.mode == "greedy":
            source = f"{host_class(body.ranges)}{{{node.low},{'' if high is None else high}}}"
            self.code += [(RUN, re.compile(source).match, node.low), (RETRY,)]
            return
        counter, position = self.slot(), self.slot()
        self.code.append((COUNT, counter))
        loop = len(self.code)
        top = self.reserve()
        self.code.append((ENTER, counter, position))
        self.emit(body)
        leave = self.reserve()
        self.code.append((JUMP, loop))
        end = len(self.code)
        limit = float("inf") if high is None else high
        self.code[top] = (REPEAT, counter, node.low, limit, node.mode == "greedy", end)
        self.code[leave] = (LEAVE, counter, position, node.low, end)

    def sequence(self, node: Sequence) -> None:
        """One after the other."""
        for part in node.parts:
            self.emit(part)

    def choice(self, node: Choice) -> None:
        """One of several, tried in order."""
        jumps = []
        for branch in node.branches[:-1]:
            split = self.reserve()
            self.emit(branch)
            jumps.append(self.reserve())
            self.code[split] = (SPLIT, len(self.code))
        self.emit(node.branches[-1])
        for jump in jumps:
            self.code[jump] = (JUMP, len(self.code))

    def slot(self) -> int:
        """A new slot."""
        self.slots += 1
        return self.slots - 1

    def reserve(self) -> int:
        """Room for an instruction that is not known yet."""
        self.code.append(None)
        return len(self.code) - 1


def _test(host: str) -> Test:
    match = re.compile(host).match
    return lambda text, position: match(text, position) is not None


def _ascii_lower(text: str) -> str:
    return "".join([unit.lower() if unit.isascii() else unit for unit in text])


_CASES: dict[str, Callable[[str], str] | None] = {"": None, "a": _ascii_lower, "u": str.lower}

_EMITTERS: dict[type, Callable[[Assembler, Any], None]] = {
    Literal: Assembler.literal,
    OneOf: Assembler.one_of,
    Assertion: Assembler.assertion,
    LastMatch: Assembler.last_match,
    Reference: Assembler.reference,
    Group: Assembler.group,
    Repeat: Assembler.repeat,
    Sequence: Assembler.sequence,
    Choice: Assembler.choice,
}


def assemble(
    node: Node, groups: dict[int, int], count: int, written: Callable[[Node], str], *, last: int, whole: bool
) -> tuple[list[Any], int]:
    """The program, and how many slots it needs.

    Args:
        node: the pattern.
        groups: the host's number of each group.
        count: the host's number of groups.
        written: how the host writes a node.
        last: where the last match ended.
        whole: whether the match must end with the text.
    """
    assembler = Assembler(groups, count, last, written)
    assembler.emit(node)
    if whole:
        assembler.code.append((ASSERT, lambda text, position: position == len(text)))
    assembler.code.append((MATCH,))
    return assembler.code, assembler.slots
