"""Where a contact could be: every zone and state that the number, the address and the stated zone leave open.

A place is never ruled out because another source says otherwise: sources that contradict each other add up.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from leadsail.foundation.geography.numbers import Number, NumberKind
from leadsail.foundation.geography.regions import Region, region_of, regions, spelled
from leadsail.foundation.geography.tables import Place, area_codes, postal_prefixes
from leadsail.foundation.geography.zones import canonical, country_named, country_of_zone, same_clock, zones_of_country

_ZIP = re.compile(r"([0-9]{3})[0-9]{2}(?:[- ]?[0-9]{4})?")
# The letters D, F, I, O, Q and U are in no Canadian postal code, W and Z in no first place.
_CANADIAN = re.compile(r"([ABCEGHJ-NPRSTVXY])[0-9][ABCEGHJ-NPRSTV-Z](?:[ -]?[0-9][ABCEGHJ-NPRSTV-Z][0-9])?")
_DIVIDED = ("US", "CA")
_LOCATED = frozenset({NumberKind.GEOGRAPHIC, NumberKind.MOBILE})
_STATED = frozenset({"address", "zip"})
_NOT_UNDERSTOOD = Region("", None, "", (), ())


@dataclass(frozen=True, slots=True)
class PlaceSource:
    """A place and what told it: `stated`, `address`, `zip`, `area_code`, `number_range` or `unknown`."""

    place: Place
    source: str


Told = tuple[PlaceSource, ...]


def candidates(
    number: Number,
    *,
    zone: str | None,
    zip: str | None,  # noqa: A002 - the word of the wire
    region: str | None,
    country: str | None,
) -> Told:
    """Every place a contact could be in, never none; a place appears once for each source that tells it.

    `zone`, `zip`, `region` (a state's code, name or abbreviation) and `country` (code or name) are what is stated; what
    cannot be understood counts as not stated. Where nothing tells more than the country, all its states are there.
    """
    known = _country(country)
    home = known or number.country
    name = canonical(zone) if zone else None
    if number.kind is NumberKind.SANDBOX and name:
        return (PlaceSource(Place(country_of_zone(name) or home or "US", None, name), "stated"),)
    stated = _region(region, home) if region else None
    return _candidates(_by_number(number), _prefix(zip, number, home) if zip else None, stated, name, (known, home))


def zone_of(number: Number, *, zip: str | None, country: str | None) -> tuple[str, str] | None:  # noqa: A002 - as above
    """The one zone that the zip tells, or else the number, with which of them it was: `zip` or `area_code`.

    A zip that leaves several zones open lets the number decide between them. None where that leaves several, too.
    """
    prefix = _prefix(zip, number, _country(country) or number.country) if zip else None
    by_zip = [place.zone for place in postal_prefixes().get(prefix, ())] if prefix else []
    if by_zip and _agree(by_zip):
        return by_zip[0], "zip"
    zones = [one.place.zone for one in _by_number(number)]
    if by_zip:
        zones = [zone for zone in zones if any(same_clock(zone, other) for other in by_zip)]
    return (zones[0], "area_code") if zones and _agree(zones) else None


def states_of(country: str) -> tuple[str, ...]:
    """The states of the US, with the District of Columbia, or the provinces of Canada; none for other countries."""
    return tuple(region.code for region in regions() if region.country == country and region.code)


def zones_of_state(country: str, state: str) -> tuple[str, ...]:
    """The zones of a state or province, the chief one first; none for what is no state."""
    region = region_of(country, state)
    return region.zones if region else ()


@lru_cache(maxsize=16_384)
def _candidates(
    by_number: Told,
    prefix: str | None,
    stated: Region | None,
    zone: str | None,
    countries: tuple[str | None, str | None],
) -> Told:
    """The candidates, from what was understood. `countries` are the stated one, and it or else the number's."""
    country, home = countries
    by_zip = [PlaceSource(place, "zip") for place in postal_prefixes().get(prefix or "", ())]
    told = [*_by_region(stated, home, by_zip), *by_zip, *by_number]
    told += _by_country(country, told)
    told = [*_by_zone(zone, told), *told] if zone else told
    return tuple(dict.fromkeys(told or _anywhere(home)))


def _by_region(stated: Region | None, home: str | None, by_zip: list[PlaceSource]) -> Iterator[PlaceSource]:
    """All zones of a stated state, unless the zip lies within it and is nearer; all states if it is not understood."""
    if stated is _NOT_UNDERSTOOD:
        yield from () if by_zip else _anywhere(home)
    elif stated and not any((one.place.country, one.place.region) == (stated.country, stated.code) for one in by_zip):
        yield from (PlaceSource(place, "address") for place in _places(stated))


def _by_number(number: Number) -> Told:
    """The places of a number whose kind belongs to a place.

    In the North American plan only the area code tells: a number stays with whoever moves within its area.
    """
    if number.kind not in _LOCATED:
        return ()
    return _by_area(number.e164[2:5]) if number.e164.startswith("+1") else _by_range(number)


@cache
def _by_area(code: str) -> Told:
    return tuple(PlaceSource(place, "area_code") for place in area_codes().get(code, ()))


@lru_cache(maxsize=16_384)
def _by_range(number: Number) -> Told:
    country = number.country or ""
    own = zones_of_country(country)
    found = {canonical(zone) for zone in time_zones_for_number(phonenumbers.parse(number.e164))}
    near = [zone for zone in own if zone in found] if number.kind is NumberKind.GEOGRAPHIC else []
    # A few codes, such as Kosovo's, belong to what is no country in the time zone database.
    others = sorted(zone for zone in found if zone and country_of_zone(zone))
    return tuple(PlaceSource(Place(country, None, zone), "number_range") for zone in near or own or others)


def _by_country(country: str | None, told: list[PlaceSource]) -> Iterator[PlaceSource]:
    """The stated country's places where something was told, but nothing within that country."""
    within = _american() if country == "US" else {country}
    if country and told and all(one.place.country not in within for one in told):
        yield from (PlaceSource(place, "address") for place in _places_of(country))


def _by_zone(zone: str, told: list[PlaceSource]) -> Iterator[PlaceSource]:
    """The stated zone in every known state that has it, else in every state of its country that has it."""
    country = country_of_zone(zone)
    within = [place for one in told if (place := _in_zone(one, zone, country))]
    if within or country is None:
        yield from (PlaceSource(place, "stated") for place in within)
        return
    for place in _places_of(country):
        if place.zone == zone or (country in _DIVIDED and same_clock(place.zone, zone)):
            yield PlaceSource(place, "stated")


def _in_zone(told: PlaceSource, zone: str, country: str | None) -> Place | None:
    """The known place as the stated zone has it; None where its state does not keep that zone."""
    place = told.place
    if country is None:  # UTC and the like: nobody's zone, and so possible anywhere.
        return Place(place.country, place.region, zone)
    if country != place.country:
        return None
    zones = zones_of_state(country, place.region) if place.region else zones_of_country(country)
    own = zone if zone in zones else None
    if own is None and told.source in _STATED:
        # People and browsers name the chief zone of their clock (New York in Detroit), so where they told their state,
        # too, the clock decides. An area code is no such word of theirs: they may have moved to where the zone is.
        own = next((mine for mine in zones if same_clock(mine, zone)), None)
    return Place(place.country, place.region, own) if own else None


def _anywhere(country: str | None) -> Iterator[PlaceSource]:
    """All places of a country, and of both big countries of the North American plan where even that is unknown."""
    for one in [country] if country and _places_of(country) else _DIVIDED:
        yield from (PlaceSource(place, "unknown") for place in _places_of(one))


@cache
def _places_of(country: str) -> tuple[Place, ...]:
    if country in _DIVIDED:
        return tuple(place for region in regions() if region.country == country for place in _places(region))
    return tuple(Place(country, None, zone) for zone in zones_of_country(country))


def _places(region: Region) -> Iterator[Place]:
    return (Place(region.country, region.code, zone) for zone in region.zones)


def _prefix(text: str, number: Number, home: str | None) -> str | None:
    """What the tables know a postal code by, if it is one of a country that the contact may be in."""
    text = text.strip().upper()
    at_home = home in _american() or (home is None and number.e164.startswith("+1"))
    if at_home and (found := _ZIP.fullmatch(text)):
        return found[1]
    # Other countries' codes may begin like a Canadian one, so its first half alone counts in Canada only.
    found = _CANADIAN.fullmatch(text) if at_home and (home == "CA" or len(text) > 3) else None
    return found[1] if found else None


def _region(text: str, home: str | None) -> Region | None:
    if not text.strip() or not (home is None or home in _american()):
        return None
    return spelled(text) or _NOT_UNDERSTOOD


def _country(text: str | None) -> str | None:
    code = country_named(text) if text else None
    return code if code and zones_of_country(code) else None


def _agree(zones: Iterable[str]) -> bool:
    first, *others = dict.fromkeys(zones)
    return all(same_clock(first, other) for other in others)


@cache
def _american() -> frozenset[str]:
    """The countries whose states, territories or provinces are known."""
    return frozenset(region.country for region in regions())
