"""Temporal 2: Temporal.Now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import to_time_zone
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_MAX_INSTANT,
    ISODateTime,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    TimeZone,
    local_date_time,
    time_zones,
    zone_from_identifier,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSInstant,
    JSPlainDate,
    JSPlainDateTime,
    JSPlainTime,
    JSZonedDateTime,
    create_temporal_date,
    create_temporal_date_time,
    create_temporal_instant,
    create_temporal_time,
    create_temporal_zoned_date_time,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def system_utc_epoch_nanoseconds() -> int:
    """2.3.3 SystemUTCEpochNanoseconds, by the clock that Date uses."""
    return min(max(time.time_ns(), -NS_MAX_INSTANT), NS_MAX_INSTANT)


def _zone(realm: Realm, time_zone: Value) -> TimeZone:
    if time_zone is undefined:
        return zone_from_identifier(realm, time_zones(realm).system())
    return to_time_zone(realm, time_zone)


def _local(realm: Realm, time_zone: Value) -> ISODateTime:
    """2.3.4 SystemDateTime."""
    return local_date_time(_zone(realm, time_zone), system_utc_epoch_nanoseconds())


def time_zone_id(realm: Realm, this: Value) -> str:
    """2.2.1 Temporal.Now.timeZoneId."""
    system: str = time_zones(realm).system()
    return system


def instant(realm: Realm, this: Value) -> JSInstant:
    """2.2.2 Temporal.Now.instant."""
    return create_temporal_instant(realm, system_utc_epoch_nanoseconds())


def plain_date_time_iso(realm: Realm, this: Value, time_zone: Value = undefined) -> JSPlainDateTime:
    """2.2.3 Temporal.Now.plainDateTimeISO."""
    return create_temporal_date_time(realm, _local(realm, time_zone), "iso8601")


def zoned_date_time_iso(realm: Realm, this: Value, time_zone: Value = undefined) -> JSZonedDateTime:
    """2.2.4 Temporal.Now.zonedDateTimeISO."""
    zone = _zone(realm, time_zone)
    return create_temporal_zoned_date_time(realm, system_utc_epoch_nanoseconds(), zone, "iso8601")


def plain_date_iso(realm: Realm, this: Value, time_zone: Value = undefined) -> JSPlainDate:
    """2.2.5 Temporal.Now.plainDateISO."""
    return create_temporal_date(realm, _local(realm, time_zone).date, "iso8601")


def plain_time_iso(realm: Realm, this: Value, time_zone: Value = undefined) -> JSPlainTime:
    """2.2.6 Temporal.Now.plainTimeISO."""
    return create_temporal_time(realm, _local(realm, time_zone).time)


_FUNCTIONS: Final = functions(
    ("timeZoneId", time_zone_id, 0, "Temporal 2.2.1", "proposal-temporal"),
    ("instant", instant, 0, "Temporal 2.2.2", "proposal-temporal"),
    ("plainDateTimeISO", plain_date_time_iso, 0, "Temporal 2.2.3", "proposal-temporal"),
    ("zonedDateTimeISO", zoned_date_time_iso, 0, "Temporal 2.2.4", "proposal-temporal"),
    ("plainDateISO", plain_date_iso, 0, "Temporal 2.2.5", "proposal-temporal"),
    ("plainTimeISO", plain_time_iso, 0, "Temporal 2.2.6", "proposal-temporal"),
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.Now%."""
    realm.temporal_now = prototype_object(realm)
    define_functions(realm, realm.temporal_now, _FUNCTIONS)
    define_tag(realm.temporal_now, "Temporal.Now")
