"""What a test says of itself in front: `/*--- yaml ---*/`, or comment lines between two of the form `# ---`."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import yaml

from lockstep.harness.status.yaml_file import parse_yaml
from lockstep.harness.suites.test262 import PHASES

# Changes when what is read changes, so that what is kept of earlier runs is read anew.
HEADER_FORM = 2
_BLOCK = re.compile(r"/\*---(.*?)---\*/", re.DOTALL)
_LINE_ENDS = re.compile(r"\r\n|[\r\n]")
# Test262's flags that say how a test runs.
_MODES = {
    "module": ("module",),
    "raw": ("raw",),
    "onlyStrict": ("strict",),
    "noStrict": ("script",),
}


class Header(msgspec.Struct, frozen=True, array_like=True):
    """What a test says of itself.

    Attributes:
        modes: in which it runs; empty for those of its suite.
        features: names under which it is counted.
        includes: files that run before it, after those of its suite.
        arguments: its own; None for those of its suite.
        skip: why it is not run.
        negative: (phase, name of the error) where it must throw; either may be "".
        limits: steps, seconds, memory: what it says of them.
        problem: what is wrong with the header itself, with the line.
    """

    modes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    arguments: tuple[str, ...] | None = None
    skip: str = ""
    negative: tuple[str, str] | None = None
    limits: dict[str, float] = {}
    problem: str = ""


def header_reader(comment: str) -> Callable[[bytes], Header | None]:
    """A function that reads the header of a test whose language comments with `comment`; None of a test without one."""
    fence = re.compile(rf"^\s*{re.escape(comment)}+\s*---\s*$") if comment else None

    def read(content: bytes) -> Header | None:
        if b"---" not in content:
            return None
        text = content.decode("utf-8", "replace")
        found = _in_block(text) or (fence and _in_comments(text, comment, fence))
        if not found:
            return None
        body, line = found
        return _parsed(body, line)

    return read


def _in_block(text: str) -> tuple[str, int] | None:
    match = _BLOCK.search(text)
    return None if match is None else (match[1], text.count("\n", 0, match.start(1)) + 1)


def _in_comments(text: str, comment: str, fence: re.Pattern[str]) -> tuple[str, int] | None:
    """The YAML between two fences in the comments before the first line of code, and the number of its first line."""
    body: list[str] = []
    first = 0
    for number, line in enumerate(_LINE_ENDS.split(text), 1):
        stripped = line.strip()
        if fence.match(line):
            if first:
                return "\n".join(body), first
            first = number + 1
        elif stripped.startswith(comment):
            if first:
                # One blank belongs to the comment sign; the others are YAML's.
                body.append(stripped.lstrip(comment[0])[:1].strip() + stripped.lstrip(comment[0])[1:])
        elif stripped and not (number == 1 and stripped.startswith("#!")):
            break
    return ("", first - 1) if first else None


def _parsed(body: str, line: int) -> Header:
    if not body.strip():
        return Header(problem=f"line {line}: the header is empty, or has no second fence")
    try:
        content = parse_yaml("\n".join(_LINE_ENDS.split(body)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        return Header(problem=f"line {line + (mark.line if mark else 0)}: the header is no YAML: {problem}")
    except RecursionError:
        return Header(problem=f"line {line}: the header is nested too deeply")
    if not isinstance(content, dict):
        return Header(problem=f"line {line}: the header is no mapping of keys")
    try:
        return _from_mapping(content)
    except (TypeError, ValueError) as error:
        return Header(problem=f"line {line}: the header's {error}")


def _from_mapping(content: dict[object, object]) -> Header:
    """The keys that mean something here; others (`description`, `author`) are for readers.

    Raises:
        TypeError, ValueError: a value has another form.
    """
    modes = _words(content, "modes")
    for flag in _words(content, "flags"):
        modes = modes or _MODES.get(flag, ())
    return Header(
        modes=modes,
        features=_words(content, "features"),
        includes=_words(content, "includes"),
        arguments=_words(content, "arguments") if "arguments" in content else None,
        skip=_skip(content.get("skip")),
        negative=_negative(content.get("negative")),
        limits=_limits(content.get("limits")),
    )


def _words(content: dict[object, object], key: str) -> tuple[str, ...]:
    value = content.get(key)
    if value is None:
        return ()
    if isinstance(value, (str, int, float)):
        return (str(value),)
    if isinstance(value, list) and not any(isinstance(one, (list, dict)) for one in value):
        return tuple("" if one is None else str(one) for one in value)
    raise TypeError(f"`{key}` is no list of words")


def _skip(value: object) -> str:
    if value is None or value is False:
        return ""
    return "it says so itself" if value is True else str(value)


def _negative(value: object) -> tuple[str, str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return "", value
    if not isinstance(value, dict):
        raise TypeError("`negative` is neither the name of an error nor `phase` and `type`")
    phase = str(value.get("phase") or "")
    if phase and phase not in PHASES and phase not in PHASES.values():
        raise ValueError(f"`phase` is {phase}; there are: {', '.join(PHASES)}")
    return PHASES.get(phase, phase), str(value.get("type") or "")


def _limits(value: object) -> dict[str, float]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(
        name in ("steps", "seconds", "memory", "output") and isinstance(number, (int, float))
        for name, number in value.items()
    ):
        raise TypeError("`limits` are numbers called steps, seconds, memory, output")
    return {str(name): float(number) for name, number in value.items()}
