"""The messages of assertion errors: two values line by line, what only one has marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

HEADS: Final = {
    "deepStrictEqual": "Expected values to be strictly deep-equal:",
    "strictEqual": "Expected values to be strictly equal:",
    "strictEqualObject": 'Expected "actual" to be reference-equal to "expected":',
    "deepEqual": "Expected values to be loosely deep-equal:",
    "notDeepStrictEqual": 'Expected "actual" not to be strictly deep-equal to:',
    "notStrictEqual": 'Expected "actual" to be strictly unequal to:',
    "notStrictEqualObject": 'Expected "actual" not to be reference-equal to "expected":',
    "notDeepEqual": 'Expected "actual" not to be loosely deep-equal to:',
    "notIdentical": "Values have same structure but are not reference-equal:",
    "notDeepEqualUnequal": "Expected values not to be loosely deep-equal:",
}
"""What each operator says."""

_LONGEST_SHORT: Final = 12
_LINE_WIDTH: Final = 80
_MOST_LINES: Final = 50


def shown(realm: Realm, value: Value) -> str:
    """A value as it is compared."""
    infinite = float("inf")
    return inspect(
        realm,
        value,
        compact=False,
        customInspect=False,
        depth=1000.0,
        maxArrayLength=infinite,
        showHidden=False,
        showProxy=False,
        sorted=True,
        getters=True,
    )


def _is_object(value: Value) -> bool:
    return isinstance(value, JSObject) and not value.is_callable_


def _both_objects(actual: Value, expected: Value) -> bool:
    if not isinstance(actual, JSObject) or not isinstance(expected, JSObject):
        return False
    return bool(actual.is_callable_) == bool(expected.is_callable_)


class _Lines:
    """The lines of a difference that are written so far."""

    def __init__(self) -> None:
        self.text = ""
        self.other = ""
        self.same = 0
        self.printed = 0
        self.skipped = False

    def end_same(self, lines: list[str], place: int) -> None:
        """Write the last of some lines that are the same, before one that differs."""
        if self.same > 2:
            if self.same > 3:
                if self.same == 5:
                    self.text += f"\n  {lines[place - 3]}"
                    self.printed += 1
                elif self.same > 5:
                    self.text += "\n..."
                    self.skipped = True
                self.text += f"\n  {lines[place - 2]}"
                self.printed += 1
            self.text += f"\n  {lines[place - 1]}"
            self.printed += 1
        self.same = 0


def difference(realm: Realm, actual: Value, expected: Value, operator: str, message: str = "") -> str:
    """The message of `strictEqual` and `deepStrictEqual`."""
    whole = shown(realm, actual)
    left, right = whole.split("\n"), shown(realm, expected).split("\n")
    if operator == "strictEqual" and _both_objects(actual, expected):
        operator = "strictEqualObject"
    head = message or HEADS[operator]
    indicator = ""
    if len(left) == len(right) == 1 and left[0] != right[0]:
        total = len(left[0]) + len(right[0])
        if total <= _LONGEST_SHORT:
            if not _is_object(actual) and not _is_object(expected) and (actual != 0 or expected != 0):
                return f"{head}\n\n{left[0]} !== {right[0]}\n"
        elif operator != "strictEqualObject" and total < _LINE_WIDTH:
            place = 0
            while left[0][place : place + 1] == right[0][place : place + 1]:
                place += 1
            if place > 2:
                indicator = f"\n  {' ' * place}^"
    end = other = ""
    count = 0
    while left and right and left[-1] == right[-1]:
        if count < 3:
            end = f"\n  {left[-1]}{end}"
        else:
            other = left[-1]
        count += 1
        left.pop()
        right.pop()
    most = max(len(left), len(right))
    if most == 0:
        lines = whole.split("\n")
        if len(lines) > _MOST_LINES:
            lines = [*lines[:46], "..."]
        return f"{HEADS['notIdentical']}\n\n" + "\n".join(lines) + "\n"
    skipped = count >= 5
    if skipped:
        end = f"\n...{end}"
    if other:
        end = f"\n  {other}{end}"
    head += "\n+ actual - expected"
    written = _compared(left, right, most)
    if isinstance(written, str):
        return f"{head} ... Lines skipped\n{written}"
    note = " ... Lines skipped" if written.skipped or skipped else ""
    return f"{head}{note}\n{written.text}{written.other}{end}{indicator}"


def _compared(left: list[str], right: list[str], most: int) -> _Lines | str:
    """The lines of both; a text where there are too many."""
    found = _Lines()
    longer, mark = (right, "-") if len(left) < most else (left, "+")
    shorter = min(len(left), len(right))
    for place in range(most):
        if place >= shorter:
            found.end_same(longer, place)
            if longer is left:
                found.text += f"\n{mark} {longer[place]}"
            else:
                found.other += f"\n{mark} {longer[place]}"
            found.printed += 1
        else:
            one, another = left[place], right[place]
            differs = one != another and not (one.endswith(",") and one[:-1] == another)
            if differs and another.endswith(",") and another[:-1] == one:
                differs = False
                one += ","
            if differs:
                found.end_same(left, place)
                found.text += f"\n+ {one}"
                found.other += f"\n- {another}"
                found.printed += 2
            else:
                found.text += found.other
                found.other = ""
                found.same += 1
                if found.same <= 2:
                    found.text += f"\n  {one}"
                    found.printed += 1
        if found.printed > _MOST_LINES and place < most - 2:
            return f"{found.text}\n...{found.other}\n..."
    return found


def message_of(realm: Realm, actual: Value, expected: Value, operator: str, message: str | None) -> str:
    """The message of an assertion error."""
    if operator in ("deepStrictEqual", "strictEqual"):
        return difference(realm, actual, expected, operator, message or "")
    if message is not None:
        return message
    if operator in ("notDeepStrictEqual", "notStrictEqual"):
        base = HEADS[operator]
        if operator == "notStrictEqual" and isinstance(actual, JSObject):
            base = HEADS["notStrictEqualObject"]
        lines = shown(realm, actual).split("\n")
        if len(lines) > _MOST_LINES:
            lines = [*lines[:46], "..."]
        if len(lines) == 1:
            return f"{base}{chr(10) * 2 if len(lines[0]) > 5 else ' '}{lines[0]}"
        return f"{base}\n\n" + "\n".join(lines) + "\n"
    one, other = shown(realm, actual), shown(realm, expected)
    if operator == "notDeepEqual" and one == other:
        text = f"{HEADS[operator]}\n\n{one}"
        return text if len(text) <= 1024 else f"{text[:1021]}..."
    one = one if len(one) <= 512 else f"{one[:509]}..."
    other = other if len(other) <= 512 else f"{other[:509]}..."
    if operator == "deepEqual":
        return f"{HEADS[operator]}\n\n{one}\n\nshould loosely deep-equal\n\n{other}"
    if operator == "notDeepEqual":
        return f"{HEADS['notDeepEqualUnequal']}\n\n{one}\n\nshould not loosely deep-equal\n\n{other}"
    return f"{one} {operator} {other}"
