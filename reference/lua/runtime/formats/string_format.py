"""`string.format` (manual 6.4): the directives of C's `printf` that Lua allows, and `%q`."""

from __future__ import annotations

import math
import re
from typing import NoReturn

from lockstep.reference.lua.runtime.arguments import (
    argument_error,
    check_any,
    check_integer,
    check_number,
    check_string,
)
from lockstep.reference.lua.runtime.formats.host_format import host_template
from lockstep.reference.lua.runtime.formats.text import address, to_string
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, LuaBoolean, Value

_DIRECTIVE = re.compile(r"%([-+ #0]*)(\d*)(?:(\.)(\d*))?(.?)", re.DOTALL)
# What 5.4 takes for a directive before it looks at it closely.
_SPECIFICATION = re.compile(r"%[-+ #0-9.]*(.?)", re.DOTALL)
_LONGEST_DIRECTIVE = 23
_LONGEST_PLAIN = 100
# Longer templates are seldom used again.
_LONGEST_PLAN = 300
# So many characters are read, or quoted, for one step.
_CHARACTERS_OF_STEP = 32
_CONTROL = re.compile(r'[\x00-\x1f"\\\x7f]')
# 5.4: which flags a conversion takes, and whether a precision.
_FLAGS = {
    "d": ("-+0 ", True), "i": ("-+0 ", True), "u": ("-0", True), "c": ("-", False), "x": ("-#0", True), "X": ("-#0", True),
    "o": ("-#0", True), "a": ("-+#0 ", True), "A": ("-+#0 ", True), "f": ("-+#0 ", True),
    "e": ("-+#0 ", True), "E": ("-+#0 ", True), "g": ("-+#0 ", True), "G": ("-+#0 ", True), "p": ("-", False), "s": ("-", True),
}  # fmt: skip


