"""Legal holidays of the states that forbid calls on them, by arithmetic: the second opinion on the calendar.

Lists: 5 U.S.C. 6103 for the United States; Alabama Code 1-3-8, Louisiana R.S. 1:55 and 44 Pa. Stat. 11 for the states,
from general knowledge and not checked against the statutes, so each is read strictly.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

_MONDAY, _TUESDAY, _THURSDAY = 0, 1, 3
_SATURDAY, _SUNDAY = 5, 6


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """The `number`th such weekday of the month; -1 is the last."""
    if number < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=(following.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - shift + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _observed(day: date) -> tuple[date, date]:
    """The day itself and the working day on which it is kept: Friday for a Saturday, Monday for a Sunday."""
    moved = {_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0)
    return day, day + timedelta(days=moved)


def _federal(year: int) -> Iterator[date]:
    for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)):
        yield from _observed(date(year, month, day))
    yield from _observed(date(year + 1, 1, 1))
    yield nth(year, 1, _MONDAY, 3)
    yield nth(year, 2, _MONDAY, 3)
    yield nth(year, 5, _MONDAY, -1)
    yield nth(year, 9, _MONDAY, 1)
    yield nth(year, 10, _MONDAY, 2)
    yield nth(year, 11, _THURSDAY, 4)


def _election_day(year: int) -> date:
    return nth(year, 11, _MONDAY, 1) + timedelta(days=1)


def _alabama(year: int) -> Iterator[date]:
    yield easter(year) - timedelta(days=47)  # Mardi Gras, kept in two counties; the county is not known
    yield nth(year, 4, _MONDAY, 4)  # Confederate Memorial Day
    yield nth(year, 6, _MONDAY, 1)  # Jefferson Davis' birthday


def _louisiana(year: int) -> Iterator[date]:
    yield easter(year) - timedelta(days=47)  # Mardi Gras
    yield easter(year) - timedelta(days=2)  # Good Friday
    if year % 2 == 0:
        yield _election_day(year)


def _pennsylvania(year: int) -> Iterator[date]:
    yield easter(year) - timedelta(days=2)  # Good Friday
    yield date(year, 6, 14)  # Flag Day
    yield _election_day(year)


_OF_STATE = {"AL": _alabama, "LA": _louisiana, "PA": _pennsylvania}


@cache
def holidays_of(state: str, year: int) -> frozenset[date]:
    """The days of the year that are legal holidays in the state, and those on which they are kept."""
    own = _OF_STATE[state](year) if state in _OF_STATE else ()
    return frozenset(day for day in (*_federal(year), *own) if day.year == year)
