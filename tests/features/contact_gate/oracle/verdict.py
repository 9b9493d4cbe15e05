"""Whether a call is lawful, for many instants at once: zones by pytz's own reader and database, days by numpy.

Instants are whole minutes since 1970 in UTC, so that a year of them is one array.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytz

from tests.features.contact_gate.oracle.closed_days import holidays_of
from tests.features.contact_gate.oracle.law import MARGIN, Hours, Rule, rules_at
from tests.features.contact_gate.oracle.places import Where

Minutes: TypeAlias = npt.NDArray[np.int64]
Verdicts: TypeAlias = npt.NDArray[np.bool_]

_DAY = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def minutes_of(instant: datetime) -> int:
    """Whole minutes since 1970 of an aware instant."""
    return int((instant - _EPOCH).total_seconds() // 60)


def instant_of(minute: int) -> datetime:
    """The instant at which that minute begins, in UTC."""
    return _EPOCH + timedelta(minutes=int(minute))


def year_of_minutes(year: int, step: int = 5) -> Minutes:
    """Every `step`th minute of the year in UTC, and half a day on either side so that no zone's year is cut."""
    first = minutes_of(datetime(year, 1, 1, tzinfo=UTC)) - _DAY // 2
    last = minutes_of(datetime(year + 1, 1, 1, tzinfo=UTC)) + _DAY // 2
    return np.arange(first, last, step, dtype=np.int64)


@cache
def _offset(zone: str, minute: int) -> int:
    """Minutes east of Greenwich in the zone at that instant."""
    naive = instant_of(minute).replace(tzinfo=None)
    offset = pytz.timezone(zone).fromutc(naive).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0


def local_minutes(zone: str, instants: Minutes) -> Minutes:
    """What clocks in the zone show, as minutes since 1970; on a day on which they change, minute by minute."""
    local = np.empty_like(instants)
    days = instants // _DAY
    for day in np.unique(days).tolist():
        on_day = days == day
        before, after = _offset(zone, day * _DAY), _offset(zone, (day + 1) * _DAY)
        if before == after:
            local[on_day] = instants[on_day] + before
        else:
            local[on_day] = [minute + _offset(zone, minute) for minute in instants[on_day].tolist()]
    return local


def _within(rule: Rule, weekday: Minutes, minute: Minutes) -> Verdicts:
    def open_at(hours: Hours) -> Verdicts:
        return (minute >= hours.opens) & (minute < hours.closes - MARGIN)

    return np.where(
        weekday == 6, open_at(rule.sunday), np.where(weekday == 5, open_at(rule.saturday), open_at(rule.weekdays))
    )


def _closed_days(region: str, days: Minutes) -> Verdicts:
    """Which of these days (since 1970) are legal holidays of the region."""
    ordinals = days + date(1970, 1, 1).toordinal()
    years = {date.fromordinal(day).year for day in np.unique(ordinals).tolist()}
    closed = [day.toordinal() for year in sorted(years) for day in holidays_of(region, year)]
    return np.isin(ordinals, closed)


def lawful_at(where: Where, instants: Minutes) -> Verdicts:
    """Whether somebody in this one place may be called, for each instant."""
    local = local_minutes(where.zone, instants)
    days, minute = local // _DAY, local % _DAY
    weekday = (days + 3) % 7  # 1 January 1970 was a Thursday
    verdict = np.ones(instants.shape, dtype=np.bool_)
    for rule in rules_at(where):
        verdict &= _within(rule, weekday, minute)
        if rule.holidays_closed:
            verdict &= ~_closed_days(where.region, days)
    return verdict


def lawful(places: Iterable[Where], instants: Minutes) -> Verdicts:
    """Whether a call is lawful in every one of the places, for each instant."""
    verdict = np.ones(instants.shape, dtype=np.bool_)
    for where in places:
        verdict &= lawful_at(where, instants)
    return verdict
