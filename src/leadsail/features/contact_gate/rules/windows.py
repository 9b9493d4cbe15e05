"""Windows of the week by the clock of a place: whether one is open, when one opens next and when it closes.

The wall clock is read at the instant itself, so that changes of the clock need no rules of their own; between two
changes minutes of the wall clock and minutes of time are the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from leadsail.features.contact_gate.models import Week
from leadsail.features.contact_gate.rules.calendars import Calendar, holidays_in
from leadsail.features.contact_gate.rules.rule import MIDNIGHT, Span
from leadsail.foundation.time_zones import zone_named

WeekSpans: TypeAlias = tuple[tuple[Span, ...], ...]
"""The windows of each day, Monday to Sunday."""

ALWAYS: WeekSpans = (((0, MIDNIGHT),),) * 7
NEVER: WeekSpans = ((),) * 7

HORIZON = timedelta(days=400)
"""How far ahead an opening is looked for."""

_STRIDE = timedelta(days=7)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ZoneWindows:
    """The windows of one place. `zone` is None where its clock is not known: it is then never open."""

    zone: ZoneInfo | None
    week: WeekSpans
    calendars: tuple[Calendar, ...] = ()
    closed_days: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether the clock of the place stands in a window; its first minute is in it, its last is not."""
        if self.zone is None:
            return False
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        for start, end in self.week[local.weekday()]:
            if start <= minute < end:
                return not self._is_closed(local.date())
        return False

    def opening(self, at: datetime) -> datetime | None:
        """The first instant from `at` on that is open; None where there is none within the horizon."""
        last = at + HORIZON
        while self.zone is not None and at <= last:
            if self.is_open(at):
                return at
            ahead = min(self._until_a_window(at.astimezone(self.zone)), _STRIDE)
            at = self._step(at, at.replace(second=0, microsecond=0) + ahead)
        return None

    def closing(self, at: datetime) -> datetime | None:
        """When the window in which `at` lies ends; None where it is open for a week and longer."""
        last = at + _STRIDE
        while at <= last:
            if not self.is_open(at):
                return at
            ahead = self._rest_of_window(at.astimezone(self.zone))
            at = self._step(at, at.replace(second=0, microsecond=0) + ahead)
        return None

    def _step(self, at: datetime, then: datetime) -> datetime:
        """`then`, or the change of the clock that comes before it, after which the reckoning begins anew."""
        offset = at.astimezone(self.zone).utcoffset()
        if then.astimezone(self.zone).utcoffset() == offset:
            return then
        before, after = at.replace(second=0, microsecond=0), then
        while after - before > _MINUTE:
            middle = before + (after - before) // (2 * _MINUTE) * _MINUTE
            changed = middle.astimezone(self.zone).utcoffset() != offset
            before, after = (before, middle) if changed else (middle, after)
        return after

    def _until_a_window(self, local: datetime) -> timedelta:
        minute, day = local.hour * 60 + local.minute, local.date()
        for days in range(_STRIDE.days + 1):
            for start, _ in self._spans(day + timedelta(days=days)):
                if days or start > minute:
                    return timedelta(days=days, minutes=start - minute)
        return _STRIDE

    def _rest_of_window(self, local: datetime) -> timedelta:
        minute = local.hour * 60 + local.minute
        ends = [end for start, end in self._spans(local.date()) if start <= minute < end]
        return timedelta(minutes=ends[0] - minute)

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if self._is_closed(day) else self.week[day.weekday()]

    def _is_closed(self, day: date) -> bool:
        return day in self.closed_days or (bool(self.calendars) and day in holidays_in(self.calendars, day.year))


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The windows of several places, all of which must be open. With no place at all nothing is asked."""

    zones: tuple[ZoneWindows, ...]

    def is_open(self, at: datetime) -> bool:
        """Whether every place is open."""
        for zone in self.zones:  # noqa: SIM110 - twice as fast, and asked hundreds of millions of times in the long check
            if not zone.is_open(at):
                return False
        return True

    def opening(self, at: datetime) -> datetime | None:
        """The first instant from `at` on at which every place is open; None where there is none within the horizon."""
        if self.is_open(at):
            return at
        return _opening(self, at.astimezone(UTC).replace(second=0, microsecond=0))

    def closing(self, at: datetime) -> datetime | None:
        """When the first of the places closes; None where none does within a week."""
        return _closing(self, at.astimezone(UTC).replace(second=0, microsecond=0))


@lru_cache(maxsize=65_536)
def _opening(windows: Windows, at: datetime) -> datetime | None:
    """As `opening`, kept for the minute, since a thousand leads are planned in the same one."""
    last, moment = at + HORIZON, at
    while moment <= last:
        before = moment
        for zone in windows.zones:
            opening = zone.opening(moment)
            if opening is None:
                return None
            moment = opening
        if moment == before:
            return moment
    return None


@lru_cache(maxsize=65_536)
def _closing(windows: Windows, at: datetime) -> datetime | None:
    closings = [closing for zone in windows.zones if (closing := zone.closing(at))]
    return min(closings, default=None)


@lru_cache(maxsize=16_384)
def together(*parts: Windows) -> Windows:
    """All of them at once; zones with the same windows are asked once."""
    return Windows(tuple(dict.fromkeys(zone for part in parts for zone in part.zones)))


@lru_cache(maxsize=16_384)
def windows_in(
    zones: frozenset[str], week: Week | None, closed_days: frozenset[date] = frozenset(), margin: int = 0
) -> Windows:
    """A week that a tenant or campaign set, in every one of these zones; None is a week that is always open."""
    spans = ALWAYS if week is None else tuple(((day.start, day.end),) if day.start < day.end else () for day in week)
    spans = shortened(spans, margin)
    return Windows(tuple(ZoneWindows(zone_named(name), spans, (), closed_days) for name in sorted(zones)))


def shortened(week: WeekSpans, margin: int) -> WeekSpans:
    """A week without the last minutes of its windows. A window that goes on after midnight does not end there."""
    return tuple(
        tuple(
            (start, kept) for start, end in spans if (kept := end if _goes_on(week, day, end) else end - margin) > start
        )
        for day, spans in enumerate(week)
    )


def _goes_on(week: WeekSpans, day: int, end: int) -> bool:
    return end == MIDNIGHT and any(start == 0 for start, _ in week[(day + 1) % 7])


def overlap(weeks: Iterable[WeekSpans]) -> WeekSpans:
    """The windows in which all of these weeks are open."""
    result = ALWAYS
    for week in weeks:
        result = tuple(_overlap_of_day(left, right) for left, right in zip(result, week, strict=True))
    return result


def _overlap_of_day(left: tuple[Span, ...], right: tuple[Span, ...]) -> tuple[Span, ...]:
    pairs = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return tuple(sorted(pair for pair in pairs if pair[0] < pair[1]))


def in_words(week: WeekSpans) -> str:
    """A week for people: `Mon-Fri 10:00-18:00, Sat-Sun closed`."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    parts, first = [], 0
    for day in range(1, 8):
        if day == 7 or week[day] != week[first]:
            label = names[first] if day - first == 1 else f"{names[first]}-{names[day - 1]}"
            parts.append(f"{label} {' and '.join(map(_span_in_words, week[first])) or 'closed'}")
            first = day
    return ", ".join(parts)


def _span_in_words(span: Span) -> str:
    start, end = span
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
