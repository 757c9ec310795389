"""What the program of a pattern is made of: tuples of an operation and its operands."""

from __future__ import annotations

from typing import Final

# Operations, with their operands.
STRING: Final = 0  # text
SET: Final = 1  # members
RUN: Final = 2  # host matcher of the longest run, minimum; RETRY follows
RETRY: Final = 3  # gives one character of a run back
SPLIT: Final = 4  # where to go on after a failure
JUMP: Final = 5  # where to
SAVE: Final = 6  # slot
RESET: Final = 7  # first slot, slot behind the last
COUNT: Final = 8  # slot of the counter: a repetition begins
REPEAT: Final = 9  # slot, minimum, maximum, greedy, behind the repetition
ENTER: Final = 10  # slot of the counter, slot of the position
CHECK: Final = 11  # slot of the counter, slot of the position, minimum
ASSERT: Final = 12  # predicate of text and position
BACK: Final = 13  # groups, canonicalize
LOOK: Final = 14  # negative, where to go on
STRING_BEHIND: Final = 15
SET_BEHIND: Final = 16
BACK_BEHIND: Final = 17
MATCH: Final = 18
ATOMIC: Final = 19  # where to go on: what is matched on the way is not given back
LEAVE: Final = 20  # slot of the counter, slot of the position, minimum, behind the repetition: an empty round is the last one
AGAIN: Final = 21  # group, canonicalize: its text, if it took part
