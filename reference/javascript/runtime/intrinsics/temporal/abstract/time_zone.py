"""Temporal, time zones (11.1): offset and named zones, and which exact times a local time may stand for.

The slot [[TimeZone]] holds a `TimeZone`, made once per agent and name, so no operation has to look names up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import offset_string
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    MIDNIGHT,
    NS_PER_DAY,
    NS_PER_MINUTE,
    NS_PER_SECOND,
    ISODate,
    ISODateTime,
    date_time_from_epoch,
    epoch_nanoseconds,
    is_valid_epoch_nanoseconds,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.parsing import (
    ANY_DATE_TIME,
    is_offset_identifier,
    is_time_zone_identifier,
    parse_date_time,
    parse_utc_offset,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone_data import (
        TimeZoneDatabase,
        ZoneRules,
    )


class TimeZone:
    """An available time zone: `identifier` is shown, zones are equal whose `primary` identifiers are."""

    __slots__ = ("identifier", "primary")

    def __init__(self, identifier: str, primary: str) -> None:
        self.identifier = identifier
        self.primary = primary

    def offset_at(self, nanoseconds: int) -> int:
        """11.1.5 GetOffsetNanosecondsFor an exact time."""
        raise NotImplementedError

    def offsets_near(self, local: int) -> set[int]:
        """The offsets that are in force within a day of a local time, given as if it were UTC."""
        return {self.offset_at(local - NS_PER_DAY), self.offset_at(local + NS_PER_DAY)}

    def transition(self, nanoseconds: int, forward: bool) -> int | None:
        """11.1.6 and 11.1.7: the exact time of the next or previous transition, or None."""
        return None


class OffsetZone(TimeZone):
    """A zone with a fixed offset in minutes."""

    __slots__ = ("offset",)

    def __init__(self, nanoseconds: int) -> None:
        identifier = offset_string(nanoseconds)
        super().__init__(identifier, identifier)
        self.offset = nanoseconds

    def offset_at(self, nanoseconds: int) -> int:
        """See TimeZone."""
        return self.offset

    def offsets_near(self, local: int) -> set[int]:
        """See TimeZone."""
        return {self.offset}


class NamedZone(TimeZone):
    """A zone of the IANA database, or UTC."""

    __slots__ = ("rules",)

    def __init__(self, identifier: str, primary: str, rules: ZoneRules) -> None:
        super().__init__(identifier, primary)
        self.rules = rules

    def offset_at(self, nanoseconds: int) -> int:
        """See TimeZone."""
        return self.rules.offset_at(nanoseconds // NS_PER_SECOND) * NS_PER_SECOND

    def transition(self, nanoseconds: int, forward: bool) -> int | None:
        """See TimeZone."""
        if forward:
            seconds = self.rules.next_transition(nanoseconds // NS_PER_SECOND)
        else:
            seconds = self.rules.previous_transition(-(-nanoseconds // NS_PER_SECOND))
        if seconds is None or not is_valid_epoch_nanoseconds(seconds * NS_PER_SECOND):
            return None
        return seconds * NS_PER_SECOND


def time_zones(realm: Realm) -> TimeZoneDatabase:
    """The agent's time zones, from the first use on."""
    agent = realm.agent
    if agent.time_zones is None:
        from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone_data import (
            TimeZoneDatabase,
        )

        agent.time_zones = TimeZoneDatabase()
    return agent.time_zones


def zone_from_identifier(realm: Realm, identifier: str) -> TimeZone:
    """11.1.16 ParseTimeZoneIdentifier, and the zone it stands for.

    Raises:
        ThrowCompletion: RangeError, `identifier` is no identifier, or there is no such zone.
    """
    if is_offset_identifier(identifier):
        return OffsetZone(parse_utc_offset(identifier))
    if not is_time_zone_identifier(identifier):
        raise range_error(f"Invalid time zone '{identifier}'")
    found = time_zones(realm).find(identifier)
    if found is None:
        raise range_error(f"Unknown time zone '{identifier}'")
    return NamedZone(*found)


