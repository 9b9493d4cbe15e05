"""Public holidays: the union of a country's own and of its state's, or of all its states where none is known.

They come from the `holidays` package, actual and observed days alike. It takes a while to load, so that happens when
the first rule asks for it. Days that it lacks are named by the rules.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple


class Calendar(NamedTuple):
    """A country, one of its states or None for all of them, and the holidays that a rule adds."""

    country: str
    region: str | None
    further: tuple[str, ...] = ()


@cache
def holidays_in(calendars: tuple[Calendar, ...], year: int) -> frozenset[date]:
    """The days of one year that are a public holiday in any of these calendars."""
    return frozenset(day for calendar in calendars for day in holidays_of(calendar, year))


@cache
def holidays_of(calendar: Calendar, year: int) -> Mapping[date, str]:
    """The public holidays of one year with their names; none where no calendar of the country is known."""
    package: Any = import_module("holidays")
    known = package.list_supported_countries()
    found = {feast_of(name, year): name.replace("_", " ") for name in calendar.further}
    if calendar.country not in known:
        return found
    states = [state for state in known[calendar.country] if calendar.region in {state, None}]
    for state in [*states, None]:
        found |= dict(package.country_holidays(calendar.country, subdiv=state, years=year, language="en_US"))
    return {day: name for day, name in found.items() if day.year == year}


def is_feast(name: str) -> bool:
    """Whether a rule may name a holiday so; a day that not every year has is none."""
    try:
        return name in MOVING_FEASTS or bool(re.fullmatch(r"\d\d-\d\d", name) and feast_of(name, 2027))
    except ValueError:
        return False


def feast_of(name: str, year: int) -> date:
    """The day of a holiday that a rule names."""
    if name in MOVING_FEASTS:
        return MOVING_FEASTS[name](year)
    month, day = (int(part) for part in name.split("-"))
    return date(year, month, day)


def _easter(year: int) -> date:
    found: date = import_module("dateutil.easter").easter(year)
    return found


def _election_day(year: int) -> date:
    """The Tuesday after the first Monday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=-first.weekday() % 7 + 1)


MOVING_FEASTS: Mapping[str, Callable[[int], date]] = {
    "mardi_gras": lambda year: _easter(year) - timedelta(days=47),
    "good_friday": lambda year: _easter(year) - timedelta(days=2),
    "election_day": _election_day,
}
