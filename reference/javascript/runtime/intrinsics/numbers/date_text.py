"""The texts that Date.parse takes besides the formats of 21.4.1.32 and 21.4.4.41.

21.4.3.2 leaves them to the implementation. Programs rely on what browsers share, so this takes what V8 takes: words,
of which three letters count, numbers that are dates, times or offsets by what stands around them, and anything in
parentheses or between. Years of two digits are of 1950 to 2049.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NUMBERS: Final = {name.lower(): number for number, name in enumerate(MONTHS)}

_TOKEN: Final = re.compile(
    r"(?P<number>[0-9]+)|(?P<word>[^\x00-@\s\ufeff]+)|(?P<blank>[\s\ufeff]+)|(?P<sign>.)", re.DOTALL
)
_DAY_HALVES: Final = {"am": 0, "pm": 12}
_ZONES: Final = {
    "ut": 0,
    "utc": 0,
    "z": 0,
    "gmt": 0,
    "cdt": -5,
    "cst": -6,
    "edt": -4,
    "est": -5,
    "mdt": -6,
    "mst": -7,
    "pdt": -7,
    "pst": -8,
}
_NUMBER, _WORD, _BLANK, _SIGN, _END = "number", "word", "blank", "sign", "end"
_LARGEST_NUMBER: Final = 999_999_999


class _Token(NamedTuple):
    kind: str
    text: str

    @property
    def number(self) -> int:
        return min(int(self.text.lstrip("0")[:9] or 0), _LARGEST_NUMBER)

    def is_sign(self, signs: str) -> bool:
        return self.kind == _SIGN and self.text in signs

    def is_number(self, digits: int, least: int, most: int) -> bool:
        """A number of just so many digits, in a range."""
        return self.kind == _NUMBER and len(self.text) == digits and least <= self.number <= most


class DateParts(NamedTuple):
    """What a text says; the month is from 0, the offset in minutes, None for local time."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    millisecond: int
    offset: int | None


class _InvalidError(Exception):
    """The text is no date."""


def parse_date_text(text: str) -> DateParts | None:
    """What `text` says, or None where it is no date."""
    try:
        return _Reader(_tokens(text)).read()
    except _InvalidError:
        return None


def _tokens(text: str) -> list[_Token]:
    tokens = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        assert match is not None
        position = match.end()
        kind = match.lastgroup or _SIGN
        if match[0] == "(":
            position = _behind_parentheses(text, position)
        tokens.append(_Token(kind, match[0]))
    return tokens


def _behind_parentheses(text: str, position: int) -> int:
    depth = 1
    while depth and position < len(text):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
    return position


