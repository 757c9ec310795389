"""Temporal's objects and what makes them from records (3.5.3, 4.5.4, 5.5.5, 6.5.3, 7.5.19, 8.5.2, 9.5.6, 10.5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    Duration,
    create_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    ISODate,
    ISODateTime,
    date_time_within_limits,
    date_within_limits,
    is_valid_epoch_nanoseconds,
    year_month_within_limits,
)
from lockstep.reference.javascript.runtime.objects.function import prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, Kind, object_create
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import TimeZone


class JSTemporal(JSObject):
    """An object of Temporal; `calendar_` is [[Calendar]], where it has one."""

    __slots__ = ()


class JSDuration(JSTemporal):
    """A Temporal.Duration."""

    __slots__ = ("duration_",)
    class_name_ = "Temporal.Duration"
    duration_: Duration


class JSInstant(JSTemporal):
    """A Temporal.Instant."""

    __slots__ = ("epoch_nanoseconds_",)
    class_name_ = "Temporal.Instant"
    epoch_nanoseconds_: int


class JSPlainTime(JSTemporal):
    """A Temporal.PlainTime; `time_` is in nanoseconds since midnight."""

    __slots__ = ("time_",)
    class_name_ = "Temporal.PlainTime"
    time_: int


class JSCalendarObject(JSTemporal):
    """What has a calendar."""

    __slots__ = ("calendar_",)
    calendar_: str


class JSPlainDate(JSCalendarObject):
    """A Temporal.PlainDate."""

    __slots__ = ("date_",)
    class_name_ = "Temporal.PlainDate"
    date_: ISODate


class JSPlainDateTime(JSCalendarObject):
    """A Temporal.PlainDateTime."""

    __slots__ = ("date_time_",)
    class_name_ = "Temporal.PlainDateTime"
    date_time_: ISODateTime


class JSPlainYearMonth(JSCalendarObject):
    """A Temporal.PlainYearMonth; the day of `date_` is a reference."""

    __slots__ = ("date_",)
    class_name_ = "Temporal.PlainYearMonth"
    date_: ISODate


class JSPlainMonthDay(JSCalendarObject):
    """A Temporal.PlainMonthDay; the year of `date_` is a reference."""

    __slots__ = ("date_",)
    class_name_ = "Temporal.PlainMonthDay"
    date_: ISODate


class JSZonedDateTime(JSCalendarObject):
    """A Temporal.ZonedDateTime."""

    __slots__ = ("epoch_nanoseconds_", "time_zone_")
    class_name_ = "Temporal.ZonedDateTime"
    epoch_nanoseconds_: int
    time_zone_: TimeZone


def _create(realm: Realm, kind: type[Kind], attribute: str, new_target: JSObject | None) -> Kind:
    if new_target is None:
        return object_create(getattr(realm, attribute), kind)
    return object_create(prototype_from_constructor(new_target, attribute), kind)


def create_temporal_duration(
    realm: Realm, duration: tuple[int, ...], new_target: JSObject | None = None
) -> JSDuration:
    """7.5.19 CreateTemporalDuration.

    Raises:
        ThrowCompletion: RangeError, the duration is not valid.
    """
    record = create_duration(*duration)
    target = _create(realm, JSDuration, "temporal_duration_prototype", new_target)
    target.duration_ = record
    return target


def create_temporal_instant(
    realm: Realm, epoch_nanoseconds: int, new_target: JSObject | None = None
) -> JSInstant:
    """8.5.2 CreateTemporalInstant, with the check of its argument.

    Raises:
        ThrowCompletion: RangeError, the exact time is out of range.
    """
    if not is_valid_epoch_nanoseconds(epoch_nanoseconds):
        raise range_error("instant out of range")
    target = _create(realm, JSInstant, "temporal_instant_prototype", new_target)
    target.epoch_nanoseconds_ = epoch_nanoseconds
    return target


def create_temporal_time(realm: Realm, time: int, new_target: JSObject | None = None) -> JSPlainTime:
    """4.5.11 CreateTemporalTime."""
    target = _create(realm, JSPlainTime, "temporal_plain_time_prototype", new_target)
    target.time_ = time
    return target


def create_temporal_date(
    realm: Realm, date: ISODate, calendar: str, new_target: JSObject | None = None
) -> JSPlainDate:
    """3.5.3 CreateTemporalDate.

    Raises:
        ThrowCompletion: RangeError, the date is out of range.
    """
    if not date_within_limits(date):
        raise range_error("date out of range")
    target = _create(realm, JSPlainDate, "temporal_plain_date_prototype", new_target)
    target.date_ = date
    target.calendar_ = calendar
    return target


def create_temporal_date_time(
    realm: Realm, date_time: ISODateTime, calendar: str, new_target: JSObject | None = None
) -> JSPlainDateTime:
    """5.5.5 CreateTemporalDateTime.

    Raises:
        ThrowCompletion: RangeError, the date and time are out of range.
    """
    if not date_time_within_limits(date_time):
        raise range_error("date and time out of range")
    target = _create(realm, JSPlainDateTime, "temporal_plain_date_time_prototype", new_target)
    target.date_time_ = date_time
    target.calendar_ = calendar
    return target


def create_temporal_year_month(
    realm: Realm, date: ISODate, calendar: str, new_target: JSObject | None = None
) -> JSPlainYearMonth:
    """9.5.6 CreateTemporalYearMonth.

    Raises:
        ThrowCompletion: RangeError, the month is out of range.
    """
    if not year_month_within_limits(date):
        raise range_error("year and month out of range")
    target = _create(realm, JSPlainYearMonth, "temporal_plain_year_month_prototype", new_target)
    target.date_ = date
    target.calendar_ = calendar
    return target


def create_temporal_month_day(
    realm: Realm, date: ISODate, calendar: str, new_target: JSObject | None = None
) -> JSPlainMonthDay:
    """10.5.2 CreateTemporalMonthDay.

    Raises:
        ThrowCompletion: RangeError, the reference date is out of range.
    """
    if not date_within_limits(date):
        raise range_error("month and day out of range")
    target = _create(realm, JSPlainMonthDay, "temporal_plain_month_day_prototype", new_target)
    target.date_ = date
    target.calendar_ = calendar
    return target


def create_temporal_zoned_date_time(
    realm: Realm,
    epoch_nanoseconds: int,
    time_zone: TimeZone,
    calendar: str,
    new_target: JSObject | None = None,
) -> JSZonedDateTime:
    """6.5.3 CreateTemporalZonedDateTime.

    Raises:
        ThrowCompletion: RangeError, the exact time is out of range.
    """
    if not is_valid_epoch_nanoseconds(epoch_nanoseconds):
        raise range_error("instant out of range")
    target = _create(realm, JSZonedDateTime, "temporal_zoned_date_time_prototype", new_target)
    target.epoch_nanoseconds_ = epoch_nanoseconds
    target.time_zone_ = time_zone
    target.calendar_ = calendar
    return target


def require(this: Value, kind: type[Kind]) -> Kind:
    """RequireInternalSlot.

    Raises:
        ThrowCompletion: TypeError, `this` is not of `kind`.
    """
    if not isinstance(this, kind):
        raise type_error(f"this is not a {kind.class_name_}")
    return this


def require_new(new_target: JSObject | None, name: str) -> None:
    """The first step of every constructor of Temporal.

    Raises:
        ThrowCompletion: TypeError, called without `new`.
    """
    if new_target is undefined:
        raise type_error(f"Constructor Temporal.{name} requires 'new'")
