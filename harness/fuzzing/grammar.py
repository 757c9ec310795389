"""Grammars of random programs: a text file of productions for a language (docs/fuzzing.md).

A production has a feature, a weight and a template. Holes of a template stand between « and »:

    «kind»            another production of that kind
    «kind*»           one or more of them on lines of their own; «kind,» up to three between commas, «kind_» between
                      blanks, with a + behind (`«kind,+»`) at least one
    «a¦b¦c»           one of these texts
    «2..9»            an integer from that range
    «@type»           a variable of that type that is visible here; «@type=» one that may be assigned to
    «+type»           a new variable; it is visible inside the next scope that the template opens, or, where none comes, behind
                      this production (if no scope of the template's is around it). «+type!» may not be assigned to
    «^type»           a new variable that is visible behind this production alone; nothing assigns to it
    «1»               the name of this template's first new variable, «2» of its second
    «>flag flag»      a scope begins, with these flags besides those around it; `function` takes away those around it but `strict`
    «<»               that scope ends; else it does with the template
    «label»           the features of what stands in this template
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.model import MissingError

START = "program"
#: The feature of what belongs to every program; it has no weight of its own and is in no label.
PLAIN = "plain"
#: Flags that scopes treat by themselves: a function begins, whose flags are its own; what follows is strict, functions too.
FUNCTION = "function"
STRICT = "strict"
_FOLDER = Path(__file__).with_name("grammars")
_HOLE = re.compile(r"«([^«»]*)»")
_HEAD = re.compile(r"^- ([\w-]+) (\d+)((?: !?[\w-]+)*):(?: (.*))?$")
_KIND = re.compile(r"^\[([\w.-]+)\]$")
_RANGE = re.compile(r"^(-?\d+)\.\.(-?\d+)$")
_VARIABLE = re.compile(r"^([@+^])([\w.-]+)([=!]?)$")
_EXPANSION = re.compile(r"^([a-z][a-z0-9.-]*)(?:([*,_])(\+?))?$")
_SEPARATORS = {"*": "\n", ",": ", ", "_": " "}
_INDENT = "    "


class GrammarError(MissingError):
    """A grammar cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Expansion:
    """A hole for productions of a kind; `separator` is None for exactly one."""

    kind: str
    separator: str | None = None
    least: int = 1


@dataclass(frozen=True)
class Alternatives:
    """A hole for one of some texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """A hole for an integer."""

    low: int
    high: int


@dataclass(frozen=True)
class Variable:
    """A hole for the name of a variable that is visible."""

    type: str
    assigned: bool


@dataclass(frozen=True)
class NewVariable:
    """A hole for a name of a variable that is not there yet; with `later`, it is not visible inside its production."""

    type: str
    assignable: bool
    later: bool = False


@dataclass(frozen=True)
class Back:
    """A hole for the name of a variable that this template has brought, counted from 1."""

    number: int


@dataclass(frozen=True)
class Open:
    """A scope begins here."""

    flags: frozenset[str]


@dataclass(frozen=True)
class Close:
    """The scope that began last ends here."""


@dataclass(frozen=True)
class Label:
    """A hole for the features of the template's parts."""


Part = str | Expansion | Alternatives | Between | Variable | NewVariable | Back | Open | Close | Label


@dataclass(frozen=True, eq=False)
class Production:
    """One way to write a kind of thing.

    Attributes:
        kind: what it is one of.
        feature: of the language.
        weight: how often it is chosen, beside others of its kind.
        needs: flags that must be set around it; with `!` before it, that must not.
        parts: of its template.
        place: file and line.
    """

    kind: str
    feature: str
    weight: int
    needs: tuple[str, ...]
    parts: tuple[Part, ...]
    place: str

    def variables(self) -> Iterator[Variable]:
        """What must be visible for it."""
        return (part for part in self.parts if isinstance(part, Variable))


@dataclass(frozen=True)
class Grammar:
    """A language's random programs.

    Attributes:
        kinds: productions by kind, in the order of the file.
        heights: of each production, how deep the least of what can stand in it nests.
        local_assignment: assignments reach variables of the same function alone.
    """

    kinds: Mapping[str, tuple[Production, ...]]
    heights: Mapping[Production, int]
    local_assignment: bool = False

    def features(self) -> Mapping[str, int]:
        """The features, and how many productions each has."""
        found: dict[str, int] = {}
        for productions in self.kinds.values():
            for one in productions:
                if one.feature != PLAIN:
                    found[one.feature] = found.get(one.feature, 0) + 1
        return found


def shipped_grammar(language: str) -> Grammar | None:
    """The grammar that Lockstep brings for a language; None if it brings none."""
    path = _FOLDER / f"{language.rstrip('0123456789.')}.grammar"
    return read_grammar(path) if path.is_file() else None


