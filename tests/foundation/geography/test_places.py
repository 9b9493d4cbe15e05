"""Where a contact could be: from the number, the address and the stated zone, alone and against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadsail.foundation.geography import (
    Place,
    candidates,
    canonical,
    classify,
    states_of,
    zone_of,
    zones_of_country,
    zones_of_state,
)
from leadsail.foundation.geography.tables import area_codes

NEW_YORK = Place("US", "NY", "America/New_York")
LOS_ANGELES = Place("US", "CA", "America/Los_Angeles")
NEW_YORKER = "+12125550123"
TOLL_FREE = "+18005550123"


def places(
    phone: str,
    *,
    zone: str | None = None,
    zip: str | None = None,  # noqa: A002 - as the candidates call it
    region: str | None = None,
    country: str | None = None,
) -> set[Place]:
    told = candidates(classify(phone), zone=zone, zip=zip, region=region, country=country)
    return {one.place for one in told}


def sources(phone: str, **stated: str | None) -> set[str]:
    everything = {"zone": None, "zip": None, "region": None, "country": None} | stated
    return {one.source for one in candidates(classify(phone), **everything)}


def local(state: str, *zones: str, country: str = "US") -> set[Place]:
    return {Place(country, state, zone) for zone in zones}


def states(found: set[Place]) -> set[str | None]:
    return {place.region for place in found}


class TestTheAreaCode:
    @pytest.mark.parametrize(
        ("code", "state", "zone"),
        [
            ("212", "NY", "America/New_York"), ("310", "CA", "America/Los_Angeles"), ("312", "IL", "America/Chicago"),
            ("303", "CO", "America/Denver"), ("602", "AZ", "America/Phoenix"), ("808", "HI", "Pacific/Honolulu"),
            ("305", "FL", "America/New_York"), ("713", "TX", "America/Chicago"), ("206", "WA", "America/Los_Angeles"),
            ("202", "DC", "America/New_York"), ("313", "MI", "America/Detroit"), ("504", "LA", "America/Chicago"),
            ("801", "UT", "America/Denver"), ("406", "MT", "America/Denver"), ("307", "WY", "America/Denver"),
            ("702", "NV", "America/Los_Angeles"), ("505", "NM", "America/Denver"), ("207", "ME", "America/New_York"),
        ],
    )  # fmt: skip
    def test_tells_state_and_zone(self, code: str, state: str, zone: str) -> None:
        assert places(f"+1{code}5550123") == {Place("US", state, zone)}

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("850", local("FL", "America/New_York", "America/Chicago")),
            ("448", local("FL", "America/New_York", "America/Chicago")),
            ("423", local("TN", "America/New_York", "America/Chicago")),
            ("915", local("TX", "America/Denver", "America/Chicago")),
            ("605", local("SD", "America/Chicago", "America/Denver")),
            ("308", local("NE", "America/Chicago", "America/Denver")),
            ("785", local("KS", "America/Chicago", "America/Denver")),
            ("620", local("KS", "America/Chicago", "America/Denver")),
            ("208", local("ID", "America/Boise", "America/Los_Angeles")),
            ("986", local("ID", "America/Boise", "America/Los_Angeles")),
            ("541", local("OR", "America/Boise", "America/Los_Angeles")),
            ("775", local("NV", "America/Denver", "America/Los_Angeles")),
            ("928", local("AZ", "America/Phoenix", "America/Denver")),
            ("906", local("MI", "America/Detroit", "America/Menominee")),
        ],
    )
    def test_of_two_zones_tells_both(self, code: str, expected: set[Place]) -> None:
        assert places(f"+1{code}5550123") == expected

    @pytest.mark.parametrize(
        ("code", "zones"),
        [
            ("270", {"America/Chicago", "America/New_York"}),
            ("219", {"America/Chicago", "America/Indiana/Indianapolis"}),
            ("812", {"America/Chicago", "America/Indiana/Indianapolis", "America/Indiana/Tell_City"}),
            ("701", {"America/Chicago", "America/Denver", "America/North_Dakota/Beulah"}),
            ("907", {"America/Anchorage", "America/Juneau", "America/Nome", "America/Adak", "America/Metlakatla"}),
            ("250", {"America/Vancouver", "America/Edmonton", "America/Dawson_Creek", "America/Creston"}),
            ("807", {"America/Toronto", "America/Winnipeg", "America/Atikokan"}),
            ("418", {"America/Toronto", "America/Blanc-Sablon", "America/Halifax"}),
            ("306", {"America/Regina", "America/Edmonton"}),
            ("709", {"America/St_Johns", "America/Goose_Bay"}),
        ],
    )
    def test_of_many_zones_tells_at_least_these(self, code: str, zones: set[str]) -> None:
        assert zones <= {place.zone for place in places(f"+1{code}5550123")}

    def test_of_several_provinces_tells_all(self) -> None:
        assert states(places("+19025550123")) == {"NS", "PE"}
        assert states(places("+18675550123")) == {"YT", "NT", "NU"}

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            ("227", "MD"), ("235", "MO"), ("274", "WI"), ("283", "OH"), ("324", "FL"), ("327", "AR"), ("329", "NY"),
            ("350", "CA"), ("353", "WI"), ("357", "CA"), ("363", "NY"), ("369", "CA"), ("436", "OH"), ("457", "LA"),
            ("471", "MS"), ("483", "AL"), ("621", "TX"), ("624", "NY"), ("645", "FL"), ("679", "MI"), ("686", "VA"),
            ("728", "FL"), ("729", "TN"), ("730", "IL"), ("738", "CA"), ("748", "CO"), ("821", "SC"), ("837", "CA"),
            ("861", "IL"), ("924", "MN"), ("943", "GA"), ("975", "MO"), ("983", "CO"),
        ],
    )  # fmt: skip
    def test_that_is_new_is_known(self, code: str, state: str) -> None:
        assert states(places(f"+1{code}5550123")) == {state}

    @pytest.mark.parametrize(
        ("code", "province"),
        [("257", "BC"), ("263", "QC"), ("273", "QC"), ("354", "QC"), ("368", "AB"), ("382", "ON"), ("428", "NB"),
         ("468", "QC"), ("474", "SK"), ("584", "MB"), ("683", "ON"), ("742", "ON"), ("753", "ON"), ("879", "NL"),
         ("942", "ON")],
    )  # fmt: skip
    def test_that_is_new_in_canada_is_known(self, code: str, province: str) -> None:
        assert states(places(f"+1{code}5550123")) == {province}

    def test_is_all_that_counts_of_a_north_american_number(self) -> None:
        """A number may be kept by whoever moves within its area, so its exchange tells nothing."""
        assert places("+18504320123") == places("+18506810123")


class TestNumbersAbroad:
    @pytest.mark.parametrize(
        ("phone", "expected"),
        [
            ("+442079460123", {("GB", "Europe/London")}), ("+447400123456", {("GB", "Europe/London")}),
            ("+493023456789", {("DE", "Europe/Berlin")}), ("+33142345678", {("FR", "Europe/Paris")}),
            ("+61891234567", {("AU", "Australia/Perth")}), ("+919812345678", {("IN", "Asia/Kolkata")}),
            ("+17875550123", {("PR", "America/Puerto_Rico")}),
        ],
    )  # fmt: skip
    def test_tell_country_and_zone(self, phone: str, expected: set[tuple[str, str]]) -> None:
        found = places(phone)

        assert {(place.country, place.zone) for place in found} >= expected
        assert {place.region for place in found} == {None}

    def test_that_are_mobile_tell_no_more_than_the_country(self) -> None:
        assert {place.zone for place in places("+61412345678")} == set(zones_of_country("AU"))

    def test_of_what_is_no_country_still_tell_a_zone(self) -> None:
        assert places("+38344123456") == {Place("XK", None, "Europe/Belgrade")}


class TestTheZip:
    @pytest.mark.parametrize(
        ("zip_code", "state", "zone"),
        [
            ("10001", "NY", "New_York"), ("90210", "CA", "Los_Angeles"), ("60601", "IL", "Chicago"),
            ("79901", "TX", "Denver"), ("32501", "FL", "Chicago"), ("85001", "AZ", "Phoenix"),
            ("99501", "AK", "Anchorage"), ("20001", "DC", "New_York"), ("83701", "ID", "Boise"),
            ("57701", "SD", "Denver"), ("37201", "TN", "Chicago"), ("97914", "OR", "Boise"),
            ("46402", "IN", "Chicago"), ("49801", "MI", "Menominee"), ("86515", "AZ", "Denver"),
        ],
    )  # fmt: skip
    def test_adds_its_places(self, zip_code: str, state: str, zone: str) -> None:
        found = places(NEW_YORKER, zip=zip_code)

        assert NEW_YORK in found
        assert Place("US", state, f"America/{zone}") in found
        assert states(found) == {"NY", state}

    @pytest.mark.parametrize("zip_code", ["90210-1234", "902101234", " 90210 ", "90210 1234"])
    def test_may_carry_its_four_more_digits(self, zip_code: str) -> None:
        assert places(TOLL_FREE, zip=zip_code) == {LOS_ANGELES}

    @pytest.mark.parametrize(
        ("zip_code", "first", "second"),
        [("63901", "MO", "MO"), ("06390", "NY", "CT"), ("20588", "DC", "MD"), ("83414", "WY", "ID")],
    )
    def test_of_a_prefix_that_crosses_a_border_tells_both_sides(self, zip_code: str, first: str, second: str) -> None:
        assert {first, second} <= states(places(TOLL_FREE, zip=zip_code))

    @pytest.mark.parametrize(
        ("code", "province", "zone"),
        [
            ("K1A 0B1", "ON", "Toronto"), ("k1a0b1", "ON", "Toronto"), ("V6B-1A1", "BC", "Vancouver"),
            ("T2P 1J9", "AB", "Edmonton"), ("A1C 1A1", "NL", "St_Johns"), ("C1A 1A1", "PE", "Halifax"),
            ("Y1A 1A1", "YT", "Whitehorse"), ("X0A 0H0", "NU", "Iqaluit"), ("H2Y 1C6", "QC", "Toronto"),
        ],
    )  # fmt: skip
    def test_may_be_canadian(self, code: str, province: str, zone: str) -> None:
        assert Place("CA", province, f"America/{zone}") in places("+14165550123", zip=code)

    def test_of_puerto_rico_is_its_own_country(self) -> None:
        assert places(TOLL_FREE, zip="00901") == {Place("PR", None, "America/Puerto_Rico")}

    @pytest.mark.parametrize(
        "zip_code", ["", "  ", "1000", "1234567", "ABCDE", "D1A 1A1", "0000O", "00000", "１０００１"]
    )
    def test_that_is_none_adds_nothing(self, zip_code: str) -> None:
        assert places(NEW_YORKER, zip=zip_code) == {NEW_YORK}
        assert places(TOLL_FREE, zip=zip_code) == places(TOLL_FREE)

    @pytest.mark.parametrize("zip_code", ["09012", "96201", "34002"])
    def test_of_the_armed_forces_tells_no_place(self, zip_code: str) -> None:
        assert places(TOLL_FREE, zip=zip_code) == places(TOLL_FREE)

    def test_of_another_country_is_not_read_as_american(self) -> None:
        assert places("+493023456789", zip="10115", country="DE") == {Place("DE", None, "Europe/Berlin")}


class TestTheState:
    @pytest.mark.parametrize("state", ["CA", "ca", "California", "calif.", " CALIFORNIA ", "US-CA", "Cal."])
    def test_is_understood_as_people_write_it(self, state: str) -> None:
        assert places(TOLL_FREE, region=state) == {LOS_ANGELES}

    @pytest.mark.parametrize(
        ("text", "state"),
        [("N.Y.", "NY"), ("New  York", "NY"), ("D.C.", "DC"), ("Washington, D.C.", "DC"), ("Wash.", "WA"),
         ("N. Carolina", "NC"), ("W.Va.", "WV"), ("Québec", "QC"), ("PQ", "QC"), ("P.E.I.", "PE"), ("Ont.", "ON"),
         ("Newfoundland", "NL"), ("BC", "BC"), ("CA-BC", "BC"), ("Yukon Territory", "YT")],
    )  # fmt: skip
    def test_may_be_abbreviated(self, text: str, state: str) -> None:
        assert states(places(TOLL_FREE, region=text)) == {state}

    def test_adds_every_zone_it_has(self) -> None:
        assert places(TOLL_FREE, region="TX") == local("TX", "America/Chicago", "America/Denver")

    def test_adds_nothing_where_the_zip_lies_within(self) -> None:
        assert places(TOLL_FREE, region="TX", zip="75201") == local("TX", "America/Chicago")

    def test_against_the_zip_keeps_both(self) -> None:
        assert states(places(TOLL_FREE, region="TX", zip="90210")) == {"TX", "CA"}

    @pytest.mark.parametrize("state", ["Bavaria", "??", "AE", "x" * 20_000])
    def test_that_is_not_understood_means_any_unless_the_zip_tells(self, state: str) -> None:
        assert states(places(NEW_YORKER, region=state)) == set(states_of("US"))
        assert places(NEW_YORKER, region=state, zip="90210") == {NEW_YORK, LOS_ANGELES}

    def test_of_another_country_is_not_read_as_american(self) -> None:
        assert states(places("+61891234567", region="WA")) == {None}


class TestTheStatedZone:
    def test_within_a_known_state_adds_only_that(self) -> None:
        found = places("+18505550123", zone="America/Chicago")

        assert found == local("FL", "America/New_York", "America/Chicago")

    def test_outside_every_known_state_adds_all_states_that_have_it(self) -> None:
        found = places(NEW_YORKER, zone="America/Los_Angeles")

        assert found == {NEW_YORK} | {
            Place("US", state, "America/Los_Angeles") for state in ("CA", "NV", "OR", "WA", "ID")
        }

    def test_outside_every_known_state_adds_states_with_another_name_for_its_clock(self) -> None:
        found = places("+14155550123", zone="America/New_York")

        assert found >= local("MI", "America/Detroit") | local("KY", "America/Kentucky/Louisville")
        assert {"IN", "NY", "FL"} <= states(found)

    def test_under_its_clocks_chief_name_lies_in_a_stated_state(self) -> None:
        """A browser in Detroit may well say New York, whose clock it shows."""
        assert places("+13135550123", zone="America/New_York", region="MI") >= local("MI", "America/Detroit")
        assert states(places("+13135550123", zone="America/New_York", region="MI")) == {"MI"}
        assert states(places("+13175550123", zone="US/Eastern", zip="46204")) == {"IN"}

    def test_under_another_name_may_be_where_a_number_moved_to(self) -> None:
        """An area code is no word of the person: the same clock runs in every state of the zone that was told."""
        assert {"NY", "OH", "KY"} <= states(places("+13135550123", zone="America/New_York"))
        assert "KY" in states(places("+16145550123", zone="America/Kentucky/Louisville"))

    def test_of_another_country_adds_that_country(self) -> None:
        assert places(NEW_YORKER, zone="Europe/Paris") == {NEW_YORK, Place("FR", None, "Europe/Paris")}
        assert states(places(NEW_YORKER, zone="America/Toronto")) >= {"NY", "ON", "QC"}

    def test_alone_stands_for_all_states_that_have_it(self) -> None:
        assert places(TOLL_FREE, zone="Pacific/Honolulu") == local("HI", "Pacific/Honolulu")

    def test_without_a_country_is_possible_in_every_known_state(self) -> None:
        assert places(NEW_YORKER, zone="Etc/UTC") == {NEW_YORK, Place("US", "NY", "Etc/UTC")}
        assert places(NEW_YORKER, zone="EST") == {NEW_YORK, Place("US", "NY", "EST")}

    @pytest.mark.parametrize("zone", ["", "Mars/Olympus", "america/new_york", "../etc/passwd"])
    def test_that_is_none_adds_nothing(self, zone: str) -> None:
        assert places(NEW_YORKER, zone=zone) == {NEW_YORK}

    def test_is_all_there_is_for_the_sandbox(self) -> None:
        assert places("+15002345600", zone="Asia/Tokyo", zip="10001") == {Place("JP", None, "Asia/Tokyo")}


class TestTheStatedCountry:
    @pytest.mark.parametrize("country", ["US", "us", "USA", "United States"])
    def test_of_the_number_adds_nothing(self, country: str) -> None:
        assert places(NEW_YORKER, country=country) == {NEW_YORK}

    def test_of_a_territory_is_the_united_states_too(self) -> None:
        assert places("+17875550123", country="US", zip="00901") == {Place("PR", None, "America/Puerto_Rico")}

    def test_that_differs_adds_all_of_it(self) -> None:
        assert places(NEW_YORKER, country="Germany") == {NEW_YORK} | {
            Place("DE", None, zone) for zone in zones_of_country("DE")
        }
        assert states(places(NEW_YORKER, country="CA")) == {"NY", *states_of("CA")}


class TestNothingKnown:
    @pytest.mark.parametrize("phone", [TOLL_FREE, "+17005550123", "+12905550123", "+19005550123"])
    def test_means_every_state_of_the_country(self, phone: str) -> None:
        found = places(phone, country="US")

        assert states(found) == set(states_of("US"))
        assert len(states_of("US")) == 51
        assert found == {Place("US", state, zone) for state in states_of("US") for zone in zones_of_state("US", state)}

    def test_means_both_big_countries_where_the_plan_has_them_both(self) -> None:
        assert states(places(TOLL_FREE)) == {*states_of("US"), *states_of("CA")}

    def test_of_a_foreign_number_means_every_zone_of_its_country(self) -> None:
        assert places("+611800123456") == {Place("AU", None, zone) for zone in zones_of_country("AU")}

    def test_is_called_unknown(self) -> None:
        assert sources(TOLL_FREE) == {"unknown"}


class TestTheSource:
    def test_stands_with_every_place(self) -> None:
        told = candidates(classify(NEW_YORKER), zone="America/New_York", zip="90210", region="TX", country="US")

        assert {(one.place.region, one.source) for one in told} == {
            ("NY", "stated"), ("NY", "area_code"), ("CA", "zip"), ("TX", "address"),
        }  # fmt: skip

    def test_of_a_number_abroad_is_its_range(self) -> None:
        assert sources("+442079460123") == {"number_range"}


AREA_CODES = sorted(area_codes())
ZONES = [None, "America/New_York", "US/Pacific", "Europe/Paris", "Etc/UTC", "nowhere", "America/Regina"]
ZIPS = [None, "10001", "86515", "57501", "K1A 0B1", "X0A 0H0", "00901", "junk", "96799"]
REGIONS = [None, "TX", "quebec", "Calif.", "Bavaria", "PR"]
COUNTRIES = [None, "US", "CA", "GB", "PR", "ZZ", "Germany"]


class TestAnyCombination:
    @given(
        st.sampled_from(AREA_CODES), st.sampled_from(ZONES), st.sampled_from(ZIPS), st.sampled_from(REGIONS),
        st.sampled_from(COUNTRIES),
    )  # fmt: skip
    def test_keeps_every_place_of_the_area_code(
        self, code: str, zone: str | None, zip_code: str | None, region: str | None, country: str | None
    ) -> None:
        found = places(f"+1{code}5550123", zone=zone, zip=zip_code, region=region, country=country)

        assert found >= set(area_codes()[code])

    @given(
        st.one_of(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True), st.text()), st.none() | st.text(),
        st.none() | st.text(), st.none() | st.text(), st.none() | st.text(),
    )  # fmt: skip
    def test_is_never_without_a_place_of_a_real_zone(
        self, phone: str, zone: str | None, zip_code: str | None, region: str | None, country: str | None
    ) -> None:
        found = places(phone, zone=zone, zip=zip_code, region=region, country=country)

        assert found
        assert all(canonical(place.zone) == place.zone for place in found)


class TestTheOneZone:
    @pytest.mark.parametrize(
        ("phone", "zip_code", "expected"),
        [
            (NEW_YORKER, "90210", ("America/Los_Angeles", "zip")),
            (NEW_YORKER, None, ("America/New_York", "area_code")),
            (NEW_YORKER, "junk", ("America/New_York", "area_code")),
            ("+14165550123", "V6B 1A1", None),
            ("+442079460123", None, ("Europe/London", "area_code")),
            ("+18505550123", None, None),
            ("+18505550123", "32501", ("America/Chicago", "zip")),
            (TOLL_FREE, None, None),
            (TOLL_FREE, "60601", ("America/Chicago", "zip")),
            ("911", None, None),
        ],
    )
    def test_is_told_by_the_zip_first(self, phone: str, zip_code: str | None, expected: tuple[str, str] | None) -> None:
        assert zone_of(classify(phone), zip=zip_code, country=None) == expected

    def test_of_a_divided_zip_is_decided_by_the_number(self) -> None:
        assert zone_of(classify("+16155550123"), zip="37301", country="US") == ("America/Chicago", "area_code")

    def test_stays_open_where_zip_and_number_have_none_in_common(self) -> None:
        assert zone_of(classify("+14155550123"), zip="37301", country="US") is None
