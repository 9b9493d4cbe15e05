"""The days on which clocks change: an hour that is missing, an hour that comes twice, half an hour, and none at all."""

from datetime import UTC, datetime, timedelta

import pytest

from leadsail.features.contact_gate.models import DayHours, Week
from leadsail.features.contact_gate.rules.hours import hours_are_open, legal_hours
from leadsail.features.contact_gate.rules.windows import Windows, windows_in
from leadsail.foundation.geography import Place
from leadsail.foundation.time_zones import zone_named
from tests.features.contact_gate.rules.situations import local, shipped

SPRING, AUTUMN = "2027-03-14", "2027-11-07"


def windows(zone: str, start: str, end: str) -> Windows:
    week: Week = (DayHours(_minute(start), _minute(end)),) * 7
    return windows_in(frozenset({zone}), week)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def open_minutes(windows: Windows, begin: datetime, hours: int) -> int:
    return sum(windows.is_open(begin + timedelta(minutes=minute)) for minute in range(hours * 60))


class TestLegalHours:
    @pytest.mark.parametrize(
        ("country", "state", "zone"),
        [
            ("US", "NY", "America/New_York"), ("US", "TX", "America/Denver"), ("US", "HI", "Pacific/Honolulu"),
            ("US", "AZ", "America/Phoenix"), ("US", "AZ", "America/Denver"), ("CA", "SK", "America/Regina"),
            ("CA", "NL", "America/St_Johns"), ("GB", None, "Europe/London"), ("AU", None, "Australia/Lord_Howe"),
            ("NZ", None, "Pacific/Chatham"), ("NP", None, "Asia/Kathmandu"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("day", [SPRING, AUTUMN, "2027-03-28", "2027-10-31", "2027-04-04", "2027-10-03"])
    def test_the_next_opening_is_the_first_lawful_minute(
        self, country: str, state: str | None, zone: str, day: str
    ) -> None:
        """Asked from the evening before, across the night in which some clock of the world changes."""
        places, evening = frozenset({Place(country, state, zone)}), local(zone, f"{day} 00:00") - timedelta(hours=2)

        until = legal_hours(places, evening, "call", "marketing", shipped())

        assert until is not None
        assert hours_are_open(places, until, "call", "marketing", shipped())
        assert not hours_are_open(places, until - timedelta(minutes=1), "call", "marketing", shipped())
        assert until.astimezone(zone_named(zone)).strftime("%H:%M") in {"08:00", "09:00", "10:00", "12:00"}

    @pytest.mark.parametrize(("day", "opening"), [(SPRING, 12), (AUTUMN, 13), ("2027-03-13", 13), ("2027-11-06", 12)])
    def test_eight_in_new_york_is_eight_before_and_after(self, day: str, opening: int) -> None:
        midnight = local("America/New_York", f"{day} 00:00")

        until = legal_hours(
            frozenset({Place("US", "NY", "America/New_York")}), midnight, "call", "marketing", shipped()
        )

        assert until == datetime.fromisoformat(f"{day}T{opening}:00:00+00:00")

    def test_british_columbia_changes_no_more(self) -> None:
        """It has kept its summer time since 2026; a copy of the zones from 2025 would call an hour too late."""
        vancouver = frozenset({Place("CA", "BC", "America/Vancouver")})

        assert hours_are_open(vancouver, datetime(2027, 1, 5, 2, 54, tzinfo=UTC), "call", "marketing", shipped())
        assert not hours_are_open(vancouver, datetime(2027, 1, 5, 2, 55, tzinfo=UTC), "call", "marketing", shipped())

    def test_arizona_does_not_change_but_its_navajo_nation_does(self) -> None:
        summer = local("America/Phoenix", "2027-07-06 07:30")
        both = {Place("US", "AZ", "America/Phoenix"), Place("US", "AZ", "America/Denver")}

        assert hours_are_open(frozenset({Place("US", "AZ", "America/Denver")}), summer, "call", "marketing", shipped())
        assert not hours_are_open(frozenset(both), summer, "call", "marketing", shipped())


class TestAWindowInTheNightOfTheChange:
    def test_the_missing_hour_opens_nothing(self) -> None:
        begin = local("America/New_York", f"{SPRING} 00:00")

        assert open_minutes(windows("America/New_York", "02:00", "03:00"), begin, 23) == 0

    def test_a_window_that_begins_in_the_missing_hour_opens_after_it(self) -> None:
        begin = local("America/New_York", f"{SPRING} 00:00")

        opening = windows("America/New_York", "02:30", "05:00").opening(begin)

        assert opening == local("America/New_York", f"{SPRING} 03:00")

    def test_a_window_that_ends_in_the_missing_hour_closes_before_it(self) -> None:
        begin = local("America/New_York", f"{SPRING} 01:15")

        closing = windows("America/New_York", "01:00", "02:30").closing(begin)

        assert closing == local("America/New_York", f"{SPRING} 03:00")
        assert closing - begin == timedelta(minutes=45)

    def test_the_hour_that_comes_twice_opens_twice(self) -> None:
        twice = windows("America/New_York", "01:00", "01:30")
        begin = local("America/New_York", f"{AUTUMN} 00:00")

        assert open_minutes(twice, begin, 25) == 60
        assert twice.closing(local("America/New_York", f"{AUTUMN} 01:15")) == local(
            "America/New_York", f"{AUTUMN} 01:30"
        )
        assert twice.opening(local("America/New_York", f"{AUTUMN} 01:30")) == local(
            "America/New_York", f"{AUTUMN} 01:00", fold=1
        )

    def test_a_window_that_the_clock_leaves_by_going_back_closes_then(self) -> None:
        late = windows("America/New_York", "01:30", "03:00")

        closing = late.closing(local("America/New_York", f"{AUTUMN} 01:45"))

        assert closing == local("America/New_York", f"{AUTUMN} 01:00", fold=1)

    def test_half_an_hour_of_lord_howe_counts_as_half_an_hour(self) -> None:
        zone = "Australia/Lord_Howe"  # from 02:00 to 01:30 on 4 April, from 02:00 to 02:30 on 3 October
        early = windows(zone, "01:30", "02:00")

        assert open_minutes(early, local(zone, "2027-04-04 00:00"), 24) == 60
        assert windows(zone, "02:10", "03:00").opening(local(zone, "2027-10-03 01:00")) == local(
            zone, "2027-10-03 02:30"
        )

    def test_a_day_without_end_goes_on_over_midnight(self) -> None:
        always = windows_in(frozenset({"America/New_York"}), (DayHours(0, 1440),) * 7, margin=5)

        assert always.is_open(local("America/New_York", "2027-03-02 23:58"))
        assert always.closing(local("America/New_York", "2027-03-02 23:58")) is None

    def test_seconds_do_not_move_an_edge(self) -> None:
        nine = windows("America/New_York", "09:00", "20:00")
        just_before = datetime(2027, 3, 2, 13, 59, 59, 999_999, tzinfo=UTC)

        assert not nine.is_open(just_before)
        assert nine.opening(just_before) == datetime(2027, 3, 2, 14, 0, tzinfo=UTC)
        assert nine.is_open(datetime(2027, 3, 3, 0, 59, 59, 999_999, tzinfo=UTC))
