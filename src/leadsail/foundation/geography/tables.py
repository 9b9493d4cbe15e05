"""The tables of area codes and postal prefixes that lie beside this module, read once when they are first needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from leadsail.foundation.geography.regions import table


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where somebody could be, as far as the law minds."""

    country: str
    """ISO 3166-1 alpha-2. Territories of the United States stand under their own, such as PR."""
    region: str | None
    """State of the US or province of Canada, two letters; None elsewhere."""
    zone: str
    """IANA time zone."""


@cache
def area_codes() -> Mapping[str, tuple[Place, ...]]:
    """The places of every geographic area code of the North American Numbering Plan, never none."""
    return _places("area_codes.csv")


@cache
def postal_prefixes() -> Mapping[str, tuple[Place, ...]]:
    """The places of the first three digits of US zip codes and of the first letters of Canadian postal codes."""
    return _places("postal_prefixes.csv")


def _places(name: str) -> Mapping[str, tuple[Place, ...]]:
    result: dict[str, tuple[Place, ...]] = {}
    for code, country, region, zones in table(name):
        result[code] = (*result.get(code, ()), *(Place(country, region or None, zone) for zone in zones.split()))
    return result
