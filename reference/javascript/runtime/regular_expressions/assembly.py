"""From `nodes` to the program that `backtracking` runs."""

from __future__ import annotations

import re
from typing import Any, Callable, Final

from lockstep.reference.host.regular_expressions.instructions import (
    ASSERT,
    BACK,
    BACK_BEHIND,
    CHECK,
    COUNT,
    ENTER,
    JUMP,
    LOOK,
    MATCH,
    REPEAT,
    RESET,
    RETRY,
    RUN,
    SAVE,
    SET,
    SET_BEHIND,
    SPLIT,
    STRING,
    STRING_BEHIND,
)
from lockstep.reference.javascript.runtime.regular_expressions.character_set import contains
from lockstep.reference.javascript.runtime.regular_expressions.host_translation import class_source
from lockstep.reference.javascript.runtime.regular_expressions.lowering import LINE_TERMINATORS
from lockstep.reference.javascript.runtime.regular_expressions.nodes import (
    Alternatives,
    Back,
    Boundary,
    Capture,
    Characters,
    Look,
    Node,
    Repeat,
    Sequence,
)


class Members(dict[str, bool]):
    """A character set as host mapping from character to bool, filled as it is asked."""

    def __init__(self, members: tuple[int, ...]) -> None:
        super().__init__()
        self.members = members

    def __missing__(self, character: str) -> bool:
        found = contains(self.members, ord(character))
        self[character] = found
        return found


