"""ECMA-262 22.1.3.19.1 GetSubstitution, for the replacing methods of strings and regular expressions."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import undefined


def get_substitution(
    matched: str,
    text: str,
    position: int,
    captures: list[Any],
    named: Any,
    template: str,
) -> str:
    """22.1.3.19.1 GetSubstitution.

    Args:
        matched: the text that is replaced.
        text: the whole text.
        position: where `matched` stands in it.
        captures: the groups from 1 on, String or undefined.
        named: an object with the named groups, or undefined.
        template: the replacement template.
    """
    result = []
    index = 0
    size = len(captures)
    while index < len(template):
        character = template[index]
        follower = template[index + 1 : index + 2]
        if character != "$" or not follower:
            result.append(character)
            index += 1
        elif follower == "$":
            result.append("$")
            index += 2
        elif follower == "&":
            result.append(matched)
            index += 2
        elif follower == "`":
            result.append(text[:position])
            index += 2
        elif follower == "'":
            result.append(text[min(position + len(matched), len(text)) :])
            index += 2
        elif follower in "0123456789":
            digits = follower
            second = template[index + 2 : index + 3]
            if second and second in "0123456789" and 1 <= int(follower + second) <= size:
                digits += second
            number = int(digits)
            if 1 <= number <= size:
                capture = captures[number - 1]
                result.append("" if capture is undefined else capture)
            else:
                result.append("$" + digits)
            index += 1 + len(digits)
        elif follower == "<" and named is not undefined and ">" in template[index:]:
            end = template.index(">", index)
            capture = get(named, template[index + 2 : end])
            result.append("" if capture is undefined else to_string(capture))
            index = end + 1
        else:
            result.append("$")
            index += 1
    return "".join(result)
