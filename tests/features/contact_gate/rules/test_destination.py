"""Which numbers may be reached at all, and the sandbox, which reaches nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leadsail.features.contact_gate.models import Allow, Contact, Hold, HoldTerms, Purpose, SenderTerms
from leadsail.foundation.geography import Number, NumberKind, Place, PlaceSource
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
    tenant,
    tried,
)

CALIFORNIA = Place("US", "CA", "America/Los_Angeles")
NIGHT = local("America/New_York", "2027-03-02 23:00")


def number(kind: NumberKind, country: str | None = "US") -> Contact:
    return somebody(number=Number("+12125550123", kind, country))


class TestTheKindOfANumber:
    @pytest.mark.parametrize(
        "kind",
        [
            NumberKind.PREMIUM,
            NumberKind.EMERGENCY,
            NumberKind.SATELLITE,
            NumberKind.SHARED_COST,
            NumberKind.SPECIAL,
            NumberKind.UNKNOWN,
        ],
    )
    @pytest.mark.parametrize("purpose", ["marketing", "reply"])
    def test_some_are_never_reached(self, kind: NumberKind, purpose: Purpose) -> None:
        decision = ask(number(kind), purpose=purpose)

        assert code(decision) == "DESTINATION_NOT_ALLOWED"
        assert kind.lower() in against(decision)["destinations.numbers"]

    @pytest.mark.parametrize("kind", [NumberKind.GEOGRAPHIC, NumberKind.MOBILE, NumberKind.TOLL_FREE, NumberKind.VOIP])
    def test_others_are(self, kind: NumberKind) -> None:
        assert isinstance(ask(number(kind)), Allow)


class TestTheCountryOfANumber:
    def test_without_a_list_it_is_the_tenants_own(self) -> None:
        decision = ask(number(NumberKind.MOBILE, "JM"), terms=tenant(allowed_countries=frozenset()))

        assert "the number belongs to JM; allowed are US" in against(decision)["tenant.countries"]

    def test_with_a_list_it_is_one_of_these(self) -> None:
        terms = tenant(allowed_countries=frozenset({"JM"}))

        assert "tenant.countries" not in against(ask(number(NumberKind.MOBILE, "JM"), terms=terms))
        assert "tenant.countries" in against(ask(number(NumberKind.MOBILE, "US"), terms=terms))

    def test_a_number_of_no_country_counts_as_one_of_its_places(self) -> None:
        toll_free = number(NumberKind.TOLL_FREE, None)
        abroad = replace(
            toll_free,
            places=(PlaceSource(NEW_YORK, "unknown"), PlaceSource(Place("CA", "ON", "America/Toronto"), "unknown")),
        )

        assert isinstance(ask(toll_free), Allow)
        assert "the number belongs to CA" in against(ask(abroad))["tenant.countries"]

    def test_a_number_of_nowhere_is_not_reached(self) -> None:
        nowhere = replace(number(NumberKind.VOIP, None), places=())

        assert "not known" in against(ask(nowhere))["tenant.countries"]


class TestCalifornia:
    def test_calls_stay_off_until_the_tenant_acknowledges(self) -> None:
        decision = ask(somebody(CALIFORNIA), TUESDAY_NOON, terms=tenant(california_acknowledged=False))

        assert codes(decision) == ["DESTINATION_NOT_ALLOWED"]
        assert "`california_acknowledged`" in against(decision)["us.ca.ai_voice"]

    def test_calls_are_on_after_it(self) -> None:
        assert isinstance(ask(somebody(CALIFORNIA)), Allow)

    def test_texts_have_no_voice(self) -> None:
        assert isinstance(ask(somebody(CALIFORNIA), channel="sms", terms=tenant(california_acknowledged=False)), Allow)

    def test_a_person_who_could_be_there_counts(self) -> None:
        contact = somebody(NEW_YORK, CALIFORNIA)

        assert code(ask(contact, terms=tenant(california_acknowledged=False))) == "DESTINATION_NOT_ALLOWED"


class TestSenderRegistration:
    def test_is_asked_of_texts_to_the_united_states(self) -> None:
        terms = replace(ANYTHING, sender=SenderTerms("+12025550100", registered=False))

        assert code(ask(channel="sms", terms=terms)) == "SENDER_NOT_REGISTERED"
        assert isinstance(ask(channel="call", terms=terms), Allow)
        assert "SENDER_NOT_REGISTERED" not in codes(
            ask(somebody(Place("FR", None, "Europe/Paris")), channel="sms", terms=terms)
        )


class TestTheSandbox:
    """Its numbers are no persons: they have no law, but the business keeps its own word."""

    NUMBER = replace(
        number(NumberKind.SANDBOX, None), consents=(), registries=(), places=(PlaceSource(NEW_YORK, "tenant"),)
    )

    def test_needs_no_consent_and_knows_no_night(self) -> None:
        decision = ask(
            self.NUMBER, NIGHT, history=tried(*[NIGHT - timedelta(hours=1)] * 9), terms=tenant(max_attempts_per_day=1)
        )

        assert isinstance(decision, Allow)
        assert decision.latest_start is None

    def test_is_decided_by_a_rule_of_its_own(self) -> None:
        named = {reason.rule_id for reason in ask(self.NUMBER, NIGHT).reasons}

        assert "sandbox.numbers" in named
        assert not [rule_id for rule_id in named if rule_id.startswith(("us.", "world.", "destinations."))]
        assert "needs no consent" in shipped().text("sandbox.numbers")

    def test_is_all_that_a_test_key_reaches(self) -> None:
        terms = replace(ANYTHING, test_key=True)

        assert isinstance(ask(self.NUMBER, terms=terms), Allow)
        assert against(ask(terms=terms)).keys() == {"key.test"}
        assert code(ask(terms=terms)) == "DESTINATION_NOT_ALLOWED"

    def test_is_reached_by_other_keys_as_well(self) -> None:
        assert isinstance(ask(self.NUMBER), Allow)

    def test_keeps_the_campaigns_hours(self) -> None:
        decision = ask(self.NUMBER, NIGHT, terms=campaign(hours=WORKING_WEEK))

        assert isinstance(decision, Hold)
        assert decision.code == "OUTSIDE_OPERATING_HOURS"
        assert decision.until == local("America/New_York", "2027-03-03 09:00")

    def test_keeps_the_campaigns_gaps_and_caps(self) -> None:
        history = tried(NIGHT - timedelta(minutes=5))

        decision = ask(self.NUMBER, NIGHT, history=history, terms=campaign(min_gap_minutes=60, max_attempts=1))

        assert codes(decision) == ["MIN_GAP_NOT_ELAPSED", "MAX_ATTEMPTS_REACHED"]

    def test_is_left_alone_when_it_asks_for_it(self) -> None:
        assert code(ask(replace(self.NUMBER, suppressions=(asked_to_stop(),)))) == "DO_NOT_CALL"

    def test_is_held_with_everything_else(self) -> None:
        assert code(ask(self.NUMBER, terms=replace(ANYTHING, hold=HoldTerms(("operator",))))) == "PLATFORM_ON_HOLD"

    def test_needs_no_place(self) -> None:
        assert isinstance(ask(replace(self.NUMBER, places=())), Allow)
