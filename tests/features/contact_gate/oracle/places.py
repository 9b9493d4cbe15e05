"""Where somebody could be, told from an area code, a zip, a stated region and a stated zone: the second opinion.

Nothing here comes from `leadsail.foundation.geography`: other tables, from other sources, joined by other code.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytz

_DATA = Path(__file__).parent / "data"


class Where(NamedTuple):
    """A state, province or territory, and one of the zones (IANA name) kept in it."""

    country: str
    region: str
    zone: str


class ZipRun(NamedTuple):
    """Neighbouring US zip codes that share a state and a zone."""

    first: str
    last: str
    where: Where


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one person, as it would stand on a lead. An `area_code` outside the table names no place."""

    area_code: str
    zip: str | None = None
    region: str | None = None
    """State or province of the address, two letters."""
    zone: str | None = None
    exchange: str = "234"
    """The three digits after the area code."""

    @property
    def phone(self) -> str:
        """A number of that area code, in E.164."""
        return f"+1{self.area_code}{self.exchange}5678"

    def __str__(self) -> str:
        known = {"zip": self.zip, "address": self.region, "zone": self.zone}
        return f"area code {self.area_code}" + "".join(f", {name} {value}" for name, value in known.items() if value)


def _rows(name: str) -> list[dict[str, str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _grouped(pairs: Iterable[tuple[str, Where]]) -> dict[str, frozenset[Where]]:
    groups = defaultdict(set)
    for key, where in pairs:
        groups[key].add(where)
    return {key: frozenset(group) for key, group in groups.items()}


@cache
def area_codes() -> dict[str, frozenset[Where]]:
    """Every geographic area code of the United States and Canada, with all places in which it is used."""
    rows = _rows("area_codes.csv")
    return _grouped((row["code"], Where(row["country"], row["region"], row["zone"])) for row in rows)


@cache
def regions() -> dict[str, frozenset[Where]]:
    """Every state, province and territory with all its zones. The two countries share no two letters."""
    rows = _rows("regions.csv")
    return _grouped((row["region"], Where(row["country"], row["region"], row["zone"])) for row in rows)


@cache
def zip_runs() -> tuple[ZipRun, ...]:
    """The zip codes of the United States and its territories, in order."""
    rows = _rows("zips.csv")
    return tuple(ZipRun(row["first"], row["last"], Where("US", row["region"], row["zone"])) for row in rows)


@cache
def postcodes() -> dict[str, frozenset[Where]]:
    """Places by how a Canadian postal code begins."""
    return _grouped((row["beginning"], Where("CA", row["region"], row["zone"])) for row in _rows("postcodes.csv"))


TERRITORIES = frozenset({"PR", "VI", "GU", "MP", "AS"})


@cache
def everywhere(country: str) -> frozenset[Where]:
    """Where somebody could be of whom only the country is known: the fifty states and DC, or all of Canada."""
    known = frozenset().union(*regions().values())
    return frozenset(where for where in known if where.country == country and where.region not in TERRITORIES)


@cache
def places_of_zip(text: str) -> frozenset[Where]:
    """Where a zip or postal code lies; nowhere when it is unknown."""
    if text[0].isalpha():
        beginnings = [start for start in postcodes() if text.upper().startswith(start)]
        return postcodes()[max(beginnings, key=len)] if beginnings else frozenset()
    return frozenset(run.where for run in zip_runs() if run.first <= text[:5] <= run.last)


@cache
def places_of(situation: Situation) -> frozenset[Where]:
    """Every place in which the person could be; all of the United States where nothing names one."""
    known = area_codes().get(situation.area_code, frozenset())
    if situation.zip:
        known |= places_of_zip(situation.zip)
    if situation.region:
        known |= regions()[situation.region]
    if situation.zone:
        known |= _places_of_zone(situation.zone, known)
    return known or everywhere("US")


_BROAD = frozenset({"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"})
"""Zones that people name when they mean Eastern, Central, Mountain or Pacific time, and not the city."""


def _places_of_zone(zone: str, known: frozenset[Where]) -> frozenset[Where]:
    """Where the zone is kept: in the regions known so far or, when none of them keeps it, in any."""
    states = frozenset[Where]().union(*(regions()[where.region] for where in known))
    near = frozenset(where for where in states if where.zone == zone)
    if not near and zone in _BROAD:
        near = frozenset(where for where in states if clock(where.zone) == clock(zone))
    return near or frozenset(where for group in regions().values() for where in group if where.zone == zone)


@cache
def clock(zone: str) -> tuple[timedelta | None, ...]:
    """What the zone's clocks show in the middle of each month and after the American clock changes of 2027."""
    days = [datetime(2027, month, 15, 12, tzinfo=UTC) for month in range(1, 13)] + [
        datetime(2027, 11, 3, 12, tzinfo=UTC)
    ]
    return tuple(day.astimezone(pytz.timezone(zone)).utcoffset() for day in days)
