"""The oracle itself: facts that anybody can look up, so that the second opinion is not wrong in silence."""

from datetime import UTC, date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.features.contact_gate.oracle.closed_days import easter, holidays_of, nth
from tests.features.contact_gate.oracle.places import (
    Situation,
    Where,
    area_codes,
    everywhere,
    places_of,
    places_of_zip,
    regions,
    zip_runs,
)
from tests.features.contact_gate.oracle.sampling import YEAR, edges, zones
from tests.features.contact_gate.oracle.verdict import instant_of, lawful, local_minutes, minutes_of, year_of_minutes

NEW_YORK = Where("US", "NY", "America/New_York")
HOUSTON = Where("US", "TX", "America/Chicago")
TORONTO = Where("CA", "ON", "America/Toronto")


def allowed(where: Where, local: str) -> bool:
    """Whether somebody there may be called when the clocks there show this."""
    shown = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(where.zone))
    return bool(lawful([where], np.array([minutes_of(shown.astimezone(UTC))], dtype=np.int64))[0])


def _packaged(zone: str) -> ZoneInfo:
    """The zone as the tzdata package has it, whatever the machine's own database says."""
    with resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


class TestPlaces:
    @pytest.mark.parametrize(
        ("area_code", "places"),
        [
            ("212", {("NY", "America/New_York")}),
            ("850", {("FL", "America/Chicago"), ("FL", "America/New_York")}),
            ("915", {("TX", "America/Denver")}),
            ("808", {("HI", "Pacific/Honolulu")}),
            ("709", {("NL", "America/St_Johns"), ("NL", "America/Goose_Bay")}),
            ("902", {("NS", "America/Halifax"), ("NS", "America/Glace_Bay"), ("PE", "America/Halifax")}),
        ],
    )
    def test_area_codes_lie_where_everybody_knows(self, area_code: str, places: set[tuple[str, str]]) -> None:
        assert {(where.region, where.zone) for where in places_of(Situation(area_code))} == places

    @pytest.mark.parametrize(
        ("zip_code", "region", "zone"),
        [
            ("10001", "NY", "America/New_York"),
            ("32501", "FL", "America/Chicago"),
            ("79901", "TX", "America/Denver"),
            ("86515", "AZ", "America/Denver"),
            ("96813", "HI", "Pacific/Honolulu"),
            ("00901", "PR", "America/Puerto_Rico"),
            ("M5V 2T6", "ON", "America/Toronto"),
            ("P9N 1A1", "ON", "America/Winnipeg"),
        ],
    )
    def test_zips_lie_where_everybody_knows(self, zip_code: str, region: str, zone: str) -> None:
        assert {(where.region, where.zone) for where in places_of_zip(zip_code)} == {(region, zone)}

    def test_every_state_is_reached_by_code_and_zip(self) -> None:
        by_code = {where.region for group in area_codes().values() for where in group}
        by_zip = {run.where.region for run in zip_runs()}

        american = {region for region, group in regions().items() if {where.country for where in group} == {"US"}}
        assert set(regions()) <= by_code
        assert american <= by_zip
        assert len({where.region for where in everywhere("US")}) == 51

    def test_nothing_known_is_every_state(self) -> None:
        assert places_of(Situation("800")) == everywhere("US")

    def test_everything_known_is_added_up(self) -> None:
        places = places_of(Situation("212", zip="77001", region="CA", zone="America/Denver"))

        assert {NEW_YORK, HOUSTON, Where("US", "TX", "America/Denver")} < places
        assert {where.region for where in places} == {"NY", "TX", "CA"}

    def test_foreign_zone_adds_every_state_that_keeps_it(self) -> None:
        places = places_of(Situation("212", zone="America/Los_Angeles"))

        assert {where.region for where in places} == {"NY", "CA", "WA", "OR", "NV", "ID"}


class TestCalendar:
    def test_easter_and_mondays_fall_where_calendars_say(self) -> None:
        assert [easter(year) for year in (2024, 2025, 2026, 2027, 2038)] == [
            date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25),
        ]  # fmt: skip
        assert (nth(2027, 5, 0, -1), nth(2027, 11, 3, 4)) == (date(2027, 5, 31), date(2027, 11, 25))

    def test_holidays_close_on_the_day_and_when_kept(self) -> None:
        closed = holidays_of("AL", 2027)

        kept = {date(2027, 6, 18), date(2027, 7, 5), date(2027, 12, 24), date(2027, 12, 31)}
        assert kept | {date(2027, 6, 19), date(2027, 7, 4), date(2027, 12, 25), date(2027, 1, 1)} <= closed


class TestClocks:
    @pytest.mark.parametrize("zone", zones())
    def test_two_readers_of_zones_agree_all_year(self, zone: str) -> None:
        instants = year_of_minutes(YEAR, step=30)

        shown = local_minutes(zone, instants)

        other = _packaged(zone)
        expected = [minutes_of(instant_of(m).astimezone(other).replace(tzinfo=UTC)) for m in instants.tolist()]
        assert shown.tolist() == expected

    def test_edges_on_clock_changes_are_real_local_times(self) -> None:
        found = edges([NEW_YORK], [date(YEAR, 3, 14)])

        shown = {f"{instant_of(m):%H:%M}" for m in local_minutes(NEW_YORK.zone, found).tolist()}
        assert {"07:59", "08:00", "20:54", "20:55", "21:00"} <= shown


class TestLaw:
    @pytest.mark.parametrize(
        ("where", "local", "verdict"),
        [
            (NEW_YORK, "2027-06-01T07:59", False),
            (NEW_YORK, "2027-06-01T08:00", True),
            (NEW_YORK, "2027-06-01T20:54", True),
            (NEW_YORK, "2027-06-01T20:55", False),
            (NEW_YORK, "2027-06-06T12:00", True),
            (NEW_YORK, "2027-03-14T08:00", True),
            (NEW_YORK, "2027-11-07T20:55", False),
            (HOUSTON, "2027-06-05T09:00", True),
            (HOUSTON, "2027-06-06T11:59", False),
            (HOUSTON, "2027-06-06T12:00", True),
            (TORONTO, "2027-06-01T09:29", False),
            (TORONTO, "2027-06-01T19:54", True),
            (TORONTO, "2027-06-05T16:55", False),
            (Where("US", "AL", "America/Chicago"), "2027-07-05T12:00", False),
            (Where("US", "RI", "America/New_York"), "2027-06-05T12:00", False),
        ],
    )
    def test_hours_hold_at_their_edges(self, where: Where, local: str, *, verdict: bool) -> None:
        assert allowed(where, local) is verdict

    def test_unknown_place_leaves_weekday_afternoons_in_new_york(self) -> None:
        """Weekdays from eight in Honolulu, where Kentucky and the west are long open, to six in Rhode Island."""
        instants = year_of_minutes(YEAR)

        shown = [
            instant_of(m).astimezone(ZoneInfo("America/New_York"))
            for m in instants[lawful(everywhere("US"), instants)].tolist()
        ]
        assert {one.weekday() for one in shown} == {0, 1, 2, 3, 4}
        assert {one.hour for one in shown if one.month == 1} == {13, 14, 15, 16, 17}
        assert {one.hour for one in shown if one.month == 7} == {14, 15, 16, 17}
        assert date(2027, 7, 5) not in {one.date() for one in shown}
