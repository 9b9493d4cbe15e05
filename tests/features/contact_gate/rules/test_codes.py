"""Every code of the gate: what brings it about, that it comes in its place, and whether waiting helps."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from leadsail.features.contact_gate.models import (
    Allow,
    Channel,
    Code,
    Contact,
    Deny,
    History,
    Hold,
    HoldTerms,
    Intent,
    SenderTerms,
    Terms,
)
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.rules.house import HOUSE_RULES
from leadsail.foundation.geography import Number, NumberKind
from tests.features.contact_gate.rules.situations import (
    ANYTHING,
    NEW_YORK,
    TUESDAY_NOON,
    WORKING_WEEK,
    against,
    ask,
    asked_to_stop,
    campaign,
    code,
    codes,
    local,
    shipped,
    somebody,
    tried,
)

NIGHT = local("America/New_York", "2027-03-02 23:00")


def number(kind: NumberKind, country: str | None = "US") -> Contact:
    return somebody(number=Number("+12125550123", kind, country))


class TestEachRefusal:
    @pytest.mark.parametrize(
        ("expected", "contact", "terms", "channel"),
        [
            ("INVALID_PHONE_NUMBER", number(NumberKind.INVALID), ANYTHING, "call"),
            ("CAMPAIGN_INACTIVE", somebody(), campaign(active=False), "call"),
            ("VOICE_AGENT_NOT_CONFIGURED", somebody(), campaign(agent_configured=False), "call"),
            ("SMS_AGENT_NOT_CONFIGURED", somebody(), campaign(agent_configured=False), "sms"),
            ("MISSING_PHONE_NUMBER", somebody(), replace(ANYTHING, sender=SenderTerms(None)), "call"),
            ("SENDER_NOT_REGISTERED", somebody(), replace(ANYTHING, sender=SenderTerms("+1", registered=False)), "sms"),
            ("DO_NOT_CALL", somebody(suppressions=(asked_to_stop(),)), ANYTHING, "call"),
            ("CONSENT_MISSING", somebody(consents=()), ANYTHING, "call"),
            ("DESTINATION_NOT_ALLOWED", number(NumberKind.PREMIUM), ANYTHING, "call"),
            ("PLATFORM_ON_HOLD", somebody(), replace(ANYTHING, hold=HoldTerms(("operator: stop all",))), "call"),
        ],
    )
    def test_waiting_does_not_cure_it(self, expected: Code, contact: Contact, terms: Terms, channel: Channel) -> None:
        decision = ask(contact, terms=terms, channel=channel)

        assert isinstance(decision, Deny)
        assert decision.code == expected

    def test_a_call_that_has_not_ended_blocks_another(self) -> None:
        decision = ask(history=History(call_in_progress=True))

        assert isinstance(decision, Deny)
        assert decision.code == "CALL_IN_PROGRESS"

    def test_a_call_that_has_not_ended_blocks_no_text(self) -> None:
        assert isinstance(ask(history=History(call_in_progress=True), channel="sms"), Allow)

    def test_the_campaign_gives_up_after_its_last_attempt(self) -> None:
        decision = ask(history=tried(TUESDAY_NOON - timedelta(days=30)), terms=campaign(max_attempts=1))

        assert isinstance(decision, Deny)
        assert decision.code == "MAX_ATTEMPTS_REACHED"

    def test_at_night_the_morning_is_named(self) -> None:
        decision = ask(at=NIGHT)

        assert isinstance(decision, Hold)
        assert decision.code == "OUTSIDE_LEGAL_HOURS"
        assert decision.until == local("America/New_York", "2027-03-03 08:00")

    def test_a_full_day_is_over_when_its_first_attempt_is_a_day_old(self) -> None:
        times = [TUESDAY_NOON - timedelta(hours=hours) for hours in (2, 3, 4)]

        decision = ask(history=tried(*times))

        assert isinstance(decision, Hold)
        assert (decision.code, decision.until) == ("FREQUENCY_CAP", local("America/New_York", "2027-03-03 08:00"))

    def test_outside_the_campaigns_hours_its_opening_is_named(self) -> None:
        decision = ask(at=local("America/New_York", "2027-03-06 12:00"), terms=campaign(hours=WORKING_WEEK))

        assert isinstance(decision, Hold)
        assert decision.code == "OUTSIDE_OPERATING_HOURS"
        assert decision.until == local("America/New_York", "2027-03-08 09:00")

    def test_a_gap_ends_after_its_minutes(self) -> None:
        decision = ask(history=tried(TUESDAY_NOON - timedelta(minutes=10)), terms=campaign(min_gap_minutes=60))

        assert isinstance(decision, Hold)
        assert (decision.code, decision.until) == ("MIN_GAP_NOT_ELAPSED", TUESDAY_NOON + timedelta(minutes=50))

    def test_the_daily_attempts_come_back(self) -> None:
        decision = ask(history=tried(TUESDAY_NOON - timedelta(hours=20)), terms=campaign(max_attempts_per_day=1))

        assert isinstance(decision, Hold)
        assert (decision.code, decision.until) == ("MAX_ATTEMPTS_REACHED", TUESDAY_NOON + timedelta(hours=4))


class TestWithoutRules:
    @pytest.mark.parametrize("contact", [somebody(), number(NumberKind.SANDBOX), number(NumberKind.INVALID, None)])
    def test_nobody_is_contacted(self, contact: Contact) -> None:
        decision = decide(contact, Intent("call", "reply", TUESDAY_NOON), History(), ANYTHING, None)

        assert isinstance(decision, Deny)
        assert decision.code == "RULES_UNAVAILABLE"


class TestSeveralRefusals:
    def test_all_are_told_in_the_order_of_the_contract(self) -> None:
        everything_wrong = replace(
            campaign(active=False, agent_configured=False, hours=WORKING_WEEK, min_gap_minutes=600, max_attempts=1),
            sender=SenderTerms(None),
            hold=HoldTerms(("operator: stop all",)),
        )
        contact = somebody(number=Number("x", NumberKind.INVALID, "GB"), consents=(), suppressions=(asked_to_stop(),))
        history = replace(tried(*[NIGHT - timedelta(hours=n) for n in (1, 2, 3)]), call_in_progress=True)

        decision = ask(contact, NIGHT, terms=everything_wrong, history=history)

        order = list(get_args(Code))
        told = codes(decision)
        assert told == sorted(told, key=order.index)
        assert set(order) - set(told) == {"SMS_AGENT_NOT_CONFIGURED", "SENDER_NOT_REGISTERED", "RULES_UNAVAILABLE"}

    def test_one_that_time_does_not_cure_makes_it_final(self) -> None:
        decision = ask(somebody(consents=()), NIGHT)

        assert isinstance(decision, Deny)
        assert codes(decision) == ["CONSENT_MISSING", "OUTSIDE_LEGAL_HOURS"]

    def test_the_earlier_code_names_a_refusal_that_time_cures(self) -> None:
        times = [NIGHT - timedelta(hours=hours) for hours in (1, 2, 3)]

        decision = ask(at=NIGHT, history=tried(*times))

        assert isinstance(decision, Hold)
        assert decision.code == "OUTSIDE_LEGAL_HOURS"
        assert decision.until == NIGHT + timedelta(hours=21)

    def test_a_consent_that_runs_out_before_the_morning_does_not_hold(self) -> None:
        agreed = replace(somebody().consents[0], expires_at=NIGHT + timedelta(hours=1))

        decision = ask(somebody(consents=(agreed,)), NIGHT)

        assert isinstance(decision, Deny)
        assert decision.code == "OUTSIDE_LEGAL_HOURS"
        assert "us.federal.consent" in against(decision)["us.federal.hours"]

    def test_hours_that_never_meet_are_no_reason_to_wait(self) -> None:
        before_dawn = tuple(replace(day, start=5 * 60, end=7 * 60) for day in WORKING_WEEK)

        decision = ask(terms=campaign(hours=before_dawn))

        assert isinstance(decision, Deny)
        assert decision.code == "OUTSIDE_OPERATING_HOURS"


class TestWhatIsAllowed:
    def test_every_rule_that_was_asked_is_named_with_its_version(self) -> None:
        decision = ask(terms=campaign(hours=WORKING_WEEK, min_gap_minutes=240, max_attempts=6))

        assert isinstance(decision, Allow)
        named = {reason.rule_id for reason in decision.reasons}
        assert named >= {
            "us.federal.hours", "us.federal.frequency", "us.federal.consent", "us.federal.do_not_call",
            "us.federal.margin", "campaign.hours", "campaign.min_gap", "campaign.max_attempts", "platform.hold",
        }  # fmt: skip
        assert {reason.version for reason in decision.reasons} == {shipped().version}

    def test_every_rule_that_is_named_can_be_explained(self) -> None:
        everything = campaign(hours=WORKING_WEEK, min_gap_minutes=1, max_attempts=9, max_attempts_per_day=9)
        decision = ask(somebody(NEW_YORK), terms=replace(everything, test_key=True))

        assert all(shipped().text(reason.rule_id) for reason in decision.reasons)

    def test_the_latest_start_is_the_first_closing(self) -> None:
        decision = ask(terms=campaign(hours=WORKING_WEEK))

        assert isinstance(decision, Allow)
        assert decision.latest_start == local("America/New_York", "2027-03-02 20:00")

    def test_a_time_in_another_zone_is_the_same_instant(self) -> None:
        there = NIGHT.astimezone(local("Asia/Tokyo", "2027-01-01").tzinfo)

        assert code(ask(at=there)) == "OUTSIDE_LEGAL_HOURS"

    def test_the_rules_of_the_house_are_not_in_the_book(self) -> None:
        assert not [rule_id for rule_id in HOUSE_RULES if shipped().rule(rule_id)]
