"""Temporal beside the host's own dates: strings, arithmetic, time zones, and calendars there and back."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract import calendar, formatting, parsing
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems import (
    CALENDARS,
    system_of,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    DateDuration,
    Duration,
    create_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_DAY,
    NS_PER_SECOND,
    ISODate,
    ISODateTime,
    date_from_epoch_days,
    date_time_from_epoch,
    day_of_week,
    day_of_year,
    epoch_days,
    epoch_nanoseconds,
    week_of_year,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.relative import (
    Rounding,
    difference_date_time,
    plain_difference,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    local_date_time,
    possible_epoch_nanoseconds,
    zone_from_identifier,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    ROUNDING_MODES,
    round_to_increment,
)

EPOCH = dt.date(1970, 1, 1).toordinal()
LIMIT = 10**8 * NS_PER_DAY
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca")

dates = st.dates()
all_days = st.integers(-(10**8), 10**8)
instants = st.integers(-LIMIT, LIMIT)
date_times = instants.map(date_time_from_epoch)


def iso(date: dt.date) -> ISODate:
    return ISODate(date.year, date.month, date.day)


@given(dates)
def test_dates_are_those_of_the_host(date: dt.date) -> None:
    here = iso(date)
    assert epoch_days(here) == date.toordinal() - EPOCH
    assert formatting.date_string(here) == date.isoformat()
    year, week, weekday = date.isocalendar()
    assert (week_of_year(here).year, week_of_year(here).week, day_of_week(here)) == (year, week, weekday)
    assert day_of_year(here) == date.timetuple().tm_yday


@given(all_days)
def test_day_numbers_go_there_and_back(days: int) -> None:
    assert epoch_days(date_from_epoch_days(days)) == days


@given(date_times)
def test_date_times_are_parsed_as_they_are_formatted(moment: ISODateTime) -> None:
    text = formatting.date_time_string(moment, "iso8601", "auto", "never")
    parsed = parsing.parse_date_time(text, "date-time")
    assert (parsed.year, parsed.month, parsed.day) == moment.date
    assert parsed.time == moment.time


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_the_host_parses_what_we_format(moment: dt.datetime) -> None:
    exact = (moment.toordinal() - EPOCH) * NS_PER_DAY + (
        (moment.hour * 60 + moment.minute) * 60 + moment.second
    ) * NS_PER_SECOND
    text = formatting.date_time_string(date_time_from_epoch(exact), "iso8601", "auto", "never")
    assert dt.datetime.fromisoformat(text) == moment.replace(microsecond=0, tzinfo=None)


amounts = st.lists(st.integers(0, 2**31), min_size=10, max_size=10)


@given(amounts, st.booleans())
def test_durations_are_parsed_as_they_are_formatted(parts: list[int], negative: bool) -> None:
    parts[7:] = [part % 1000 for part in parts[7:]]
    duration = create_duration(*parts)
    if negative:
        duration = duration.negated()
    assert parsing.parse_duration(formatting.duration_string(duration, "auto")) == duration


@given(st.text(max_size=12))
def test_what_is_no_duration_is_an_error_of_the_guest(text: str) -> None:
    try:
        assert isinstance(parsing.parse_duration(text), Duration)
    except ThrowCompletion:
        pass


@given(dates, dates, st.sampled_from(("year", "month", "week", "day")), st.sampled_from(CALENDARS))
def test_a_difference_added_leads_to_the_other_date(
    one: dt.date, two: dt.date, unit: str, identifier: str
) -> None:
    difference = calendar.date_until(identifier, iso(one), iso(two), unit)
    assert calendar.date_add(identifier, iso(one), difference, "constrain") == iso(two)
    assert min(difference) >= 0 or max(difference) <= 0
    if unit == "day":
        assert difference.days == (two - one).days


@given(dates, st.integers(-3000, 3000))
def test_days_are_added_as_the_host_adds_them(date: dt.date, days: int) -> None:
    try:
        expected = date + dt.timedelta(days)
    except OverflowError:
        return
    assert calendar.date_add("iso8601", iso(date), DateDuration(0, 0, 0, days), "reject") == iso(expected)


@given(date_times, date_times, st.sampled_from(("year", "week", "day", "hour", "nanosecond")))
def test_differences_of_date_times_add_up(one: ISODateTime, two: ISODateTime, unit: str) -> None:
    difference = difference_date_time(one, two, "iso8601", unit)
    date = calendar.date_add("iso8601", one.date, difference.date, "constrain")
    assert epoch_nanoseconds(ISODateTime(date, one.time)) + difference.time == epoch_nanoseconds(two)


@given(date_times, date_times, st.sampled_from(ROUNDING_MODES))
def test_a_difference_rounded_to_days_is_near_the_exact_one(
    one: ISODateTime, two: ISODateTime, mode: str
) -> None:
    exact = epoch_nanoseconds(two) - epoch_nanoseconds(one)
    rounded = plain_difference(one, two, "iso8601", Rounding("day", 1, "day", mode))
    assert rounded.date.days == round_to_increment(exact, NS_PER_DAY, mode) // NS_PER_DAY


@given(st.integers(), st.integers(1, 10**6))
def test_rounding_modes_agree_with_the_host(number: int, increment: int) -> None:
    down = number // increment * increment
    assert round_to_increment(number, increment, "floor") == down
    assert round_to_increment(number, increment, "ceil") == -(-number // increment) * increment
    assert abs(round_to_increment(number, increment, "halfEven") - number) * 2 <= increment


@pytest.mark.parametrize("identifier", CALENDARS[1:])
@given(days=st.integers(-2_000_000, 2_000_000))
def test_calendars_go_there_and_back(identifier: str, days: int) -> None:
    system = system_of(identifier)
    date = date_from_epoch_days(days)
    day = system.day_of(date)
    assert system.iso_of(day) == date
    assert 1 <= day.month <= system.months_in_year(day.year)
    assert 1 <= day.day <= system.days_in_month(day.year, day.month)
    code = system.month_code(day.year, day.month)
    assert system.month_of_code(day.year, code) == day.month


@pytest.mark.parametrize("name", ZONES)
@given(seconds=st.integers(-3_000_000_000, 8_000_000_000))
def test_zones_have_the_offsets_of_the_host(name: str, seconds: int) -> None:
    realm = SimpleNamespace(agent=SimpleNamespace(time_zones=None))
    try:
        theirs = zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("the host has no time zones")
    zone = zone_from_identifier(realm, name)  # type: ignore[arg-type]
    expected = dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone(theirs).utcoffset()
    assert expected is not None
    assert zone.offset_at(seconds * NS_PER_SECOND) == expected.total_seconds() * NS_PER_SECOND
    # A local time has the exact time that it came from.
    exact = seconds * NS_PER_SECOND
    assert exact in possible_epoch_nanoseconds(zone, local_date_time(zone, exact))
