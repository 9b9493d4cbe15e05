"""The tables themselves: complete, well formed, and what they say of zones holds in the installed database."""

import itertools
from zoneinfo import ZoneInfo

from leadsail.foundation.geography import canonical, country_of_zone, states_of, zones_of_country, zones_of_state
from leadsail.foundation.geography.regions import regions
from leadsail.foundation.geography.tables import Place, area_codes, postal_prefixes

STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
DIVIDED = "AK AZ FL ID IN KS KY MI ND NE NV OR SD TN TX"
PROVINCES = "AB BC MB NB NL NS NT NU ON PE QC SK YT"


def every_place() -> set[Place]:
    return set(itertools.chain(*area_codes().values(), *postal_prefixes().values()))


class TestTheRegions:
    def test_are_the_states_and_provinces(self) -> None:
        assert set(states_of("US")) == set(STATES.split())
        assert set(states_of("CA")) == set(PROVINCES.split())
        assert states_of("FR") == ()

    def test_share_out_every_zone_of_both_countries(self) -> None:
        for country in ("US", "CA"):
            shared = {zone for state in states_of(country) for zone in zones_of_state(country, state)}

            assert shared == set(zones_of_country(country))

    def test_are_spelled_so_that_none_is_taken_for_another(self) -> None:
        spellings = [
            spelling.lower().replace(" ", "")
            for region in regions()
            for spelling in {region.code or region.country, region.name, *region.abbreviations}
        ]

        assert len(spellings) == len(set(spellings))

    def test_that_lie_in_two_zones_have_both(self) -> None:
        divided = {state for state in states_of("US") if len(zones_of_state("US", state)) > 1}

        assert divided == {*DIVIDED.split()}


class TestEveryPlace:
    def test_has_a_zone_under_its_proper_name(self) -> None:
        for place in every_place():
            assert canonical(place.zone) == place.zone
            assert ZoneInfo(place.zone).key == place.zone
            assert country_of_zone(place.zone) == place.country

    def test_has_a_zone_that_its_state_has(self) -> None:
        for place in every_place():
            assert not place.region or place.zone in zones_of_state(place.country, place.region)
            assert bool(place.region) == (place.country in {"US", "CA"})


class TestTheAreaCodes:
    def test_are_those_in_service(self) -> None:
        """371 in the United States and 56 in Canada, as counted on 2026-11-22 in two lists that agree."""
        countries = [places[0].country for places in area_codes().values()]

        assert (countries.count("US"), countries.count("CA")) == (371, 56)

    def test_leave_no_state_without_one(self) -> None:
        found = {place.region for places in area_codes().values() for place in places if place.region}

        assert found == {*states_of("US"), *states_of("CA")}

    def test_cover_every_zone_that_differs_from_its_neighbours(self) -> None:
        found = {place.zone for places in area_codes().values() for place in places if place.region}

        assert {*zones_of_country("CA")} <= found
        assert {*zones_of_country("US")} - found == set()


class TestThePostalPrefixes:
    def test_are_three_digits_or_a_letter(self) -> None:
        assert all(len(prefix) == (3 if prefix.isdigit() else 1) for prefix in postal_prefixes())
        assert sum(prefix.isalpha() for prefix in postal_prefixes()) == 18

    def test_leave_no_state_without_one(self) -> None:
        found = {place.region for places in postal_prefixes().values() for place in places if place.region}

        assert found == {*states_of("US"), *states_of("CA")}
