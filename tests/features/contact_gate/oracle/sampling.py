"""Which people and instants are asked about: every edge of every window, and a sample that a fixed seed rotates."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np

from tests.features.contact_gate.oracle.closed_days import holidays_of
from tests.features.contact_gate.oracle.law import FEDERAL, MARGIN, Rule, rules_at
from tests.features.contact_gate.oracle.places import Situation, Where, area_codes, postcodes, regions, zip_runs
from tests.features.contact_gate.oracle.verdict import Minutes, local_minutes, minutes_of

YEAR = 2027
"""Independence Day falls on a Sunday, Juneteenth and Christmas on a Saturday, and next New Year's Day is kept in it."""

CLOCK_CHANGES = (date(YEAR, 3, 14), date(YEAR, 11, 7))

TOLL_FREE = ("800", "833", "888")


@cache
def zips() -> list[str]:
    """Every run of US zip codes at both its ends, and every beginning of a Canadian postal code, filled up."""
    american = {zip_code for run in zip_runs() for zip_code in (run.first, run.last)}
    return sorted(american) + [beginning + "A1A 1A1"[len(beginning) :] for beginning in postcodes()]


@cache
def zones() -> list[str]:
    """Every zone that a lead of the two countries could state."""
    return sorted({where.zone for group in regions().values() for where in group})


@cache
def days() -> list[date]:
    """The days on which clocks change and those beside, holidays, a week of each season and a day of each month."""
    chosen = {change + timedelta(days=shift) for change in CLOCK_CHANGES for shift in (-1, 0, 1)}
    for state in ("AL", "LA", "PA"):
        chosen |= holidays_of(state, YEAR)
    for month in (1, 4, 7, 10):
        chosen |= {date(YEAR, month, 1) + timedelta(days=shift) for shift in range(7)}
    return sorted(chosen | {date(YEAR, month, 16) for month in range(1, 13)})


def edges(places: Iterable[Where], chosen: Iterable[date]) -> Minutes:
    """The minutes about every opening and closing of every place's rules on these local days."""
    starts = [minutes_of(datetime(day.year, day.month, day.day, tzinfo=UTC)) for day in chosen]
    found: set[int] = set()
    for zone, minutes in _local_edges(places).items():
        local = [start + minute for start in starts for minute in minutes]
        found.update(_instants(zone, local))
    return np.array(sorted(found), dtype=np.int64)


def _local_edges(places: Iterable[Where]) -> dict[str, set[int]]:
    minutes: dict[str, set[int]] = {}
    for where in places:
        for rule in (FEDERAL, *rules_at(where)):
            minutes.setdefault(where.zone, set()).update(_minutes_about(rule))
    return minutes


def _minutes_about(rule: Rule) -> Iterator[int]:
    for hours in (rule.weekdays, rule.saturday, rule.sunday):
        yield from (hours.opens - 1, hours.opens, hours.opens + 60)
        yield from (hours.closes - MARGIN - 1, hours.closes - MARGIN, hours.closes - 1, hours.closes)


def _instants(zone: str, local: list[int]) -> list[int]:
    """The instants at which clocks in the zone show these minutes, and those with the offset of half a day later."""
    shown = np.array(local, dtype=np.int64)
    ways = [shown - (local_minutes(zone, shown + shift) - (shown + shift)) for shift in (0, 12 * 60)]
    return [int(minute) for way in ways for minute in way]


def alone() -> list[Situation]:
    """Every area code and the toll-free ones, with nothing else known."""
    return [Situation(code) for code in (*sorted(area_codes()), *TOLL_FREE)]


def mixed(chance: random.Random, size: int) -> list[Situation]:
    """People of whom more is known than their area code: a zip, an address or a stated zone that may contradict it."""
    codes = [*sorted(area_codes()), *TOLL_FREE * 5]
    chosen = []
    for _ in range(size):
        chosen.append(Situation(chance.choice(codes), zip=chance.choice(zips())))
        chosen.append(Situation(chance.choice(codes), region=chance.choice(sorted(regions()))))
        chosen.append(Situation(chance.choice(codes), zone=chance.choice(zones())))
    return chosen


def some_instants(chance: random.Random, size: int) -> Minutes:
    """A sample of the five-minute grid of the year."""
    first = minutes_of(datetime(YEAR, 1, 1, tzinfo=UTC))
    return first + 5 * np.array(sorted(chance.sample(range(365 * 288), size)), dtype=np.int64)
