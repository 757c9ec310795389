"""java.util.regex.Pattern and Matcher over a compiled pattern of the host."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Union

from lockstep.reference.clojure.runtime.regular_expressions.faults import PatternSyntaxError
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault, index_fault, state_fault

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.regular_expressions.interruptible import Interruptible, Spans
    from lockstep.reference.host.limits import Budget

Match = Union["re.Match[str]", "Spans"]
GroupKey = Union[int, str]
_PLAIN = r"[\w ,;:/<>=!@%~\"'&\u00a0-\ud7ff-]*"


class Program:
    """What a pattern's text means: the host's text, and where the guest's groups stand in it."""

    __slots__ = ("compiled", "count", "groups", "interruptible", "last_match", "names", "text")

    def __init__(self, text: str, flags: int) -> None:
        self.text = text
        # None where the host never takes long.
        self.interruptible: Interruptible | None = None
        self.names: dict[str, int] = {}
        self.groups: list[int] | None = None
        self.last_match = False
        self.count = 0
        if not flags and re.fullmatch(_PLAIN, text, re.ASCII):
            self.compiled = re.compile(re.escape(text))
            return
        # Large, and most programs have plain patterns only.
        from lockstep.reference.clojure.runtime.regular_expressions.interruptible import Interruptible
        from lockstep.reference.clojure.runtime.regular_expressions.parser import Parser
        from lockstep.reference.clojure.runtime.regular_expressions.translation import (
            LookBehindError,
            Translation,
        )

        parser = Parser(text, flags)
        translation = Translation()
        try:
            node = parser.parse()
            self.text = translation.text(node)
        except LookBehindError as error:
            raise PatternSyntaxError(str(error), len(text) - 1) from None
        self.names = parser.names
        self.count = parser.count
        hosts = [0, *[translation.groups.get(number, 0) for number in range(1, parser.count + 1)]]
        self.groups = None if hosts == list(range(parser.count + 1)) else hosts
        self.last_match = translation.last_match
        if any(sign in text for sign in "*+{|?"):
            self.interruptible = Interruptible(
                node, translation.groups, translation.count, lambda part: Translation().text(part)
            )
        if not self.last_match:
            self.compiled = re.compile(self.text)

    def at(self, last: int) -> re.Pattern[str]:
        r"""The host's pattern where the last match ended at `last`, which `\G` asks for."""
        if not self.last_match:
            return self.compiled
        from lockstep.reference.clojure.runtime.regular_expressions.translation import LAST_MATCH

        return re.compile(self.text.replace(LAST_MATCH, rf"(?<=(?s:\A.{{{last}}}))" if last else r"\A"))


@lru_cache(maxsize=256)
def _program(text: str, flags: int) -> Program:
    return Program(text, flags)


