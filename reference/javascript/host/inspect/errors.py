"""How inspection writes errors: their stack, improved by what their class says, and what caused them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.inspect.kinds import prefix
from lockstep.reference.javascript.runtime.intrinsics.fundamental.error import to_string as error_to_string
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import PropertyKey, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.inspect.options import Inspection

_SHOWN_START: Final = re.compile(r"([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)")
_BARE_NAME: Final = re.compile(r"([a-z_A-Z0-9-]*Error)\Z")
# Fewer frames in common with the cause are all shown.
_FEWEST_COMMON: Final = 4
_FIRST_FRAME: Final = "\n    at"


def stack_text(context: Inspection, error: JSObject) -> str:
    """The `stack` of an error, or what it is converted to."""
    stack = get(error, "stack")
    return to_string(stack) if to_boolean(stack) else error_to_string(context.realm, error)


def format_error(
    context: Inspection, error: JSObject, constructor: str | None, tag: str, keys: list[PropertyKey]
) -> str:
    """The text of an error; `keys` loses what stands in it and gets `cause` and `errors`."""
    given = get(error, "name")
    name = "Error" if given is undefined or given is null else to_string(given)
    stack = stack_text(context, error)
    if not context.show_hidden:
        for key in ("name", "message", "stack"):
            if key in keys and to_string(get(error, key)) in stack:
                keys.remove(key)
    if error.has_property("cause") and "cause" not in keys:
        keys.append("cause")
    errors = get(error, "errors")
    if getattr(errors, "class_name_", "") == "Array" and "errors" not in keys:
        keys.append("errors")
    stack = _improved(stack, constructor, name, tag)
    message = get(error, "message")
    place = stack.find(message) if message.__class__ is str and message else -1
    place = -1 if place <= 0 else place + len(str(message))
    start = stack.find(_FIRST_FRAME, max(place, 0))
    if start < 0:
        text = f"[{stack}]"
    else:
        lines = _frames(context, error, stack[start + 1 :])
        if context.colours:
            lines = [context.style(line, "undefined") if "(node:" in line else line for line in lines]
        text = stack[:start] + "\n" + "\n".join(lines)
    return text.replace("\n", "\n" + " " * context.indentation) if context.indentation else text


def _improved(stack: str, constructor: str | None, name: str, tag: str) -> str:
    """`stack` with the class's name in it."""
    length = len(name)
    if constructor is not None and not (
        name.endswith("Error") and stack.startswith(name) and (len(stack) == length or stack[length] in ":\n")
    ):
        return stack
    fallback = "Error"
    if constructor is None:
        start = _SHOWN_START.match(stack) or _BARE_NAME.match(stack)
        fallback = start[1] if start else ""
        length = len(fallback)
        fallback = fallback or "Error"
    shown = prefix(constructor, tag, fallback)[:-1]
    if name == shown:
        return stack
    if name in shown:
        return f"{shown}: {stack}" if length == 0 else f"{shown}{stack[length:]}"
    return f"{shown} [{name}]{stack[length:]}"


def _frames(context: Inspection, error: JSObject, text: str) -> list[str]:
    """The lines of the stack, those that the cause has too left out."""
    frames = text.split("\n")
    try:
        cause = get(error, "cause")
    except Exception:  # a getter that throws hides nothing
        return frames
    if not isinstance(cause, JSError):
        return frames
    stack = stack_text(context, cause)
    start = stack.find(_FIRST_FRAME)
    if start < 0:
        return frames
    length, offset = _common(frames, stack[start + 1 :].split("\n"))
    if length:
        skipped = length - 2
        note = context.style(f"    ... {skipped} lines matching cause stack trace ...", "undefined")
        frames[offset + 1 : offset + 1 + skipped] = [note]
    return frames


def _common(frames: list[str], others: list[str]) -> tuple[int, int]:
    """Length and place of the first sequence of frames that stands in `others` too."""
    for index in range(len(frames) - _FEWEST_COMMON + 1):
        if frames[index] not in others:
            continue
        place = others.index(frames[index])
        most = min(len(frames) - index, len(others) - place)
        length = 1
        while length < most and frames[index + length] == others[place + length]:
            length += 1
        if length >= _FEWEST_COMMON:
            return length, index
    return 0, 0
