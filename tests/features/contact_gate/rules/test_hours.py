"""Legal hours, row by row: the minute before, the first minute, five minutes before the end, and the end."""

import pytest

from leadsail.features.contact_gate.models import Allow, Channel, DayHours, Hold, Purpose, Week
from leadsail.features.contact_gate.rules.campaign import week_of
from leadsail.features.contact_gate.rules.hours import FOREVER, hours_are_open, legal_hours
from leadsail.foundation.geography import Number, NumberKind, Place, PlaceSource, candidates, classify
from tests.features.contact_gate.rules.situations import (
    NEW_YORK,
    TUESDAY_NOON,
    WORKING_WEEK,
    against,
    ask,
    campaign,
    code,
    codes,
    local,
    shipped,
    somebody,
    tenant,
)

ZONES = {
    "AL": "America/Chicago", "AZ": "America/Phoenix", "CT": "America/New_York", "FL": "America/New_York",
    "KY": "America/New_York", "LA": "America/Chicago", "MA": "America/New_York", "MD": "America/New_York",
    "MI": "America/Detroit", "MN": "America/Chicago", "MS": "America/Chicago", "NM": "America/Denver",
    "NV": "America/Los_Angeles", "NY": "America/New_York", "OK": "America/Chicago", "OR": "America/Los_Angeles",
    "PA": "America/New_York", "RI": "America/New_York", "TX": "America/Chicago", "VA": "America/New_York",
    "WA": "America/Los_Angeles", "HI": "Pacific/Honolulu",
}  # fmt: skip

# Written down by hand from the statutes' summary: weekdays, Saturday, Sunday; None is closed.
WINDOWS: dict[str, tuple[tuple[str, str] | None, ...]] = {
    "NY": (("08:00", "21:00"),) * 3,
    "HI": (("08:00", "21:00"),) * 3,
    "AZ": (("08:00", "21:00"),) * 3,
    "FL": (("08:00", "20:00"),) * 3,
    "OK": (("08:00", "20:00"),) * 3,
    "WA": (("08:00", "20:00"),) * 3,
    "MD": (("08:00", "20:00"),) * 3,
    "CT": (("09:00", "20:00"),) * 3,
    "OR": (("08:00", "20:00"),) * 3,
    "TX": (("09:00", "21:00"), ("09:00", "21:00"), ("12:00", "21:00")),
    "VA": (("08:00", "21:00"),) * 3,
    "KY": (("10:00", "21:00"),) * 3,
    "RI": (("09:00", "18:00"), None, None),
    "MA": (("08:00", "20:00"),) * 3,
    "NV": (("09:00", "20:00"),) * 3,
    "MI": (("09:00", "21:00"),) * 3,
    "MN": (("09:00", "21:00"),) * 3,
    "NM": (("09:00", "21:00"),) * 3,
    "AL": (("08:00", "20:00"), ("08:00", "20:00"), None),
    "LA": (("08:00", "20:00"), ("08:00", "20:00"), None),
    "MS": (("08:00", "20:00"), ("08:00", "20:00"), None),
    "PA": (("08:00", "21:00"), ("08:00", "21:00"), None),
}
NINE_TO_FIVE: Week = (DayHours(9 * 60, 17 * 60),) * 7
DAYS = ("2027-03-02", "2027-03-06", "2027-03-07")
ROWS = [(state, day, window) for state, week in WINDOWS.items() for day, window in zip(DAYS, week, strict=True)]


def in_state(state: str) -> frozenset[Place]:
    return frozenset({Place("US", state, ZONES[state])})


def is_open(places: frozenset[Place], zone: str, clock: str) -> bool:
    return hours_are_open(places, local(zone, clock), "call", "marketing", shipped())


def minute(clock: str, ahead: int) -> str:
    hours, minutes = clock.split(":")
    total = int(hours) * 60 + int(minutes) + ahead
    return f"{total // 60:02}:{total % 60:02}"