def zone_from_string(realm: Realm, text: str) -> TimeZone:
    """13.35 ParseTemporalTimeZoneString, and the zone it stands for.

    Raises:
        ThrowCompletion: RangeError, `text` names no zone.
    """
    if is_time_zone_identifier(text):
        return zone_from_identifier(realm, text)
    parsed = parse_date_time(text, *ANY_DATE_TIME)
    identifier = parsed.time_zone or ("UTC" if parsed.z else parsed.offset)
    if identifier is None:
        raise range_error(f"'{text}' has no time zone")
    return zone_from_identifier(realm, identifier)


def local_date_time(zone: TimeZone, nanoseconds: int) -> ISODateTime:
    """11.1.12 GetISODateTimeFor."""
    return date_time_from_epoch(nanoseconds + zone.offset_at(nanoseconds))


def possible_epoch_nanoseconds(zone: TimeZone, moment: ISODateTime) -> list[int]:
    """11.1.15 GetPossibleEpochNanoseconds, ascending.

    Raises:
        ThrowCompletion: RangeError, one of them is out of range.
    """
    local = epoch_nanoseconds(moment)
    if isinstance(zone, OffsetZone):
        candidates = [local - zone.offset]
    else:
        offsets = zone.offsets_near(local)
        candidates = sorted(local - offset for offset in offsets if zone.offset_at(local - offset) == offset)
    for candidate in candidates:
        if not is_valid_epoch_nanoseconds(candidate):
            raise range_error("instant out of range")
    return candidates


def epoch_nanoseconds_for(zone: TimeZone, moment: ISODateTime, disambiguation: str) -> int:
    """11.1.13 GetEpochNanosecondsFor."""
    return disambiguate(possible_epoch_nanoseconds(zone, moment), zone, moment, disambiguation)


def disambiguate(candidates: list[int], zone: TimeZone, moment: ISODateTime, disambiguation: str) -> int:
    """11.1.14 DisambiguatePossibleEpochNanoseconds.

    Raises:
        ThrowCompletion: RangeError, there is not exactly one and `disambiguation` is "reject".
    """
    if len(candidates) == 1:
        return candidates[0]
    if disambiguation == "reject":
        raise range_error("the local time does not exist, or exists twice, in the time zone")
    if candidates:
        return candidates[-1] if disambiguation == "later" else candidates[0]
    # In a gap: shift by its length.
    local = epoch_nanoseconds(moment)
    before = zone.offset_at(local - NS_PER_DAY)
    after = zone.offset_at(local + NS_PER_DAY)
    gap = after - before
    if disambiguation == "earlier":
        shifted = possible_epoch_nanoseconds(zone, date_time_from_epoch(local - gap))
        return shifted[0]
    shifted = possible_epoch_nanoseconds(zone, date_time_from_epoch(local + gap))
    return shifted[-1]


def start_of_day(zone: TimeZone, date: ISODate) -> int:
    """11.1.17 GetStartOfDay.

    Raises:
        ThrowCompletion: RangeError, the start is out of range.
    """
    moment = ISODateTime(date, MIDNIGHT)
    candidates = possible_epoch_nanoseconds(zone, moment)
    if candidates:
        return candidates[0]
    # The first exact time after the transition that skips midnight.
    local = epoch_nanoseconds(moment)
    found = zone.transition(local - zone.offset_at(local - NS_PER_DAY) - NS_PER_DAY, True)
    while found is not None and local_date_time(zone, found) < moment:
        found = zone.transition(found, True)
    if found is None:
        raise range_error("the day does not start in the time zone")
    return found


def matches_in_minutes(offset: int, wanted: int) -> bool:
    """Whether `offset` rounded to minutes is `wanted`."""
    minutes, rest = divmod(abs(offset), NS_PER_MINUTE)
    rounded = (minutes + (2 * rest >= NS_PER_MINUTE)) * NS_PER_MINUTE
    return (-rounded if offset < 0 else rounded) == wanted
