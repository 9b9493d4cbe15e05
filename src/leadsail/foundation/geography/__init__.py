"""Facts on numbers and places: what a phone number is, and every zone and state its owner could be in."""

from leadsail.foundation.geography.numbers import Number, NumberKind, classify
from leadsail.foundation.geography.places import PlaceSource, candidates, states_of, zone_of, zones_of_state
from leadsail.foundation.geography.tables import Place
from leadsail.foundation.geography.zones import canonical, country_of_zone, same_clock, zones_of_country

__all__ = [
    "Number",
    "NumberKind",
    "Place",
    "PlaceSource",
    "candidates",
    "canonical",
    "classify",
    "country_of_zone",
    "same_clock",
    "states_of",
    "zone_of",
    "zones_of_country",
    "zones_of_state",
]
