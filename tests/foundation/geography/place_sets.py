"""Every set of places that an area code and a postal code can make together, for checks that try them all."""

from collections.abc import Mapping

from leadsail.foundation.geography import Place, candidates, classify
from leadsail.foundation.geography.tables import area_codes, postal_prefixes

PlaceSet = frozenset[Place]
Example = tuple[str, str | None]  # an area code and a postal code, or None for no postal code


def place_set(area_code: str, postal_code: str | None) -> PlaceSet:
    """Where a number of that area code with that postal code could be."""
    number = classify(f"+1{area_code}5550123")
    return frozenset(one.place for one in candidates(number, zone=None, zip=postal_code, region=None, country=None))


def distinct_place_sets() -> Mapping[PlaceSet, Example]:
    """Every distinct set over all area codes of the US and Canada with all postal prefixes and none, with one example.

    Codes that mean the same places are tried once: what they make together depends on nothing else.
    """
    codes = {places: code for code, places in _last_first(area_codes()) if places[0].country in {"US", "CA"}}
    postal = {places: postal_code(prefix) for prefix, places in _last_first(postal_prefixes())}
    examples = [(code, zip_code) for code in codes.values() for zip_code in (*postal.values(), None)]
    return {place_set(*example): example for example in reversed(examples)}


def postal_code(prefix: str) -> str:
    """A postal code that begins with the prefix."""
    return f"{prefix}01" if prefix.isdigit() else f"{prefix}1A 1A1"


def _last_first(table: Mapping[str, tuple[Place, ...]]) -> list[tuple[str, tuple[Place, ...]]]:
    return sorted(table.items(), reverse=True)