class Pattern:
    """A regular expression.

    Args:
        text: the pattern as the guest wrote it.
        flags: of Pattern.compile.

    Raises:
        PatternSyntaxException: it is none.
    """

    __slots__ = ("_judged", "flags", "program", "text")

    def __init__(self, text: str, flags: int = 0) -> None:
        self.text = text
        # The last text, whether the whole was to match, and the budget if the host may not.
        self._judged: tuple[str, bool, bool] = ("", False, False)
        self.flags = flags
        try:
            self.program = _program(text, flags)
        except PatternSyntaxError as error:
            raise Fault("PatternSyntaxException", error.text(text)) from None
        except (re.error, OverflowError) as error:
            raise Fault("PatternSyntaxException", f"{error} near index 0\n{text}") from None

    def __reduce__(self) -> tuple[Any, ...]:
        return Pattern, (self.text, self.flags)

    def _budget(self, text: str, *, whole: bool = False) -> Budget | None:
        """What is charged for matching with `text`; None where the host matches, since it ends soon or nobody counts."""
        found = self.program.interruptible
        if found is None:
            return None
        judged = self._judged
        if judged[0] is not text or judged[1] is not whole:
            judged = self._judged = (text, whole, found.is_needed(text, whole=whole))
        if not judged[2]:
            return None
        from lockstep.reference.clojure.runtime.regular_expressions.interruptible import budget_of

        return budget_of(sys._getframe(1))

    def search(self, text: str, start: int = 0) -> Match | None:
        """The first match from `start` on, which is where the last match ended."""
        budget = self._budget(text)
        if budget is None:
            return self.program.at(start).search(text, start)
        return self._interruptible.match(text, start, budget, search=True, last=start)

    def full_match(self, text: str) -> Match | None:
        """The match of the whole text."""
        budget = self._budget(text, whole=True)
        if budget is None:
            return self.program.at(0).fullmatch(text)
        return self._interruptible.match(text, 0, budget, whole=True)

    def looking_at(self, text: str) -> Match | None:
        """The match at the beginning of the text."""
        budget = self._budget(text)
        if budget is None:
            return self.program.at(0).match(text)
        return self._interruptible.match(text, 0, budget)

    @property
    def _interruptible(self) -> Interruptible:
        found = self.program.interruptible
        assert found is not None
        return found

    def matches(self, text: str) -> Iterator[Match]:
        """One match after the other (Matcher.find): behind an empty one the search goes on one further."""
        program = self.program
        matcher = Matcher(self, text)
        if not program.last_match and self._budget(text) is None:
            for match in program.compiled.finditer(text):
                yield match
                if match.start() == match.end():
                    # Here the host would look for one that is not empty at the same place.
                    matcher.match = match
                    matcher.position = match.end()
                    break
            else:
                return
        while matcher.find():
            assert matcher.match is not None
            yield matcher.match

    def group(self, match: Match, number: int) -> str | None:
        """The text of a group."""
        hosts = self.program.groups
        return match.group(number if hosts is None else hosts[number])

    def groups(self, match: Match) -> list[str | None]:
        """The texts of the match and of its groups."""
        if self.program.groups is None:
            return [match.group(), *match.groups()]
        return [self.group(match, number) for number in range(self.program.count + 1)]

    def split(self, text: str, limit: int = 0) -> list[str]:
        """Pattern.split: what stands between the matches; without a limit no empty ends."""
        parts: list[str] = []
        index = 0
        for match in self.matches(text):
            if 0 < limit <= len(parts) + 1:
                break
            start, end = match.span()
            if index == 0 and end == 0:
                continue
            parts.append(text[index:start])
            index = end
        if index == 0:
            return [text]
        parts.append(text[index:])
        while limit == 0 and parts and not parts[-1]:
            parts.pop()
        return parts

    def replace(self, text: str, replacement: Any, *, first: bool = False) -> str:
        """Each match (or the first) replaced by what `replacement` makes of it."""
        parts: list[str] = []
        index = 0
        for match in self.matches(text):
            start, end = match.span()
            parts += [text[index:start], replacement(match)]
            index = end
            if first:
                break
        return "".join([*parts, text[index:]])

    def expander(self, template: str) -> Callable[[Match], str]:
        r"""What fills in the `$1`, `${name}` and `\x` of a replacement text (Matcher.appendExpandedReplacement).

        It raises at the first match:
            IllegalArgumentException: the text refers to nothing.
            IndexOutOfBoundsException: there is no such group.
        """
        if "\\" not in template and "$" not in template:
            return lambda _: template
        parts: list[str | int] = []

        def expand(match: Match) -> str:
            if not parts:
                parts.extend(self._parts(template))
            return "".join([part if isinstance(part, str) else match[part] or "" for part in parts])

        return expand

    def _parts(self, template: str) -> list[str | int]:
        """The texts of a replacement text and the host's groups between them."""
        hosts = self.program.groups
        parts: list[str | int] = []
        position = 0
        while position < len(template):
            unit = template[position]
            position += 1
            if unit == "\\":
                if position == len(template):
                    raise argument_fault("character to be escaped is missing")
                parts.append(template[position])
                position += 1
            elif unit == "$":
                number, position = self._group_reference(template, position)
                parts.append(number if hosts is None else hosts[number])
            else:
                parts.append(unit)
        return parts

    def _group_reference(self, template: str, position: int) -> tuple[int, int]:
        if position == len(template):
            raise argument_fault("Illegal group reference: group index is missing")
        if template[position] == "{":
            found = re.compile(_REFERENCE).match(template, position)
            assert found is not None
            name = found.group(1)
            if not name:
                raise argument_fault("named capturing group has 0 length name")
            if not found.group(2):
                raise argument_fault("named capturing group is missing trailing '}'")
            if name[0].isdigit():
                raise argument_fault(f"capturing group name {{{name}}} starts with digit character")
            if name not in self.program.names:
                raise argument_fault(f"No group with name {{{name}}}")
            return self.program.names[name], found.end()
        if not "0" <= template[position] <= "9":
            raise argument_fault("Illegal group reference")
        number = int(template[position])
        position += 1
        if number > self.program.count:
            raise index_fault(f"No group {number}")
        while position < len(template) and "0" <= template[position] <= "9":
            longer = number * 10 + int(template[position])
            if longer > self.program.count:
                break
            number = longer
            position += 1
        return number, position


_REFERENCE = r"\{([a-zA-Z0-9]*)(\}?)"


class Matcher:
    """java.util.regex.Matcher: a pattern over a text, with its last match."""

    __slots__ = ("appended", "match", "pattern", "position", "text")

    def __init__(self, pattern: Pattern, text: str) -> None:
        self.pattern = pattern
        self.text = text
        self.position = 0
        self.appended = 0
        self.match: Match | None = None

    def find(self) -> bool:
        """The next match from where the last one ended."""
        start = self.position
        if self.match is not None and self.match.start() == self.match.end():
            start += 1
        if start > len(self.text):
            self.match = None
            self.position = start
            return False
        self.match = self.pattern.search(self.text, start)
        self.position = self.match.end() if self.match is not None else len(self.text) + 1
        return self.match is not None

    def found(self) -> Match:
        """The last match.

        Raises:
            IllegalStateException: there is none.
        """
        if self.match is None:
            raise state_fault("No match found")
        return self.match

    def index(self, key: GroupKey) -> int:
        """The host's number of a group by number or name.

        Raises:
            IllegalArgumentException: no group has the name.
            IndexOutOfBoundsException: no group has the number.
        """
        program = self.pattern.program
        self.found()
        if isinstance(key, str):
            if key not in program.names:
                raise argument_fault(f"No group with name <{key}>")
            key = program.names[key]
        if not 0 <= key <= program.count:
            raise index_fault(f"No group {key}")
        return key if program.groups is None else program.groups[key]
