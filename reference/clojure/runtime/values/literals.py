"""Patterns, UUIDs, instants and the other literals that are objects."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import clojure_hash, equiv, long_hash
from lockstep.reference.clojure.runtime.values.faults import class_cast_fault
from lockstep.reference.clojure.runtime.values.names import Symbol


def _signed(half: int) -> int:
    """64 bits as a signed number."""
    return half - (1 << 64) if half >> 63 else half


class Identifier:
    """java.util.UUID by its 128 bits."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    @staticmethod
    def parse(text: str) -> Identifier:
        """The UUID written as `text`; ValueError if it is none."""
        parts = text.split("-")
        if len(parts) != 5 or not all(re.fullmatch("[0-9a-fA-F]+", part) for part in parts):
            raise ValueError(f"Invalid UUID string: {text}")
        widths = (8, 4, 4, 4, 12)
        if len(text) > sum(widths) + 4:
            raise ValueError(f"UUID string too large: {text}")
        digits = "".join(part.rjust(width, "0")[-width:] for part, width in zip(parts, widths))
        return Identifier(int(digits, 16))

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Identifier and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)

    def clojure_hash(self) -> int:
        """The number that `hash` gives (UUID.hashCode)."""
        mixed = (self.number >> 64) ^ (self.number & (1 << 64) - 1)
        mixed = (mixed >> 32 ^ mixed) & 0xFFFFFFFF
        return mixed - (1 << 32) if mixed >> 31 else mixed

    def compare_to(self, other: Value) -> int:
        """By its two halves, which are signed (UUID.compareTo)."""
        if other.__class__ is not Identifier:
            raise class_cast_fault(other, "java.util.UUID")
        return (self._halves > other._halves) - (self._halves < other._halves)

    @property
    def _halves(self) -> tuple[int, int]:
        high, low = self.number >> 64, self.number & (1 << 64) - 1
        return _signed(high), _signed(low)

    def __str__(self) -> str:
        digits = f"{self.number:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_INSTANT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?)?)?)?(Z|[-+]\d\d:\d\d)?"
)


# strftime's names depend on the host's locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Instant:
    """java.util.Date: milliseconds since 1970."""

    __slots__ = ("milliseconds",)

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    @staticmethod
    def parse(text: str) -> Instant:
        """The instant that `#inst` writes as `text`; ValueError if it is none."""
        match = _INSTANT.fullmatch(text)
        if match is None:
            raise ValueError(f"Unrecognized date/time syntax: {text}")
        year, month, day, hour, minute, second = (
            int(part or low) for part, low in zip(match.groups(), "011000")
        )
        moment = datetime(year, max(month, 1), max(day, 1), hour, minute, second, tzinfo=timezone.utc)
        offset = match.group(8)
        if offset and offset != "Z":
            delta = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
            moment = moment - delta if offset[0] == "+" else moment + delta
        milliseconds = int(((match.group(7) or "") + "000")[:3])
        return Instant(round((moment - _EPOCH).total_seconds()) * 1000 + milliseconds)

    def date_text(self) -> str:
        """java.util.Date.toString, where the time zone is UTC."""
        moment = _EPOCH + timedelta(milliseconds=self.milliseconds)
        day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
        return f"{day} {month} {moment:%d %H:%M:%S} UTC {moment.year}"

    def text(self) -> str:
        """As `#inst` writes it."""
        moment = _EPOCH + timedelta(milliseconds=self.milliseconds)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.milliseconds % 1000:03d}-00:00"

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Instant and other.milliseconds == self.milliseconds

    def __hash__(self) -> int:
        return hash(self.milliseconds)

    def clojure_hash(self) -> int:
        """The number that `hash` gives (Date.hashCode)."""
        return long_hash(self.milliseconds)

    def compare_to(self, other: Value) -> int:
        """By time."""
        if other.__class__ is not Instant:
            raise class_cast_fault(other, "java.util.Date")
        return int(self.milliseconds > other.milliseconds) - int(self.milliseconds < other.milliseconds)


class Location:
    """java.net.URI, by its text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Location and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text


class TaggedLiteral:
    """A tagged literal without a reader."""

    __slots__ = ("form", "tag")

    def __init__(self, tag: Symbol, form: Value) -> None:
        self.tag = tag
        self.form = form

    def lookup(self, key: Value, default: Value = None) -> Value:
        """:tag and :form."""
        return {"tag": self.tag, "form": self.form}.get(getattr(key, "name", ""), default)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TaggedLiteral) and self.tag == other.tag and equiv(self.form, other.form)

    def __hash__(self) -> int:
        return 31 * clojure_hash(self.tag) + clojure_hash(self.form)


class ReaderConditional:
    """A reader conditional that was preserved."""

    __slots__ = ("form", "splicing")

    def __init__(self, form: Value, splicing: Value) -> None:
        self.form = form
        self.splicing = splicing

    def lookup(self, key: Value, default: Value = None) -> Value:
        """:form and :splicing?."""
        return {"form": self.form, "splicing?": self.splicing}.get(getattr(key, "name", ""), default)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ReaderConditional)
            and self.splicing is other.splicing
            and equiv(self.form, other.form)
        )

    def __hash__(self) -> int:
        return 31 * clojure_hash(self.form) + clojure_hash(self.splicing)


class Reduced:
    """What ends a reduction early."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def deref(self) -> Value:
        """The value inside."""
        return self.value