def format_string(state: State, arguments: tuple[Value, ...]) -> str:
    """`string.format(...)`."""
    template = arguments[0] if arguments else None
    if type(template) is str and len(template) < _LONGEST_PLAN:
        plan = host_template(template, state.integers)
        if plan is not None and len(arguments) > len(plan.kinds):
            values = arguments[1 : len(plan.kinds) + 1]
            if plan.fits(values):
                if state.budget.memory is not None:
                    state.budget.allocate(sum(len(value) for value in values if type(value) is str))
                text: str = plan.template % values
                return text
    template = check_string(state, arguments, 1)
    parts: list[str] = []
    position = 0
    number = 1
    size = len(template)
    if size > _CHARACTERS_OF_STEP:
        state.budget.take(size // _CHARACTERS_OF_STEP)
    while position < size:
        percent = template.find("%", position)
        if percent < 0:
            parts.append(template[position:])
            break
        parts.append(template[position:percent])
        if template[percent + 1 : percent + 2] == "%":
            parts.append("%")
            position = percent + 2
            continue
        match = _DIRECTIVE.match(template, percent)
        assert match is not None
        position = match.end()
        number += 1
        parts.append(_directive(state, arguments, number, match))
    if state.budget.memory is not None:
        state.budget.allocate(sum(map(len, parts)))
    return "".join(parts)


def _invalid(state: State, match: re.Match[str]) -> NoReturn:
    if state.integers:
        whole = _SPECIFICATION.match(match.string, match.start())
        assert whole is not None
        shown = whole.group().partition("\0")[0]
        if len(shown) >= _LONGEST_DIRECTIVE:
            runtime_error("invalid format (too long)", 1)
        if whole.group(1) in _FLAGS:
            runtime_error(f"invalid conversion specification: '{shown}'", 1)
        runtime_error(f"invalid conversion '{shown}' to 'format'", 1)
    if len(match.group(1)) > 5:
        runtime_error("invalid format (repeated flags)", 1)
    if len(match.group(2)) > 2 or len(match.group(4) or "") > 2:
        runtime_error("invalid format (width or precision too long)", 1)
    runtime_error(f"invalid option '%{match.group(5)}' to 'format'", 1)


def _directive(state: State, arguments: tuple[Value, ...], number: int, match: re.Match[str]) -> str:
    flags, width, dot, precision, letter = match.groups()
    if number > len(arguments):
        argument_error(state, number, "no value")
    if not state.integers and (len(width) > 2 or len(precision or "") > 2 or len(flags) > 5):
        _invalid(state, match)
    if state.integers:
        if letter == "q":
            if flags or width or dot:
                runtime_error("specifier '%q' cannot have modifiers", 1)
            return quoted(state, arguments, number)
        allowed = _FLAGS.get(letter)
        if allowed is None or len(match.group()) >= _LONGEST_DIRECTIVE:
            _invalid(state, match)
        value = _checked_value(state, arguments, number, match)
        if (
            len(width) > 2
            or len(precision or "") > 2
            or any(flag not in allowed[0] for flag in flags)
            or (dot and not allowed[1])
        ):
            _invalid(state, match)
    elif letter == "q":
        return quoted(state, arguments, number)
    elif letter not in "cdiuoxXeEfgGs" or not letter:
        _invalid(state, match)
    places = int(precision or "0") if dot else None
    if letter == "s":
        text = str(value) if state.integers else _old_string(state, arguments, number, places)
        return _padded(text if places is None else text[:places], flags, width)
    if letter == "c":
        text = _padded(chr(check_integer(state, arguments, number) & 255), flags, width)
        # 5.1 takes what C wrote up to the first zero byte.
        return text if state.integers else text.partition("\0")[0]
    if letter in "diuoxX":
        return _integer(state, arguments, number, letter, flags, width, places)
    if letter in "aA":
        return _hexadecimal(float(check_number(state, arguments, number)), letter, flags, width, places)
    if letter in "eEfFgG":
        value = float(check_number(state, arguments, number))
        return _float(value, letter, flags, width, places)
    return _pointer(state, arguments, number, flags, width)


def _checked_value(state: State, arguments: tuple[Value, ...], number: int, match: re.Match[str]) -> Value:
    """5.4 looks at some values before it looks at their directives; a string for `%s`."""
    letter = match.group(5)
    if letter in "dioxX":
        return check_integer(state, arguments, number)
    if letter in "eEfgG":
        return check_number(state, arguments, number)
    if letter != "s":
        return arguments[number - 1]
    text = to_string(state, arguments[number - 1])
    if len(match.group()) > 2 and type(text) is str and "\0" in text:
        argument_error(state, number, "string contains zeros")
    return text


def _padded(text: str, flags: str, width: str) -> str:
    if not width:
        return text
    return text.ljust(int(width)) if "-" in flags else text.rjust(int(width))


def _signed(text: str, negative: bool, flags: str, width: str, zeros: bool) -> str:
    sign = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
    if zeros and "0" in flags and "-" not in flags and width:
        text = text.rjust(int(width) - len(sign), "0")
    return _padded(sign + text, flags, width)


def _integer(
    state: State,
    arguments: tuple[Value, ...],
    number: int,
    letter: str,
    flags: str,
    width: str,
    places: int | None,
) -> str:
    value = check_integer(state, arguments, number)
    if letter in "di":
        text, negative = str(abs(value)), value < 0
    else:
        value &= 0xFFFFFFFFFFFFFFFF
        text = format(value, {"u": "d"}.get(letter, letter))
        negative = False
        flags = flags.replace("+", "").replace(" ", "")
    if places is not None:
        text = "" if places == 0 and value == 0 else text.rjust(places, "0")
    prefix = ""
    if "#" in flags and value and letter in "xX":
        prefix = "0" + letter
    elif "#" in flags and letter == "o" and not text.startswith("0"):
        text = "0" + text
    if prefix and "0" in flags and "-" not in flags and width and places is None:
        text = text.rjust(int(width) - 2, "0")
    return _signed(prefix + text, negative, flags, width, places is None)


def _float(value: float, letter: str, flags: str, width: str, places: int | None) -> str:
    if not math.isfinite(value):
        text = "nan" if math.isnan(value) else "inf"
        negative = math.copysign(1.0, value) < 0
        return _signed(text.upper() if letter.isupper() else text, negative, flags, width, zeros=False)
    alternate = "#" if "#" in flags else ""
    text = format(abs(value), f"{alternate}.{6 if places is None else places}{letter}")
    return _signed(text, math.copysign(1.0, value) < 0, flags, width, zeros=True)


def _hexadecimal(value: float, letter: str, flags: str, width: str, places: int | None) -> str:
    negative = math.copysign(1.0, value) < 0
    if not math.isfinite(value):
        return _float(value, "E" if letter == "A" else "e", flags, width, None)
    text = hexadecimal_float(abs(value), places)
    if "#" in flags and "." not in text:
        text = text.replace("p", ".p")
    if letter == "A":
        text = text.upper()
    if "0" in flags and "-" not in flags and width:
        sign = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
        return sign + text[:2] + text[2:].rjust(int(width) - len(sign) - 2, "0")
    return _signed(text, negative, flags, width, zeros=False)


def hexadecimal_float(value: float, places: int | None) -> str:
    """C's `%a` of a finite number that is not negative."""
    if value == 0:
        return "0x0p+0" if not places else f"0x0.{'0' * places}p+0"
    mantissa, exponent = math.frexp(value)
    exponent -= 1
    if exponent < -1022:
        bits = int(math.ldexp(value, 1074))
        exponent = -1022
        whole = 0
    else:
        bits = int(math.ldexp(mantissa, 53))
        whole = 1
        bits -= 1 << 52
    if places is not None and places < 13:
        total = (whole << 52) | bits
        drop = 4 * (13 - places)
        half = 1 << (drop - 1)
        rest = total & ((1 << drop) - 1)
        total >>= drop
        if rest > half or (rest == half and total & 1):
            total += 1
        whole, bits = total >> (4 * places), total & ((1 << (4 * places)) - 1)
        digits = f"{bits:0{places}x}" if places else ""
    else:
        digits = f"{bits:013x}"
        digits = digits.rstrip("0") if places is None else digits.ljust(places, "0")
    point = f".{digits}" if digits else ""
    return f"0x{whole}{point}p{exponent:+d}"


def _pointer(state: State, arguments: tuple[Value, ...], number: int, flags: str, width: str) -> str:
    value = check_any(state, arguments, number)
    if value is None or type(value) in (int, float, LuaBoolean):
        return _padded("(null)", flags, width)
    return _padded(address(value), flags, width)


def _old_string(state: State, arguments: tuple[Value, ...], number: int, places: int | None) -> str:
    """`%s` of 5.1: C's formatting cuts a string off at a zero byte; long ones go without it."""
    text = check_string(state, arguments, number)
    return text if places is None and len(text) >= _LONGEST_PLAIN else text.partition("\0")[0]


# What one takes while a literal is put together.
_BYTES_FOR_AN_ESCAPE = 72


def quoted(state: State, arguments: tuple[Value, ...], number: int) -> str:
    """`%q`: a literal that reads back as the value."""
    value = arguments[number - 1]
    if not state.integers:
        text = check_string(state, arguments, number)
        replaced = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\\n")
        return '"' + replaced.replace("\r", "\\r").replace("\0", "\\000") + '"'
    if type(value) is str:
        state.budget.take(len(value) // _CHARACTERS_OF_STEP)
        if state.budget.memory is not None:
            escapes = sum(1 for _ in _CONTROL.finditer(value))
            state.budget.allocate(2 * len(value) + _BYTES_FOR_AN_ESCAPE * escapes)
        return '"' + _CONTROL.sub(lambda match: _escaped(value, match), value) + '"'
    if type(value) is int:
        return "0x8000000000000000" if value == -(1 << 63) else str(value)
    if type(value) is float:
        return _quoted_float(value)
    if value is None or value is TRUE or value is FALSE:
        return "nil" if value is None else str(value.text)
    return argument_error(state, number, "value has no literal form")


def _escaped(text: str, match: re.Match[str]) -> str:
    character = match.group()
    if character in '"\\\n':
        return "\\" + character
    following = text[match.end() : match.end() + 1]
    if following.isdigit() and following.isascii():
        return f"\\{ord(character):03d}"
    return f"\\{ord(character)}"


def _quoted_float(value: float) -> str:
    if math.isnan(value):
        return "(0/0)"
    if value == math.inf:
        return "1e9999"
    if value == -math.inf:
        return "-1e9999"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    return sign + hexadecimal_float(abs(value), None)
