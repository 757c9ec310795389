"""The names that a CommonJS module exports, found in its text before it runs (as cjs-module-lexer finds them)."""

from __future__ import annotations

import re
from typing import Final

_SKIPPED: Final = re.compile(
    r"//[^\n]*|/\*.*?\*/|`(?:\\.|[^`\\])*`",
    re.DOTALL,  # comments and templates
)
_NAME: Final = r"[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*"
_EXPORTS: Final = r"(?:module\s*\.\s*)?exports"
_ASSIGNED: Final = re.compile(
    rf"(?<![\w$.])(?:module\s*\.\s*)?exports\s*(?:\.\s*({_NAME})|\[\s*(['\"])((?:\\.|(?!\2).)*)\2\s*\])\s*=(?![=>])"
)
_DEFINED: Final = re.compile(
    rf"(?<![\w$.])Object\s*\.\s*defineProperty\s*\(\s*{_EXPORTS}\s*,\s*(['\"])((?:\\.|(?!\1).)*)\1\s*,\s*\{{\s*"
    r"(?:enumerable\s*:\s*(?:true|!0)\s*,\s*)?(value\s*:|get\s*(?::\s*function\s*(?:[\w$]+\s*)?\(\s*\)|\(\s*\))\s*\{\s*return\s+"
    rf"{_NAME}(?:\s*\.\s*{_NAME}|\s*\[\s*(?:'[^']*'|\"[^\"]*\")\s*\])?\s*;?\s*\}})"
)
_OBJECT: Final = re.compile(r"(?<![\w$.])module\s*\.\s*exports\s*=\s*\{")
_REQUIRED: Final = re.compile(
    r"(?<![\w$.])module\s*\.\s*exports\s*=\s*require\s*\(\s*(['\"])((?:\\.|(?!\1).)*)\1\s*\)"
)
_STARRED: Final = re.compile(
    r"__(?:exportStar|export)\s*\(\s*require\s*\(\s*(['\"])((?:\\.|(?!\1).)*)\1\s*\)"
)
_ITEM: Final = re.compile(
    rf"\s*(?:\.\.\.\s*require\s*\(\s*(['\"])((?:\\.|(?!\1).)*)\1\s*\)|({_NAME})|(['\"])((?:\\.|(?!\4).)*)\4)\s*"
)
_REEXPORTED: Final = re.compile(rf"\s*:\s*({_NAME})?")


def exported_names(source: str) -> tuple[list[str], list[str]]:
    """The names that are exported, and the modules whose exports are exported, too."""
    text = _SKIPPED.sub(lambda match: " " if match[0][:1] == "/" else "``", source)
    names: dict[str, None] = {}
    others: list[str] = []
    for match in _ASSIGNED.finditer(text):
        names[match[1] or match[3]] = None
    for match in _DEFINED.finditer(text):
        names[match[2]] = None
    for match in _REQUIRED.finditer(text):
        others = [match[2]]
    for match in _STARRED.finditer(text):
        others.append(match[2])
    for match in _OBJECT.finditer(text):
        _object_names(text, match.end(), names, others)
    return [name for name in names if name != "default"], others


def _object_names(text: str, place: int, names: dict[str, None], others: list[str]) -> None:
    """The keys of an object literal, as far as they are plain: names, and names with an identifier as value."""
    while True:
        item = _ITEM.match(text, place)
        if item is None:
            return
        place = item.end()
        if item[2] is not None:
            others.append(item[2])
        else:
            following = text[place : place + 1]
            if following == ":":
                value = _REEXPORTED.match(text, place)
                assert value is not None
                names[item[3] or item[5]] = None
                if value[1] is None:
                    return
                place = value.end()
                while text[place : place + 1].isspace():
                    place += 1
            elif item[3] is None or following not in (",", "}"):
                return
            else:
                names[item[3]] = None
        if text[place : place + 1] != ",":
            return
        place += 1
