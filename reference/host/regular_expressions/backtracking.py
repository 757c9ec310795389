"""Matching by backtracking (ECMA-262 22.2.2.1), with an explicit stack, so that long texts need no deep recursion.

An entry of the stack is (instruction, position, low): where to go on after a failure; or, with a negative first
field, the slot to restore and its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.host.regular_expressions.instructions import (
    AGAIN,
    ASSERT,
    ATOMIC,
    BACK,
    BACK_BEHIND,
    CHECK,
    COUNT,
    ENTER,
    JUMP,
    LEAVE,
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

if TYPE_CHECKING:
    from lockstep.reference.host.limits import Budget

_FAILURES_A_STEP = 16
_REFERENCES = frozenset((BACK, BACK_BEHIND))


def run(code: list[Any], start: int, text: str, position: int, slots: list[int], budget: Budget) -> int:
    """Run the program from instruction `start` on.

    Args:
        code: instructions.
        start: the instruction.
        text: one host character for each character of the guest's.
        position: where matching begins.
        slots: captures, counters and positions; -1 for undefined. Changed by a match only.
        budget: charged for failures.

    Returns:
        Where the match ended, or -1.
    """
    stack: list[tuple[int, int, int]] = []
    push = stack.append
    pop = stack.pop
    end = len(text)
    failures = 0
    pc = start
    while True:
        instruction = code[pc]
        operation = instruction[0]
        if operation == STRING:
            literal = instruction[1]
            if text.startswith(literal, position):
                position += len(literal)
                pc += 1
                continue
        elif operation == SET:
            if position < end and instruction[1][text[position]]:
                position += 1
                pc += 1
                continue
        elif operation == SPLIT:
            push((instruction[1], position, 0))
            pc += 1
            continue
        elif operation == JUMP:
            pc = instruction[1]
            continue
        elif operation == SAVE:
            slot = instruction[1]
            push((-1 - slot, slots[slot], 0))
            slots[slot] = position
            pc += 1
            continue
        elif operation == RUN:
            found = instruction[1](text, position)
            if found is not None:
                low = position + instruction[2]
                position = found.end()
                if position > low:
                    push((pc + 1, position, low))
                pc += 2
                continue
        elif operation == RETRY:
            position -= 1
            if position > low:
                push((pc, position, low))
            pc += 1
            continue
        elif operation == RESET:
            for slot in range(instruction[1], instruction[2]):
                if slots[slot] >= 0:
                    push((-1 - slot, slots[slot], 0))
                    slots[slot] = -1
            pc += 1
            continue
        elif operation == REPEAT:
            _, counter, minimum, maximum, greedy, exit_ = instruction
            count = slots[counter]
            if count < minimum:
                pc += 1
            elif count >= maximum:
                pc = exit_
            elif greedy:
                push((exit_, position, 0))
                pc += 1
            else:
                push((pc + 1, position, 0))
                pc = exit_
            continue
        elif operation == ENTER:
            _, counter, slot = instruction
            push((-1 - slot, slots[slot], 0))
            slots[slot] = position
            push((-1 - counter, slots[counter], 0))
            slots[counter] += 1
            pc += 1
            continue
        elif operation == CHECK:
            # 22.2.2.3.1, step 2.b: beyond the minimum an empty repetition fails.
            if position != slots[instruction[2]] or slots[instruction[1]] <= instruction[3]:
                pc += 1
                continue
        elif operation == COUNT:
            slot = instruction[1]
            push((-1 - slot, slots[slot], 0))
            slots[slot] = 0
            pc += 1
            continue
        elif operation == ASSERT:
            if instruction[1](text, position):
                pc += 1
                continue
        elif operation == LOOK:
            before = slots[:]
            matched = run(code, pc + 1, text, position, slots, budget) >= 0
            if instruction[1]:
                if not matched:
                    pc = instruction[2]
                    continue
                slots[:] = before
            elif matched:
                _undo_later(stack, before, slots)
                pc = instruction[2]
                continue
        elif operation == STRING_BEHIND:
            literal = instruction[1]
            if text.endswith(literal, 0, position):
                position -= len(literal)
                pc += 1
                continue
        elif operation == SET_BEHIND:
            if position > 0 and instruction[1][text[position - 1]]:
                position -= 1
                pc += 1
                continue
        elif operation in _REFERENCES:
            after = _reference(instruction, text, position, slots)
            if after >= 0:
                position = after
                pc += 1
                continue
        elif operation == LEAVE:
            _, counter, slot, minimum, exit_ = instruction
            pc = exit_ if position == slots[slot] and slots[counter] >= minimum else pc + 1
            continue
        elif operation == ATOMIC:
            before = slots[:]
            after = run(code, pc + 1, text, position, slots, budget)
            if after >= 0:
                _undo_later(stack, before, slots)
                position = after
                pc = instruction[1]
                continue
        elif operation == AGAIN:
            first, last = slots[2 * instruction[1]], slots[2 * instruction[1] + 1]
            if first >= 0 and last >= 0:
                after = _same(text, first, last, position, position + last - first, instruction[2])
                if after >= 0:
                    position = after
                    pc += 1
                    continue
        elif operation == MATCH:
            return position
        # A failure: undo, and take the latest choice that is left.
        failures += 1
        if failures == _FAILURES_A_STEP:
            failures = 0
            budget.steps -= 1
            if budget.steps < 0:
                budget.exhausted()
        while stack:
            pc, position, low = pop()
            if pc >= 0:
                break
            slots[-1 - pc] = position
        else:
            return -1


def _undo_later(stack: list[tuple[int, int, int]], before: list[int], slots: list[int]) -> None:
    """What was changed inside is restored when what is outside fails."""
    for slot, value in enumerate(before):
        if slots[slot] != value:
            stack.append((-1 - slot, value, 0))


def _same(
    text: str, first: int, last: int, position: int, after: int, canonicalize: Callable[[str], str] | None
) -> int:
    """Where the text from `first` to `last` ends that stands at `position` again, or -1."""
    if after < 0 or after > len(text):
        return -1
    captured, candidate = text[first:last], text[min(position, after) : max(position, after)]
    if captured == candidate:
        return after
    if canonicalize is not None and canonicalize(captured) == canonicalize(candidate):
        return after
    return -1


def _reference(instruction: Any, text: str, position: int, slots: list[int]) -> int:
    """22.2.2.7.2 BackreferenceMatcher: where it ends, or -1."""
    operation, numbers, canonicalize = instruction
    after: int
    for number in numbers:
        first, last = slots[2 * number], slots[2 * number + 1]
        if first >= 0 and last >= 0:
            break
    else:
        return position
    length: int = last - first
    after = position - length if operation == BACK_BEHIND else position + length
    return _same(text, first, last, position, after, canonicalize)
