"""Numbers in a radix, cube roots, and the dates that Date.parse takes."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockstep.reference.javascript.runtime.intrinsics.numbers.date_time import iso_string, parse_date
from lockstep.reference.javascript.runtime.intrinsics.numbers.math import cube_root
from lockstep.reference.javascript.runtime.operations.number_text import number_to_radix_string


@given(value=st.floats(2.0**53, allow_infinity=False), radix=st.integers(2, 36))
@example(value=1.7976931348623157e308, radix=3)
@example(value=2.0**53 + 2, radix=36)
@example(value=1e23, radix=7)
def test_a_large_number_has_the_fewest_digits(value: float, radix: int) -> None:
    """6.1.6.1.20, step 5: it is read back, and no text with one digit less is."""
    text = number_to_radix_string(value, radix)
    assert float(int(text, radix)) == value
    unit = radix ** (len(text) - len(text.rstrip("0")) + 1)
    below = int(value) // unit * unit
    for shorter in (below, below + unit):
        try:
            assert float(shorter) != value
        except OverflowError:
            continue


@given(root=st.integers(-100_000, 100_000))
def test_cubes_have_whole_roots(root: int) -> None:
    assert cube_root(float(root**3)) == root


@given(value=st.floats(allow_nan=False, allow_infinity=False))
@example(value=5e-324)
@example(value=-0.0)
def test_cube_roots_are_near(value: float) -> None:
    root = cube_root(value)
    assert math.copysign(1, root) == math.copysign(1, value)
    if value:
        low, high = sorted((math.nextafter(root, 0), math.nextafter(root, math.inf * root)), key=abs)
        assert Fraction(abs(low)) ** 3 <= Fraction(abs(value)) <= Fraction(abs(high)) ** 3


# The zone is given in each, so that the host's does not matter; node 20.20.2 says the same.
DATES = {
    "2013/01/01 UTC": "2013-01-01T00:00:00.000Z",
    "8/10/95 GMT": "1995-08-10T00:00:00.000Z",
    "12/31/49 Z": "2049-12-31T00:00:00.000Z",
    "1/1/2020 12:30 AM UTC": "2020-01-01T00:30:00.000Z",
    "1/1/2020 1:30:15 pm EST": "2020-01-01T18:30:15.000Z",
    "2016-04-27 11:22:33.5+02:00": "2016-04-27T09:22:33.500Z",
    "2020-2-9 10:11 GMT-0330": "2020-02-09T13:41:00.000Z",
    "2000-01-01T00:00:00+0100": "1999-12-31T23:00:00.000Z",
    "2020-06-01t10:00:00.1234z": "2020-06-01T10:00:00.123Z",
    "+002020-06-01T10:00Z": "2020-06-01T10:00:00.000Z",
    "Thu, 6 January 2000 08:00 PDT": "2000-01-06T15:00:00.000Z",
    "Jan-7-2000 (a (nested) comment) UTC": "2000-01-07T00:00:00.000Z",
    "on Sept 8 00:00:00 utc 1999": "1999-09-08T00:00:00.000Z",
    "1 Jan 2000 24:00 UT": "2000-01-02T00:00:00.000Z",
    "2000 Feb 30 UTC": "2000-03-01T00:00:00.000Z",
    "Mon Jan 1 00:00:00 PST 2001": "2001-01-01T08:00:00.000Z",
    "1 Jan 2000 10:: UTC": "2000-01-01T10:00:00.000Z",
    "1 Jan 2000 10:00 UTC+5": "2000-01-01T05:00:00.000Z",
    "-000000-01-02 UTC": "2001-01-02T00:00:00.000Z",
    # What toString and toUTCString make is read back: 21.4.3.2.
    "Sat Jan 01 0095 10:00:00 GMT+0100 (anywhere)": "0095-01-01T09:00:00.000Z",
    "Wed, 01 Jan -0020 00:00:00 GMT": "-000020-01-01T00:00:00.000Z",
}
# 21.4.1.32 makes the 30th of February illegal; the other texts are none in node either.
NO_DATES = [
    "",
    "hello",
    "UTC",
    "99/99/9999 UTC",
    "1 2 3 4 UTC",
    "2000-02-30",
    "2000-13-01",
    "2000-01-01T",
    "2000-01-01T25:00Z",
    "2000-01-01T00:60Z",
    "2000-01-01T10:00Z tail",
    "1 Jan 2000 13:00 PM UTC",
    "1 Jan 2000 foo",
    "1 Jan 2000 10:00 +12345",
    "Foo 1 2000 UTC",
    "x1 Jan 2000",
    "-000000-01-01T00:00Z",
    "29 Dec 2038 +0100",
    "Mon January 9 2000 +00:00",
    "28 Jun -000001",
]


@pytest.mark.parametrize("text", DATES)
def test_texts_that_are_dates(text: str) -> None:
    assert iso_string(parse_date(text)) == DATES[text]


@pytest.mark.parametrize("text", NO_DATES)
def test_texts_that_are_none(text: str) -> None:
    assert math.isnan(parse_date(text))


@given(text=st.text(alphabet="0123456789/:-+., ()TZadejnrtpmuc\u00e9\u2028", max_size=24))
def test_any_text_is_a_date_or_none(text: str) -> None:
    value = parse_date(text)
    assert math.isnan(value) or (abs(value) <= 8.64e15 and value == math.trunc(value))
