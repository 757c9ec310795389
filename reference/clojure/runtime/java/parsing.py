"""Numbers as Java's parse methods read them."""

# a lambda fixes how many arguments a guest may pass
from __future__ import annotations

import math
import re
from typing import Callable

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import (
    class_cast_fault,
    number_format_fault,
)
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
)

Method = Callable[..., Value]


def parse_long(text: str | None, radix: int = 10, low: int = LONG_MIN, high: int = LONG_MAX) -> int:
    """Long.parseLong and Integer.parseInt; NumberFormatException if it is none."""
    if text is None:
        raise number_format_fault("Cannot parse null string: null" if radix == 10 else "null")
    try:
        if text.strip() != text or "_" in text:
            raise ValueError
        value = int(text, radix)
    except (ValueError, TypeError):
        suffix = "" if radix == 10 else f" under radix {radix}"
        raise number_format_fault(f'For input string: "{text}"{suffix}') from None
    if not low <= value <= high:
        raise number_format_fault(f'For input string: "{text}"')
    return value


def parse_big_integer(text: str, radix: int) -> int:
    """The constructor of BigInteger; NumberFormatException if it is none."""
    try:
        if not text.strip("+-") or "_" in text or text.strip() != text:
            raise ValueError
        return int(text, radix)
    except ValueError:
        raise number_format_fault(f'For input string: "{text}"') from None


_DECIMAL = re.compile(
    r"([-+]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?))[fFdD]?", re.ASCII
)
_HEXADECIMAL = re.compile(
    r"([-+]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][-+]?[0-9]+)[fFdD]?", re.ASCII
)
_BLANK = "".join(map(chr, range(33)))


def parse_double(text: str | None) -> float:
    """Double.parseDouble; NumberFormatException if it is none."""
    if text is None:
        raise class_cast_fault(None, "java.lang.String")
    cleaned = text.strip(_BLANK)
    decimal = _DECIMAL.fullmatch(cleaned)
    if decimal is not None:
        return float(decimal.group(1))
    hexadecimal = _HEXADECIMAL.fullmatch(cleaned)
    if hexadecimal is not None:
        try:
            return float.fromhex(hexadecimal.group(1))
        except OverflowError:
            return math.inf if cleaned[0] != "-" else -math.inf
    raise number_format_fault(f'For input string: "{text}"' if cleaned else "empty String")