class Assembler:
    """Collects instructions.

    Attributes:
        code: the instructions so far.
        slots: how many slots there are: of captures, then counters and positions of repetitions.
        targets: where jumps lead.
    """

    def __init__(self, capture_count: int) -> None:
        self.code: list[Any] = []
        self.slots = 2 * (capture_count + 1)
        self.targets: set[int] = set()

    def slot(self) -> int:
        """A new slot."""
        self.slots += 1
        return self.slots - 1

    def emit(self, node: Node, behind: bool) -> None:
        """22.2.2.3 to 22.2.2.7 CompileSubpattern; `behind` is the direction backward."""
        _EMITTERS[type(node)](self, node, behind)

    def characters(self, node: Characters, behind: bool) -> None:
        """22.2.2.7.1 CharacterSetMatcher."""
        members = node.members
        if len(members) == 2 and members[1] == members[0] + 1:
            self.code.append((STRING_BEHIND if behind else STRING, chr(members[0])))
        else:
            self.code.append((SET_BEHIND if behind else SET, Members(members)))

    def sequence(self, node: Sequence, behind: bool) -> None:
        """22.2.2.5 MatchSequence."""
        for part in reversed(node.parts) if behind else node.parts:
            start = len(self.code)
            self.emit(part, behind)
            self.join_strings(start, behind)

    def join_strings(self, at: int, behind: bool) -> None:
        """Make one instruction of two literals; nothing jumps between the parts of a sequence."""
        if at != len(self.code) - 1 or at == 0 or at in self.targets:
            return
        wanted = STRING_BEHIND if behind else STRING
        before, after = self.code[at - 1], self.code[at]
        if before is not None and before[0] == wanted == after[0]:
            text = after[1] + before[1] if behind else before[1] + after[1]
            self.code[at - 1 :] = [(wanted, text)]

    def alternatives(self, node: Alternatives, behind: bool) -> None:
        """22.2.2.6 MatchTwoAlternatives, of all."""
        jumps = []
        for part in node.parts[:-1]:
            split = self.reserve()
            self.emit(part, behind)
            jumps.append(self.reserve())
            self.code[split] = (SPLIT, self.here())
        self.emit(node.parts[-1], behind)
        end = self.here()
        for jump in jumps:
            self.code[jump] = (JUMP, end)

    def reserve(self) -> int:
        """Room for an instruction that is not known yet."""
        self.code.append(None)
        return len(self.code) - 1

    def here(self) -> int:
        """The next instruction's number, as the target of a jump."""
        self.targets.add(len(self.code))
        return len(self.code)

    def capture(self, node: Capture, behind: bool) -> None:
        """22.2.2.7, a capturing group."""
        slot = 2 * node.number
        self.code.append((SAVE, slot + behind))
        self.emit(node.body, behind)
        self.code.append((SAVE, slot + (not behind)))

    def reset(self, node: Repeat) -> None:
        """22.2.2.3.1 RepeatMatcher, step 4."""
        if node.captures:
            self.code.append((RESET, 2 * node.first_capture, 2 * node.last_capture))

    def repeat(self, node: Repeat, behind: bool) -> None:
        """22.2.2.3.1 RepeatMatcher."""
        body, minimum, maximum = node.body, node.minimum, node.maximum
        if maximum == 0:
            return
        if body.shortest and minimum == 0 and maximum in (1, None):
            if isinstance(body, Characters) and node.greedy and maximum is None and not behind:
                self.run(body, minimum, maximum)
                return
            self.simple_repeat(node, behind)
            return
        if isinstance(body, Characters) and node.greedy and not behind and max(minimum, maximum or 0) < 65536:
            self.run(body, minimum, maximum)
            return
        counter, position = self.slot(), self.slot()
        self.code.append((COUNT, counter))
        loop = self.here()
        top = self.reserve()
        self.code.append((ENTER, counter, position))
        self.reset(node)
        self.emit(body, behind)
        if not body.shortest:
            self.code.append((CHECK, counter, position, minimum))
        self.code.append((JUMP, loop))
        limit = float("inf") if maximum is None else maximum
        self.code[top] = (REPEAT, counter, minimum, limit, node.greedy, self.here())

    def run(self, body: Characters, minimum: int, maximum: int | None) -> None:
        """A greedy repetition of one character."""
        limit = "" if maximum is None else maximum
        source = f"{class_source(body.members)}{{{minimum},{limit}}}"
        self.code.append((RUN, re.compile(source, re.DOTALL).match, minimum))
        self.code.append((RETRY,))
        self.here()

    def simple_repeat(self, node: Repeat, behind: bool) -> None:
        """`*` and `?` of what cannot be empty: no counter, no check."""
        loop = self.here()
        split = self.reserve()
        jump = None if node.greedy else self.reserve()
        inside = self.here()
        self.reset(node)
        self.emit(node.body, behind)
        if node.maximum is None:
            self.code.append((JUMP, loop))
        end = self.here()
        if jump is None:
            self.code[split] = (SPLIT, end)
        else:
            self.code[split] = (SPLIT, inside)
            self.code[jump] = (JUMP, end)

    def look(self, node: Look, behind: bool) -> None:
        """22.2.2.4, lookahead and lookbehind."""
        look = self.reserve()
        self.emit(node.body, node.behind)
        self.code.append((MATCH,))
        self.code[look] = (LOOK, node.negative, self.here())

    def boundary(self, node: Boundary, behind: bool) -> None:
        """22.2.2.4, the other assertions."""
        self.code.append((ASSERT, predicate(node)))

    def back(self, node: Back, behind: bool) -> None:
        """22.2.2.7.2 BackreferenceMatcher."""
        self.code.append((BACK_BEHIND if behind else BACK, node.numbers, node.canonicalize))


_EMITTERS: Final[dict[type, Callable[..., None]]] = {
    Characters: Assembler.characters,
    Sequence: Assembler.sequence,
    Alternatives: Assembler.alternatives,
    Capture: Assembler.capture,
    Repeat: Assembler.repeat,
    Look: Assembler.look,
    Boundary: Assembler.boundary,
    Back: Assembler.back,
}


def predicate(node: Boundary) -> Callable[[str, int], bool]:
    """22.2.2.4, what the assertion tests."""
    if node.kind == "^":
        if not node.multiline:
            return lambda _text, position: position == 0
        return lambda text, position: position == 0 or contains(LINE_TERMINATORS, ord(text[position - 1]))
    if node.kind == "$":
        if not node.multiline:
            return lambda text, position: position == len(text)
        return lambda text, position: position == len(text) or contains(LINE_TERMINATORS, ord(text[position]))
    word, wanted = Members(node.word), node.kind == "b"

    def boundary(text: str, position: int) -> bool:
        before = position > 0 and word[text[position - 1]]
        after = position < len(text) and word[text[position]]
        return (before is not after) is wanted

    return boundary


def assemble(node: Node, capture_count: int) -> tuple[list[object], int]:
    """The program, and how many slots it needs."""
    assembler = Assembler(capture_count)
    assembler.emit(node, False)
    assembler.code.append((MATCH,))
    return assembler.code, assembler.slots