class TestEachStatesWindow:
    @pytest.mark.parametrize(("state", "day", "window"), ROWS)
    def test_its_edges_are_kept_to_the_minute(self, state: str, day: str, window: tuple[str, str] | None) -> None:
        places, zone = in_state(state), ZONES[state]
        if window is None:
            assert not any(is_open(places, zone, f"{day} {hour:02}:00") for hour in range(24))
            return
        start, end = window

        assert not is_open(places, zone, f"{day} {minute(start, -1)}")
        assert is_open(places, zone, f"{day} {start}")
        assert is_open(places, zone, f"{day} {minute(end, -6)}:59")
        assert not is_open(places, zone, f"{day} {minute(end, -5)}")
        assert not is_open(places, zone, f"{day} {end}")

    @pytest.mark.parametrize("channel", ["call", "sms"])
    @pytest.mark.parametrize("purpose", ["marketing", "informational", "callback"])
    def test_it_holds_for_texts_and_for_whatever_is_said(self, channel: Channel, purpose: Purpose) -> None:
        night = local("America/New_York", "2027-03-02 22:00")

        decision = ask(at=night, channel=channel, purpose=purpose)

        assert "OUTSIDE_LEGAL_HOURS" in codes(decision)

    def test_a_reply_may_come_at_night(self) -> None:
        assert isinstance(ask(at=local("America/New_York", "2027-03-02 22:00"), channel="sms", purpose="reply"), Allow)

    def test_the_refusal_tells_the_clock_of_the_place(self) -> None:
        decision = ask(somebody(Place("US", "FL", "America/New_York")), local("America/New_York", "2027-03-02 19:57"))

        told = against(decision)["us.fl.hours"]
        assert told.startswith("In America/New_York it is Tuesday 19:57.")
        assert "Mon-Sun 08:00-20:00" in told

    def test_a_state_without_a_row_has_the_federal_rules_alone(self) -> None:
        decision = ask(at=local("America/New_York", "2027-03-02 22:00"))

        assert list(against(decision)) == ["us.federal.hours"]

    def test_a_us_place_of_no_known_state_keeps_the_hours_of_all(self) -> None:
        somewhere = frozenset({Place("US", None, "America/New_York")})

        assert is_open(somewhere, "America/New_York", "2027-03-02 17:54")
        assert not is_open(somewhere, "America/New_York", "2027-03-02 17:55")
        assert not is_open(somewhere, "America/New_York", "2027-03-02 09:59")


class TestHolidays:
    @pytest.mark.parametrize(
        ("state", "day"),
        [
            ("AL", "2027-07-05"), ("LA", "2027-07-05"), ("PA", "2027-07-05"),  # observed, since the 4th is a Sunday
            ("AL", "2027-04-26"),  # Confederate Memorial Day
            ("LA", "2027-02-09"),  # Mardi Gras
            ("LA", "2027-10-11"),  # a federal holiday that the state does not list
            ("PA", "2027-11-26"),  # the day after Thanksgiving
            ("AL", "2027-02-09"), ("LA", "2027-03-26"), ("PA", "2027-03-26"),  # Mardi Gras, Good Friday
            ("PA", "2027-06-14"), ("PA", "2027-11-02"), ("LA", "2028-11-07"),  # Flag Day, Election Day
            ("LA", "2027-11-01"),  # All Saints' Day
            ("AL", "2027-12-31"),  # New Year's Day of the next year, observed
        ],
    )  # fmt: skip
    def test_a_state_without_telephone_day_on_holidays_has_none(self, state: str, day: str) -> None:
        assert not is_open(in_state(state), ZONES[state], f"{day} 12:00")

    @pytest.mark.parametrize("state", ["MS", "NY", "FL"])
    def test_other_states_have_one(self, state: str) -> None:
        assert is_open(in_state(state), ZONES[state], "2027-07-05 12:00")

    def test_the_refusal_names_the_holiday(self) -> None:
        decision = ask(somebody(Place("US", "LA", "America/Chicago")), local("America/Chicago", "2027-02-09 12:00"))

        assert "Mardi Gras" in against(decision)["us.la.hours"]

    def test_the_holiday_is_that_of_the_clock_of_the_place(self) -> None:
        evening_before = local("America/Chicago", "2027-02-08 19:00")  # in UTC it is Mardi Gras already

        assert hours_are_open(in_state("LA"), evening_before, "call", "marketing", shipped())


