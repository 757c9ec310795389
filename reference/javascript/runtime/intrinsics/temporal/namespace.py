"""Temporal 1: the Temporal object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.intrinsics.definition import define_tag, prototype_object
from lockstep.reference.javascript.runtime.objects.ordinary import stored
from lockstep.reference.javascript.runtime.objects.property import hidden

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_PROPERTIES: Final = (
    ("Now", "temporal_now"),
    ("Duration", "temporal_duration"),
    ("Instant", "temporal_instant"),
    ("PlainDate", "temporal_plain_date"),
    ("PlainDateTime", "temporal_plain_date_time"),
    ("PlainMonthDay", "temporal_plain_month_day"),
    ("PlainTime", "temporal_plain_time"),
    ("PlainYearMonth", "temporal_plain_year_month"),
    ("ZonedDateTime", "temporal_zoned_date_time"),
)


def initialize(realm: Realm) -> None:
    """Make %Temporal%, and with it all that it holds."""
    realm.temporal = prototype_object(realm)
    for name, attribute in _PROPERTIES:
        stored(realm.temporal)[name] = hidden(getattr(realm, attribute))
    define_tag(realm.temporal, "Temporal")
