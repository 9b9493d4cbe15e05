"""The list of all sets of places, which checks of every case rely on."""

import random

from leadsail.foundation.geography import Place
from leadsail.foundation.geography.tables import area_codes, postal_prefixes
from tests.foundation.geography.place_sets import distinct_place_sets, place_set, postal_code


class TestTheDistinctPlaceSets:
    def test_hold_whatever_any_two_codes_make(self) -> None:
        known = distinct_place_sets()
        codes = [code for code, places in area_codes().items() if places[0].country in {"US", "CA"}]
        chance = random.Random(7)  # noqa: S311 - a sample, the same one every time

        for _ in range(20_000):
            code, prefix = chance.choice(codes), chance.choice(sorted(postal_prefixes()))
            assert place_set(code, postal_code(prefix)) in known

    def test_come_with_an_example_that_makes_them(self) -> None:
        for places, (code, zip_code) in list(distinct_place_sets().items())[::50]:
            assert place_set(code, zip_code) == places

    def test_hold_contradictions(self) -> None:
        contradiction = frozenset({Place("US", "NY", "America/New_York"), Place("US", "HI", "Pacific/Honolulu")})

        assert contradiction in distinct_place_sets()