class TestSeveralPlaces:
    def test_all_of_them_must_allow(self) -> None:
        both = frozenset({NEW_YORK, Place("US", "CA", "America/Los_Angeles")})

        assert not is_open(both, "America/New_York", "2027-03-02 10:59")
        assert is_open(both, "America/New_York", "2027-03-02 11:00")
        assert not is_open(both, "America/New_York", "2027-03-02 20:55")

    def test_two_states_of_one_zone_both_count(self) -> None:
        both = frozenset({NEW_YORK, Place("US", "FL", "America/New_York"), Place("US", "KY", "America/New_York")})

        assert is_open(both, "America/New_York", "2027-03-02 10:00")
        assert not is_open(both, "America/New_York", "2027-03-02 09:59")
        assert not is_open(both, "America/New_York", "2027-03-02 19:55")

    def test_a_place_abroad_adds_its_own_hours(self) -> None:
        both = frozenset({NEW_YORK, Place("GB", None, "Europe/London")})

        assert not is_open(both, "Europe/London", "2027-03-02 12:59")  # an hour before New York's morning
        assert not is_open(both, "Europe/London", "2027-03-02 13:30")  # lunch in London
        assert is_open(both, "Europe/London", "2027-03-02 14:00")

    def test_places_without_a_common_hour_never_allow(self) -> None:
        apart = frozenset({Place("US", "HI", "Pacific/Honolulu"), Place("DE", None, "Europe/Berlin")})

        assert legal_hours(apart, TUESDAY_NOON, "call", "marketing", shipped()) == FOREVER

    def test_no_place_at_all_is_no_permission(self) -> None:
        decision = ask(somebody(places=()))

        assert "OUTSIDE_LEGAL_HOURS" in codes(decision)
        assert not isinstance(decision, Hold)

    def test_a_zone_that_no_clock_knows_is_closed(self) -> None:
        assert "OUTSIDE_LEGAL_HOURS" in codes(ask(somebody(Place("US", "NY", "America/Gotham"))))


class TestAnUnknownPlace:
    """A toll-free number tells its country and nothing else: every state of it must allow."""

    PLACES = frozenset(
        one.place for one in candidates(classify("+18005550123"), zone=None, zip=None, region=None, country="US")
    )

    @pytest.mark.parametrize("day", ["2027-03-06", "2027-03-07", "2027-05-31", "2027-07-05", "2027-12-24"])
    def test_saturdays_sundays_and_federal_holidays_are_closed(self, day: str) -> None:
        assert not any(is_open(self.PLACES, "America/New_York", f"{day} {hour:02}:30") for hour in range(24))

    def test_weekdays_are_open_while_it_is_between_ten_and_six_where_that_is_asked(self) -> None:
        hours = [hour for hour in range(24) if is_open(self.PLACES, "America/New_York", f"2027-03-02 {hour:02}:00")]

        # Eight in the morning in the Aleutians is one in the afternoon in Rhode Island, whose day ends at six.
        assert hours == [13, 14, 15, 16, 17]

    def test_where_the_zone_is_known_it_is_ten_to_six(self) -> None:
        in_zone = frozenset(Place("US", place.region, "America/Chicago") for place in self.PLACES)

        assert not is_open(in_zone, "America/Chicago", "2027-03-02 09:59")
        assert is_open(in_zone, "America/Chicago", "2027-03-02 10:00")
        assert is_open(in_zone, "America/Chicago", "2027-03-02 17:54")
        assert not is_open(in_zone, "America/Chicago", "2027-03-02 17:55")

    def test_the_whole_decision_agrees(self) -> None:
        places = tuple(PlaceSource(place, "unknown") for place in sorted(self.PLACES))
        contact = somebody(places=places, number=Number("+18005550123", NumberKind.TOLL_FREE, None))

        assert isinstance(ask(contact, local("America/New_York", "2027-03-02 13:00")), Allow)
        assert code(ask(contact, local("America/New_York", "2027-03-02 12:59"))) == "OUTSIDE_LEGAL_HOURS"


class TestOtherCountries:
    @pytest.mark.parametrize(
        ("country", "zone", "open_at", "closed_at"),
        [
            ("CA", "America/Toronto", ["Tue 09:30", "Tue 19:54", "Sat 10:00", "Sun 16:54"],
             ["Tue 09:29", "Tue 19:55", "Sat 09:59", "Sun 16:55"]),
            ("CA", "America/St_Johns", ["Tue 09:30"], ["Tue 09:29"]),
            ("FR", "Europe/Paris", ["Tue 10:00", "Tue 12:54", "Tue 14:00", "Tue 19:54"],
             ["Tue 09:59", "Tue 12:55", "Tue 13:59", "Tue 19:55", "Sat 11:00", "Sun 11:00"]),
            ("GB", "Europe/London", ["Tue 10:00", "Tue 17:54"], ["Tue 09:59", "Tue 13:00", "Tue 17:55", "Sat 11:00"]),
            ("DE", "Europe/Berlin", ["Tue 10:00", "Tue 17:54"], ["Tue 09:59", "Tue 13:00", "Tue 17:55", "Sat 11:00"]),
            ("IT", "Europe/Rome", ["Tue 10:00", "Tue 17:54"], ["Tue 09:59", "Tue 13:00", "Tue 17:55", "Sun 11:00"]),
            ("BR", "America/Sao_Paulo", ["Tue 10:00", "Tue 17:54"], ["Tue 09:59", "Tue 13:00", "Sat 11:00"]),
        ],
    )  # fmt: skip
    def test_each_keeps_its_own(self, country: str, zone: str, open_at: list[str], closed_at: list[str]) -> None:
        days = {"Tue": "2027-03-02", "Sat": "2027-03-06", "Sun": "2027-03-07"}
        places = frozenset({Place(country, None, zone)})

        assert [when for when in open_at if not is_open(places, zone, f"{days[when[:3]]}{when[3:]}")] == []
        assert [when for when in closed_at if is_open(places, zone, f"{days[when[:3]]}{when[3:]}")] == []

    @pytest.mark.parametrize(
        ("country", "zone", "day"),
        [("FR", "Europe/Paris", "2027-07-14"), ("DE", "Europe/Berlin", "2027-05-27"),
         ("GB", "Europe/London", "2027-11-30"), ("JP", "Asia/Tokyo", "2027-04-29")],
    )  # fmt: skip
    def test_public_holidays_are_closed_where_no_hours_are_known(self, country: str, zone: str, day: str) -> None:
        """A holiday of one part of the country counts for all of it: Corpus Christi, Saint Andrew's Day."""
        assert not is_open(frozenset({Place(country, None, zone)}), zone, f"{day} 11:00")


