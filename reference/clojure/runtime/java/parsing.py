"""Numbers as Java's parse methods read them."""

# a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.clojure.runtime.values.faults import (
    number_format_fault,
)
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
)

Value = Any
Method = Callable[..., Value]


def parse_long(text: Value, radix: int = 10, low: int = LONG_MIN, high: int = LONG_MAX) -> int:
    """Long.parseLong and Integer.parseInt; NumberFormatException if it is none."""
    if text is None:
        raise number_format_fault("Cannot parse null string: null" if radix == 10 else "null")
    try:
        if not text.isascii() or text.strip() != text or "_" in text:
            raise ValueError
        value = int(text, radix)
    except (ValueError, TypeError):
        suffix = "" if radix == 10 else f" under radix {radix}"
        raise number_format_fault(f'For input string: "{text}"{suffix}') from None
    if not low <= value <= high:
        raise number_format_fault(f'For input string: "{text}"')
    return value


def parse_double(text: str) -> float:
    """Double.parseDouble; NumberFormatException if it is none."""
    try:
        cleaned = text.strip().rstrip("dDfF")
        if "_" in cleaned or (
            cleaned.lower() in {"inf", "+inf", "-inf", "nan", "infinity"} and "I" not in cleaned
        ):
            raise ValueError
        return float(cleaned)
    except ValueError:
        raise number_format_fault(f'For input string: "{text}"') from None
