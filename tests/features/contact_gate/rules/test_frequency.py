"""How often a person is tried: caps that roll, counted over everything, and never breached by any schedule."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadsail.features.contact_gate.models import Allow, Contact, Hold, Intent, PastAttempt
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.foundation.geography import Place
from tests.features.contact_gate.rules.situations import (
    ANYTHING,
    TUESDAY_NOON,
    against,
    ask,
    campaign,
    code,
    local,
    shipped,
    somebody,
    tenant,
    tried,
)

PARIS = Place("FR", None, "Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ago(*hours: float) -> list[datetime]:
    return [TUESDAY_NOON - timedelta(hours=one) for one in hours]


class TestACap:
    def test_counts_attempts_of_the_last_24_hours(self) -> None:
        assert code(ask(history=tried(*ago(1, 12, 23.9)))) == "FREQUENCY_CAP"
        assert isinstance(ask(history=tried(*ago(1, 12, 24))), Allow)

    def test_counts_attempts_of_the_last_7_days(self) -> None:
        a_week = [30 + 19 * number for number in range(8)]

        assert max(a_week) < 7 * 24
        decision = ask(history=tried(*ago(*a_week)))

        assert isinstance(decision, Hold)
        assert decision.code == "FREQUENCY_CAP"
        assert "8 of 8 attempts in 7 days" in against(decision)["us.federal.frequency"]

    def test_counts_texts_other_campaigns_and_other_numbers(self) -> None:
        history = tried()
        attempts = (
            PastAttempt(TUESDAY_NOON - HOUR, "sms", "OTHER", same_number=True),
            PastAttempt(TUESDAY_NOON - 2 * HOUR, "call", None, same_number=False),
            PastAttempt(TUESDAY_NOON - 3 * HOUR, "call", "SUN", same_number=True),
        )

        assert code(ask(history=replace(history, attempts=attempts))) == "FREQUENCY_CAP"

    def test_counts_attempts_of_a_future_that_a_clock_forgot(self) -> None:
        assert code(ask(history=tried(*ago(-1, -2, -3)))) == "FREQUENCY_CAP"

    def test_binds_callbacks_too(self) -> None:
        assert code(ask(purpose="callback", history=tried(*ago(1, 2, 3)))) == "FREQUENCY_CAP"

    def test_does_not_bind_replies(self) -> None:
        assert isinstance(ask(purpose="reply", channel="sms", history=tried(*ago(1, 2, 3))), Allow)

    @pytest.mark.parametrize("state", ["FL", "OK", "MD", "OR"])
    def test_of_a_state_is_named_beside_the_federal_one(self, state: str) -> None:
        decision = ask(somebody(Place("US", state, "America/New_York")), history=tried(*ago(1, 2, 3)))

        assert set(against(decision)) == {"us.federal.frequency", f"us.{state.lower()}.frequency"}


class TestFrance:
    NOON = local("Europe/Paris", "2027-03-02 11:00")

    def test_allows_four_attempts_in_30_days(self) -> None:
        days = [self.NOON - timedelta(days=number) for number in (29.9, 20, 15, 10)]

        decision = ask(somebody(PARIS, country="US"), self.NOON, history=tried(*days))

        assert isinstance(decision, Hold)
        assert "4 of 4 attempts in 30 days" in against(decision)["fr.frequency"]

    def test_allows_a_fifth_when_the_first_is_30_days_old(self) -> None:
        days = [self.NOON - timedelta(days=number) for number in (30, 20, 15, 10)]

        assert isinstance(ask(somebody(PARIS), self.NOON, history=tried(*days)), Allow)

    def test_pauses_60_days_after_a_refusal(self) -> None:
        refused = self.NOON - timedelta(days=59)

        decision = ask(somebody(PARIS), self.NOON, history=tried(refused_at=refused))

        assert isinstance(decision, Hold)
        assert decision.until == self.NOON + DAY
        assert list(against(decision)) == ["fr.pause"]

    def test_is_the_only_one_to_pause(self) -> None:
        assert isinstance(ask(history=tried(refused_at=TUESDAY_NOON - DAY)), Allow)


class TestATenantsOwnCaps:
    def test_tighten_the_law(self) -> None:
        decision = ask(history=tried(*ago(5)), terms=tenant(max_attempts_per_day=1))

        assert list(against(decision)) == ["tenant.frequency"]
        assert isinstance(decision, Hold)

    def test_never_widen_it(self) -> None:
        assert code(ask(history=tried(*ago(1, 2, 3)), terms=tenant(max_attempts_per_day=50))) == "FREQUENCY_CAP"

    def test_of_a_week_hold_beside_those_of_a_day(self) -> None:
        decision = ask(history=tried(*ago(30, 60)), terms=tenant(max_attempts_per_day=9, max_attempts_per_week=2))

        assert against(decision) == {"tenant.frequency": "2 of 2 attempts in 7 days"}


class TestACampaignsOwnCaps:
    def test_count_its_own_attempts_alone(self) -> None:
        history = tried(*ago(30, 50), campaign_id="OTHER")

        assert isinstance(ask(history=history, terms=campaign(max_attempts=2, max_attempts_per_day=1)), Allow)

    def test_leave_a_gap_to_any_attempt(self) -> None:
        history = tried(*ago(1), campaign_id="OTHER")

        assert code(ask(history=history, terms=campaign(min_gap_minutes=61))) == "MIN_GAP_NOT_ELAPSED"
        assert isinstance(ask(history=history, terms=campaign(min_gap_minutes=60)), Allow)

    def test_let_a_callback_pass_by_gap_and_day_but_not_by_the_last_attempt(self) -> None:
        terms = campaign(min_gap_minutes=600, max_attempts_per_day=1)

        assert isinstance(ask(purpose="callback", history=tried(*ago(1)), terms=terms), Allow)
        assert code(ask(purpose="callback", history=tried(*ago(1)), terms=campaign(max_attempts=1))) == (
            "MAX_ATTEMPTS_REACHED"
        )


class TestAnySchedule:
    """A dialer that tries at random moments, whenever the gate lets it, breaches no cap."""

    PLACES = (
        somebody(),
        somebody(Place("US", "FL", "America/New_York"), Place("US", "OR", "America/Los_Angeles")),
        somebody(PARIS),
    )

    @settings(max_examples=60, deadline=None)
    @given(
        contact=st.sampled_from(PLACES),
        steps=st.lists(st.integers(1, 9 * 60), min_size=20, max_size=120),
        clock_back=st.lists(st.integers(0, 119), max_size=3),
    )
    def test_holds_every_cap(self, contact: Contact, steps: list[int], clock_back: list[int]) -> None:
        at, made = TUESDAY_NOON, list[datetime]()
        for number, minutes in enumerate(steps):
            at += timedelta(minutes=-minutes if number in clock_back else minutes)
            decision = decide(contact, Intent("call", "marketing", at), tried(*made), ANYTHING, shipped())
            made += [at] if isinstance(decision, Allow) else []

        caps = [(3, DAY), (8, 7 * DAY)] + ([(4, 30 * DAY)] if contact is self.PLACES[2] else [])
        for most, within in caps:
            for first in made:
                assert sum(first <= one < first + within for one in made) <= most