class TestACampaignsOwnHours:
    """They are the business's, not the law's: one clock is enough, and they have no margin."""

    CONTACT = somebody(NEW_YORK, Place("US", "CA", "America/Los_Angeles"))

    @pytest.mark.parametrize(
        ("zone", "clock", "expected"),
        [
            ("America/New_York", "2027-03-02 11:00", None),  # eight in California
            ("America/New_York", "2027-03-02 19:59", None),
            ("America/New_York", "2027-03-02 20:00", "OUTSIDE_OPERATING_HOURS"),
            ("America/Los_Angeles", "2027-03-02 08:59", "OUTSIDE_OPERATING_HOURS"),
            ("America/Los_Angeles", "2027-03-02 09:00", None),
            ("America/New_York", "2027-03-06 12:00", "OUTSIDE_OPERATING_HOURS"),
        ],
    )
    def test_are_read_in_the_leads_zone_alone(self, zone: str, clock: str, expected: str | None) -> None:
        decision = ask(self.CONTACT, local(zone, clock), terms=campaign(hours=WORKING_WEEK, lead_zone=zone))

        assert code(decision) == expected

    def test_are_read_everywhere_where_that_zone_is_not_known(self) -> None:
        terms = campaign(hours=WORKING_WEEK, lead_zone=None)

        assert code(ask(self.CONTACT, local("America/New_York", "2027-03-02 11:59"), terms=terms)) == (
            "OUTSIDE_OPERATING_HOURS"
        )
        assert isinstance(ask(self.CONTACT, local("America/New_York", "2027-03-02 12:00"), terms=terms), Allow)

    def test_are_made_from_the_days_of_a_campaign(self) -> None:
        week = week_of({"mon": {"active": True, "start": "09:30", "end": "24:00"}, "tue": {"active": False}})

        assert week == (DayHours(570, 1440), *(DayHours(0, 0),) * 6)


class TestATenantsOwnHours:
    def test_they_can_only_be_tighter(self) -> None:
        all_day = (DayHours(0, 24 * 60),) * 7

        assert code(ask(at=local("America/New_York", "2027-03-02 22:00"), terms=tenant(hours=all_day))) == (
            "OUTSIDE_LEGAL_HOURS"
        )

    def test_they_hold_in_every_place_with_their_last_minutes(self) -> None:
        contact = somebody(NEW_YORK, Place("US", "IL", "America/Chicago"))

        assert isinstance(
            ask(contact, local("America/New_York", "2027-03-02 10:00"), terms=tenant(hours=NINE_TO_FIVE)), Allow
        )
        assert code(ask(contact, local("America/New_York", "2027-03-02 09:59"), terms=tenant(hours=NINE_TO_FIVE))) == (
            "OUTSIDE_OPERATING_HOURS"
        )
        assert code(ask(contact, local("America/New_York", "2027-03-02 16:55"), terms=tenant(hours=NINE_TO_FIVE))) == (
            "OUTSIDE_OPERATING_HOURS"
        )

    def test_a_closed_day_is_skipped(self) -> None:
        closed = frozenset({local("America/New_York", "2027-03-02 12:00").date()})

        decision = ask(terms=tenant(closed_days=closed))

        assert isinstance(decision, Hold)
        assert decision.until == local("America/New_York", "2027-03-03 08:00")
