"""The time zones themselves: their proper names, whose they are, and which of them show the same clock.

Everything here is read from the time zone database that is installed (the `tzdata` package), so that it follows it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from leadsail.foundation.time_zones import known_zone

# Names for a fixed offset, which the database hangs on a country to save space: whoever writes EST means no Panama.
_OFFSETS = frozenset({"EST", "MST", "HST"})
# A year by which every zone follows its last known rule, looked at twice a month.
_LOOKS = [datetime(2037, month, day, 12, tzinfo=UTC) for month in range(1, 13) for day in (1, 16)]


def canonical(zone: str) -> str | None:
    """The proper name of an IANA zone (`US/Pacific` is `America/Los_Angeles`); None for what is no zone.

    A zone that belongs to no country, such as `Etc/UTC`, keeps its name.
    """
    if zone in _countries():
        return zone
    target = _links().get(zone)
    return target if target in _countries() and zone not in _OFFSETS else zone if target else None


def country_of_zone(zone: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) that keeps a proper zone; None for one that is everybody's."""
    return _countries().get(zone)


def zones_of_country(country: str) -> tuple[str, ...]:
    """The proper zones of a country; none for what is no country."""
    return _by_country().get(country, ())


def country_named(text: str) -> str | None:
    """The code (ISO 3166-1 alpha-2) of a country that somebody wrote as its code or its English name."""
    return _country_names().get(text.strip().upper())


@cache
def same_clock(one: str, other: str) -> bool:
    """Whether two zones show the same time the year round, by the rules as they stand."""
    return one == other or _clock(one) == _clock(other)


@cache
def _clock(zone: str) -> tuple[timedelta | None, ...]:
    place = known_zone(zone)
    return tuple(look.astimezone(place).utcoffset() for look in _LOOKS)


@cache
def _countries() -> Mapping[str, str]:
    rows = (line.split("\t") for line in _table("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    result: dict[str, tuple[str, ...]] = {}
    for zone, country in _countries().items():
        result[country] = (*result.get(country, ()), zone)
    return result


@cache
def _country_names() -> Mapping[str, str]:
    rows = [line.split("\t") for line in _table("iso3166.tab") if not line.startswith("#")]
    names = {name.upper(): code for code, name in rows} | {code: code for code, _ in rows}
    return names | {"USA": "US", "UNITED STATES OF AMERICA": "US", "UK": "GB", "UNITED KINGDOM": "GB"}


@cache
def _links() -> Mapping[str, str]:
    """Every name of the database that is no line of zone.tab, with the zone it stands for, which may be itself."""
    words = [line.split() for line in _table("tzdata.zi") if line.startswith(("L ", "Z "))]
    targets = {row[1]: row[1] for row in words if row[0] == "Z"} | {row[2]: row[1] for row in words if row[0] == "L"}
    return {name: _end(targets, name) for name in targets}


def _end(targets: Mapping[str, str], name: str) -> str:
    while targets.get(name, name) != name:
        name = targets[name]
    return name


def _table(name: str) -> list[str]:
    return files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines()