class _Reader:
    """Reads the tokens, and keeps what was found so far."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.days: list[int] = []
        self.month: int | None = None
        self.times: list[int] = []
        self.half: int | None = None
        self.sign = 0
        self.zone_hour: int | None = None
        self.zone_minute: int | None = None
        self.has_number = False
        self.is_iso = False

    def peek(self) -> _Token:
        if self.position < len(self.tokens):
            return self.tokens[self.position]
        return _Token(_END, "")

    def next(self) -> _Token:
        token = self.peek()
        self.position += 1
        return token

    def skip(self, sign: str) -> bool:
        if self.peek().is_sign(sign):
            self.position += 1
            return True
        return False

    def require(self, condition: bool) -> None:
        if not condition:
            raise _InvalidError

    def read(self) -> DateParts:
        """The whole text: first what looks like an ISO date, then the rest by what each token is."""
        self.iso_date()
        self.has_number = bool(self.days)
        while self.position < len(self.tokens):
            token = self.next()
            if token.kind == _NUMBER:
                self.number(token)
            elif token.kind == _WORD:
                self.word(token)
            elif token.is_sign("+-") and (self.is_utc() or self.times):
                self.offset(token)
            elif token.is_sign("+-)"):
                self.require(not self.has_number)
        return self.parts()

    # What begins like 21.4.1.32

    def iso_date(self) -> None:
        """`YYYY-MM-DD` or `±YYYYYY-MM-DD`, as far as it goes, and the time behind `T`."""
        start = self.position
        sign = self.next() if self.peek().is_sign("+-") else None
        year = self.peek()
        if not year.is_number(4 if sign is None else 6, 0, _LARGEST_NUMBER):
            self.position = start
            return
        is_negative = sign is not None and sign.text == "-"
        if is_negative and not year.number:
            # There is no year -0: what follows is read as if it stood alone.
            self.next()
            return
        self.days.append(-self.next().number if is_negative else self.next().number)
        for most in (12, 31):
            if not self.skip("-"):
                break
            if not self.peek().is_number(2, 1, most):
                return
            self.days.append(self.next().number)
        if self.peek().kind == _WORD and self.peek().text.lower() == "t":
            self.next()
            self.iso_time()
        elif self.peek().kind != _END:
            return
        elif not self.times:
            # A date alone is in UTC.
            self.zone_hour = self.zone_minute = 0
            self.sign = 1
        self.is_iso = True

    def iso_time(self) -> None:
        """`HH:mm`, `HH:mm:ss` or `HH:mm:ss.sss`, and `Z`, `±HH:mm` or `±HHmm`; nothing may follow."""
        self.require(self.peek().is_number(2, 0, 24))
        hour = self.next().number
        most = 0 if hour == 24 else 59
        self.times.append(hour)
        self.require(self.skip(":") and self.peek().is_number(2, 0, most))
        self.times.append(self.next().number)
        if self.skip(":"):
            self.require(self.peek().is_number(2, 0, most))
            self.times.append(self.next().number)
            if self.skip("."):
                self.require(self.peek().kind == _NUMBER and (hour != 24 or not self.peek().number))
                self.times.append(_milliseconds(self.next().text))
        if self.peek().kind == _WORD and self.peek().text.lower() == "z":
            self.next()
            self.sign, self.zone_hour, self.zone_minute = 1, 0, 0
        elif self.peek().is_sign("+-"):
            self.sign = -1 if self.next().text == "-" else 1
            if self.peek().is_number(4, 0, 2359):
                self.zone_hour, self.zone_minute = divmod(self.next().number, 100)
                self.require(self.zone_minute <= 59)
            else:
                self.require(self.peek().is_number(2, 0, 23))
                self.zone_hour = self.next().number
                self.require(self.skip(":") and self.peek().is_number(2, 0, 59))
                self.zone_minute = self.next().number
        self.require(self.peek().kind == _END)

    # Everything else, token by token

    def is_utc(self) -> bool:
        return self.zone_hour == 0 and self.zone_minute == 0

    def expects_time(self, number: int) -> bool:
        return {1: number <= 59, 2: number <= 59, 3: number <= 999}.get(len(self.times), False)

    def number(self, token: _Token) -> None:
        """A time where `:` follows or a time is begun, the minutes of an offset, or a part of the date."""
        self.has_number = True
        number = token.number
        if self.skip(":"):
            if self.skip(":"):
                self.require(not self.times)
                self.times += [number, 0]
                return
            self.require(len(self.times) < 4)
            self.times.append(number)
            self.skip(".")
            return
        is_dotted = self.skip(".")
        if is_dotted and self.expects_time(number):
            self.times.append(number)
            self.require(self.peek().kind == _NUMBER)
            self.end_time(_milliseconds(self.next().text))
        elif self.zone_hour is not None and self.zone_minute is None and number <= 59:
            self.zone_minute = number
        elif self.expects_time(number):
            self.end_time(number)
            following = self.peek()
            is_z = following.kind == _WORD and following.text.lower() == "z"
            self.require(following.kind in (_END, _BLANK) or is_z or following.is_sign("+-"))
        else:
            self.require(len(self.days) < 3)
            self.days.append(number)
            self.skip("-")

    def end_time(self, number: int) -> None:
        """The last part of a time: nothing is added to it."""
        self.times.append(number)
        self.times += [0] * (4 - len(self.times))

    def word(self, token: _Token) -> None:
        """A month, half of the day or zone; other words may stand before the first number."""
        word = token.text.lower()
        if word in _DAY_HALVES and self.times:
            self.half = _DAY_HALVES[word]
        elif word[:3] in MONTH_NUMBERS:
            self.month = MONTH_NUMBERS[word[:3]]
            self.skip("-")
        elif word in _ZONES and self.has_number:
            self.sign = -1 if _ZONES[word] < 0 else 1
            self.zone_hour, self.zone_minute = abs(_ZONES[word]), 0
        else:
            self.require(not self.has_number and self.peek().kind != _NUMBER)

    def offset(self, token: _Token) -> None:
        """`+h`, `+hh`, `+hmm`, `+hhmm` or `+hh:`, behind a time or UTC."""
        self.sign = -1 if token.text == "-" else 1
        self.has_number = True
        digits, number = 0, 0
        if self.peek().kind == _NUMBER:
            digits, number = len(self.peek().text), self.next().number
        if self.peek().is_sign(":"):
            self.zone_hour, self.zone_minute = number, None
        elif digits in (1, 2):
            self.zone_hour, self.zone_minute = number, 0
        else:
            self.require(digits in (3, 4))
            self.zone_hour, self.zone_minute = divmod(number, 100)

    # What it says in the end

    def parts(self) -> DateParts:
        year, month, day = self.date()
        hour, minute, second, millisecond = ([*self.times, 0, 0, 0, 0])[:4]
        if self.half is not None:
            self.require(hour <= 12)
            hour = hour % 12 + self.half
        self.require(
            (hour <= 23 and minute <= 59 and second <= 59 and millisecond <= 999)
            or (hour == 24 and not minute and not second and not millisecond)
        )
        offset = None
        if self.sign:
            offset = self.sign * ((self.zone_hour or 0) * 60 + (self.zone_minute or 0))
        return DateParts(year, month - 1, day, hour, minute, second, millisecond, offset)

    def date(self) -> tuple[int, int, int]:
        """Which of the numbers are year, month (from 1) and day."""
        self.require(bool(self.days))
        first, second, third = ([*self.days, 1, 1])[:3]
        if self.month is None:
            begins_with_year = self.is_iso or not 1 <= first <= 31
            year, month, day = (first, second, third) if begins_with_year else (third, first, second)
        else:
            month = self.month + 1
            if 1 <= first <= 31:
                day, year = first, second
            else:
                year, day = first, second
        if not self.is_iso and 0 <= year <= 99:
            year += 2000 if year <= 49 else 1900
        self.require(1 <= month <= 12 and 1 <= day <= 31)
        return year, month, day


def _milliseconds(digits: str) -> int:
    """A fraction of a second: its first three digits."""
    return int((digits + "00")[:3])