def read_grammar(path: Path) -> Grammar:
    """The grammar in a file.

    Raises:
        GrammarError: it cannot be read, or a production has no form or names what is not there.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GrammarError(f"{path}: cannot be read: {error}") from None
    return parsed_grammar(text, path.name if path.is_relative_to(_FOLDER) else str(path))


def parsed_grammar(text: str, name: str) -> Grammar:
    """The grammar that `text` holds; `name` is for messages.

    Raises:
        GrammarError: as `read_grammar`.
    """
    kinds: dict[str, list[Production]] = {}
    kind, local = "", False
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line, place = lines[number].rstrip(), f"{name}:{number + 1}"
        number += 1
        if not line or line.startswith("#"):
            continue
        if line == "assignments are local":
            local = True
            continue
        found = _KIND.match(line)
        if found is not None:
            kind = found[1]
            kinds.setdefault(kind, [])
            continue
        head = _HEAD.match(line)
        if head is None or not kind:
            raise GrammarError(f"{place}: neither [KIND] nor `- FEATURE WEIGHT [FLAG...]: TEMPLATE`: {line}")
        feature, weight, needs, template = head.groups()
        if template is None:
            first = number
            while number < len(lines) and (not lines[number].strip() or lines[number].startswith(_INDENT)):
                number += 1
            template = "\n".join(one.removeprefix(_INDENT).rstrip() for one in lines[first:number]).rstrip(
                "\n"
            )
        parts = tuple(_parts(template, place))
        kinds[kind].append(Production(kind, feature, int(weight), tuple(needs.split()), parts, place))
    _check(kinds, name)
    frozen = {key: tuple(productions) for key, productions in kinds.items()}
    return Grammar(frozen, _heights(frozen, name), local)


def _parts(template: str, place: str) -> Iterator[Part]:
    end = 0
    for hole in _HOLE.finditer(template):
        if hole.start() > end:
            yield template[end : hole.start()]
        yield _part(hole[1], place)
        end = hole.end()
    if end < len(template):
        yield template[end:]


def _part(text: str, place: str) -> Part:
    if "¦" in text:
        return Alternatives(tuple(text.split("¦")))
    if text == "label":
        return Label()
    if text == "<":
        return Close()
    if text.startswith(">"):
        return Open(frozenset(text[1:].split()))
    if text.isdecimal():
        return Back(int(text))
    if found := _RANGE.match(text):
        return Between(int(found[1]), int(found[2]))
    if found := _VARIABLE.match(text):
        sign, type_, mark = found.groups()
        if sign == "@" and mark != "!":
            return Variable(type_, assigned=mark == "=")
        if sign == "+" and mark != "=":
            return NewVariable(type_, assignable=mark != "!")
        if sign == "^" and not mark:
            return NewVariable(type_, assignable=False, later=True)
    if found := _EXPANSION.match(text):
        kind, separator, plus = found.groups()
        if separator is None:
            return Expansion(kind)
        return Expansion(kind, _SEPARATORS[separator], 1 if plus or separator == "*" else 0)
    raise GrammarError(f"{place}: no such hole: «{text}»")


def _check(kinds: Mapping[str, list[Production]], name: str) -> None:
    if START not in kinds:
        raise GrammarError(f"{name}: there is no [{START}]")
    for productions in kinds.values():
        for one in productions:
            fresh = 0
            for part in one.parts:
                if isinstance(part, Expansion) and not kinds.get(part.kind):
                    raise GrammarError(f"{one.place}: nothing is a {part.kind}")
                if isinstance(part, NewVariable):
                    fresh += 1
                if isinstance(part, Back) and not 0 < part.number <= fresh:
                    raise GrammarError(
                        f"{one.place}: «{part.number}»: so many new variables are not before it"
                    )


def _heights(kinds: Mapping[str, tuple[Production, ...]], name: str) -> Mapping[Production, int]:
    """How deep each production nests at least; of a kind, what can always stand there counts."""
    heights: dict[Production, int] = {}
    of_kind: dict[str, int] = {}
    everything = [one for productions in kinds.values() for one in productions]
    changed = True
    while changed:
        changed = False
        for one in everything:
            below = [part.kind for part in one.parts if isinstance(part, Expansion) and part.least]
            if any(kind not in of_kind for kind in below):
                continue
            height = 1 + max((of_kind[kind] for kind in below), default=0)
            if height < heights.get(one, height + 1):
                heights[one] = height
                changed = True
            always = one.weight and not one.needs and not any(one.variables())
            if always and height < of_kind.get(one.kind, height + 1):
                of_kind[one.kind] = height
                changed = True
    endless = next((one for one in everything if one not in heights), None)
    if endless is not None:
        raise GrammarError(f"{endless.place}: it holds a kind of which nothing can stand everywhere ({name})")
    return heights
