"""JSON texts that the host's scanner reads as 25.5.2 JSON.parse does; all others are for `json_parse`, errors included."""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING, Final, NoReturn

from lockstep.reference.javascript.runtime.objects.keys import HOST_NAMES
from lockstep.reference.javascript.runtime.values import ABSENT, Value, null

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

# The host's scanner recurses, and does not look at any limit.
_DEEPEST: Final = 200
_LONGEST: Final = 1 << 18
_BRACKETS: Final = re.compile(r"[\[\]{}]")


def scan(realm: Realm, text: str) -> Value:
    r"""The value of a JSON text, or ABSENT where the host's scanner has nothing to say.

    Escapes of code units (`\uD83D`) are left to `json_parse`: the host joins them to code points.
    """
    if len(text) > _LONGEST or "\\u" in text or not _is_shallow(text):
        return ABSENT

    def array(elements: list[Value]) -> Value:
        # Steps as `json_parse` takes them.
        realm.agent.budget.take((len(elements) + 1) >> 1)
        for index, element in enumerate(elements):
            if element is None:
                elements[index] = null
            elif isinstance(element, list):
                elements[index] = array(element)
        return realm.make_array(elements)

    def made(pairs: list[tuple[str, Value]]) -> Value:
        realm.agent.budget.take(len(pairs))
        target = realm.make_object()
        own = target.__dict__
        for key, value in pairs:
            if value is None:
                own[HOST_NAMES[key]] = null
            elif isinstance(value, list):
                own[HOST_NAMES[key]] = array(value)
            else:
                own[HOST_NAMES[key]] = value
        return target

    decoder = JSONDecoder(object_pairs_hook=made, parse_int=float, parse_constant=_refuse, parse_float=float)
    try:
        value: Value = decoder.decode(text)
    except ValueError:
        return ABSENT
    if value is None:
        return null
    return array(value) if isinstance(value, list) else value


def _refuse(word: str) -> NoReturn:
    """NaN and the infinities are no JSON."""
    raise ValueError(word)


def _is_shallow(text: str) -> bool:
    brackets = "".join(_BRACKETS.findall(text))
    depth = 0
    while brackets and depth < _DEEPEST:
        inner = brackets.replace("[]", "").replace("{}", "")
        if len(inner) == len(brackets):
            # Some stand in strings.
            break
        brackets = inner
        depth += 1
    return depth + len(brackets) < _DEEPEST
