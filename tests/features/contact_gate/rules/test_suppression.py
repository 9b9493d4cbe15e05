"""Do-not-call, national registries, and the one text that may follow an opt-out."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from leadsail.features.contact_gate.models import (
    Allow,
    Channel,
    Consent,
    Contact,
    Deny,
    History,
    HoldTerms,
    Purpose,
    Registry,
    RegistryFact,
    SenderTerms,
)
from leadsail.foundation.geography import Number, NumberKind, Place
from tests.features.contact_gate.rules.situations import (
    AGREED,
    ANYTHING,
    LONG_AGO,
    TUESDAY_NOON,
    against,
    ask,
    asked_to_stop,
    campaign,
    code,
    codes,
    local,
    somebody,
)

OURS = "+12025550100"
ARIZONA = Place("US", "AZ", "America/Phoenix")
LONDON = Place("GB", None, "Europe/London")
TORONTO = Place("CA", "ON", "America/Toronto")


def listed(registry: Registry, place: Place, *, is_listed: bool = False, days: float = 1, **known: object) -> Contact:
    number = Number("+1", NumberKind.GEOGRAPHIC, place.country)
    fact = RegistryFact(registry, is_listed, TUESDAY_NOON - timedelta(days=days))
    return replace(somebody(place, number=number), registries=(fact,), **known)  # type: ignore[arg-type] # fields of a contact


class TestWhoeverAskedToBeLeftAlone:
    @pytest.mark.parametrize("channel", get_args(Channel))
    @pytest.mark.parametrize("purpose", ["marketing", "informational", "callback", "reply"])
    def test_is_left_alone_on_every_channel(self, channel: Channel, purpose: Purpose) -> None:
        decision = ask(somebody(suppressions=(asked_to_stop(),)), channel=channel, purpose=purpose)

        assert isinstance(decision, Deny)
        assert decision.code == "DO_NOT_CALL"

    def test_is_left_alone_on_their_other_number(self) -> None:
        decision = ask(somebody(suppressions=(asked_to_stop(number_is_dialed_one=False),)))

        assert "Another number of the same person" in against(decision)["us.federal.do_not_call"]

    def test_is_reached_again_by_the_sender_they_restarted(self) -> None:
        decision = ask(somebody(suppressions=(asked_to_stop(lifted_for={OURS}),)))

        assert isinstance(decision, Allow)
        assert any(OURS in reason.detail for reason in decision.reasons if reason.rule_id == "us.federal.do_not_call")

    def test_is_not_reached_by_another_sender(self) -> None:
        assert code(ask(somebody(suppressions=(asked_to_stop(lifted_for={"+13035550100"}),)))) == "DO_NOT_CALL"

    def test_one_entry_that_stands_is_enough(self) -> None:
        entries = (asked_to_stop(lifted_for={OURS}), asked_to_stop(number_is_dialed_one=False))

        assert code(ask(somebody(suppressions=entries))) == "DO_NOT_CALL"

    @pytest.mark.parametrize("country", ["US", "CA", "GB", "FR", "BR"])
    def test_holds_in_every_country(self, country: str) -> None:
        contact = somebody(Place(country, None, "Europe/London"), suppressions=(asked_to_stop(),))

        assert code(ask(contact)) == "DO_NOT_CALL"

    def test_is_not_forgotten_by_a_clock_that_went_back(self) -> None:
        assert code(ask(somebody(suppressions=(asked_to_stop(),)), LONG_AGO - timedelta(days=9))) == "DO_NOT_CALL"


class TestNationalRegistries:
    @pytest.mark.parametrize(
        ("registry", "place", "days"), [("ca_dncl", TORONTO, 31), ("gb_tps", LONDON, 28), ("us_dnc", ARIZONA, 31)]
    )
    def test_an_import_may_be_so_old(self, registry: Registry, place: Place, days: int) -> None:
        channel: Channel = "sms" if place is ARIZONA else "call"

        on_the_day = ask(listed(registry, place, days=days), channel=channel)
        a_minute_later = ask(listed(registry, place, days=days + 1 / 1440), channel=channel)

        assert "DO_NOT_CALL" not in codes(on_the_day)
        assert "DO_NOT_CALL" in codes(a_minute_later)

    @pytest.mark.parametrize(("registry", "place"), [("ca_dncl", TORONTO), ("gb_tps", LONDON)])
    def test_a_listed_number_gets_no_advertising_call(self, registry: Registry, place: Place) -> None:
        assert "DO_NOT_CALL" in codes(ask(listed(registry, place, is_listed=True)))

    def test_an_informational_call_is_none(self) -> None:
        assert "DO_NOT_CALL" not in codes(ask(listed("ca_dncl", TORONTO, is_listed=True), purpose="informational"))

    def test_without_any_import_nobody_is_called(self) -> None:
        contact = replace(listed("ca_dncl", TORONTO), registries=(RegistryFact("us_dnc", False, TUESDAY_NOON),))

        assert "never imported" in against(ask(contact))["ca.registry"]

    def test_an_import_of_the_future_is_none(self) -> None:
        assert "DO_NOT_CALL" in codes(ask(listed("ca_dncl", TORONTO, days=-1)))

    def test_from_24_days_on_the_decision_warns(self) -> None:
        decision = ask(listed("ca_dncl", TORONTO, days=24))

        assert any("import it again soon" in reason.detail for reason in decision.reasons)

    def test_the_us_registry_gives_way_to_an_agreement_in_writing(self) -> None:
        contact = somebody(registries=(RegistryFact("us_dnc", True, TUESDAY_NOON),))

        assert isinstance(ask(contact), Allow)

    def test_the_us_registry_binds_without_one(self) -> None:
        contact = somebody(
            registries=(RegistryFact("us_dnc", True, TUESDAY_NOON),),
            consents=(Consent("express", "lead", LONG_AGO),),
        )

        assert codes(ask(contact)) == ["DO_NOT_CALL", "CONSENT_MISSING"]

    def test_arizona_lets_no_agreement_text_a_listed_number(self) -> None:
        contact = listed("us_dnc", ARIZONA, is_listed=True)

        assert list(against(ask(contact, channel="sms"))) == ["us.az.registry"]
        assert "DO_NOT_CALL" not in codes(ask(contact))

    def test_a_registry_knows_its_own_countrys_numbers_only(self) -> None:
        american_in_london = replace(somebody(LONDON), registries=())

        assert "gb.registry" not in against(ask(american_in_london))


class TestTheConfirmationOfAnOptOut:
    """The one thing that passes the list: a text, within five minutes, once."""

    CONTACT = somebody(suppressions=(asked_to_stop(),), consents=())

    def confirm(
        self, after: timedelta = timedelta(seconds=30), channel: Channel = "sms", confirmations: int = 0
    ) -> object:
        history = History(opted_out_at=TUESDAY_NOON - after, confirmations=confirmations)
        return ask(self.CONTACT, channel=channel, purpose="opt_out_confirmation", history=history)

    def test_goes_out_despite_the_list_and_without_consent(self) -> None:
        assert isinstance(self.confirm(), Allow)

    def test_goes_out_at_night_and_when_the_campaign_is_over(self) -> None:
        night = local("America/New_York", "2027-03-02 23:00")

        decision = ask(
            self.CONTACT, night, channel="sms", purpose="opt_out_confirmation", terms=campaign(active=False),
            history=History(opted_out_at=night),
        )  # fmt: skip

        assert isinstance(decision, Allow)
        assert decision.latest_start == night + timedelta(minutes=5)

    def test_goes_out_until_five_minutes_have_passed(self) -> None:
        assert isinstance(self.confirm(timedelta(minutes=5)), Allow)
        assert isinstance(self.confirm(timedelta(minutes=5, seconds=1)), Deny)

    def test_goes_out_once(self) -> None:
        assert isinstance(self.confirm(confirmations=1), Deny)

    def test_is_never_a_call(self) -> None:
        assert isinstance(self.confirm(channel="call"), Deny)

    def test_needs_an_opt_out(self) -> None:
        assert isinstance(ask(self.CONTACT, channel="sms", purpose="opt_out_confirmation"), Deny)

    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            (replace(ANYTHING, hold=HoldTerms(("restored_backup",))), "PLATFORM_ON_HOLD"),
            (replace(ANYTHING, sender=SenderTerms(None)), "MISSING_PHONE_NUMBER"),
            (replace(ANYTHING, sender=SenderTerms(OURS, registered=False)), "SENDER_NOT_REGISTERED"),
        ],
    )
    def test_is_stopped_by_what_stops_every_text(self, terms: object, expected: str) -> None:
        decision = ask(
            self.CONTACT, channel="sms", purpose="opt_out_confirmation", history=History(opted_out_at=TUESDAY_NOON),
            terms=terms,  # type: ignore[arg-type] # the terms of the table
        )  # fmt: skip

        assert code(decision) == expected


class TestAReply:
    def test_needs_neither_hours_nor_consent_nor_room(self) -> None:
        night = local("America/New_York", "2027-03-02 23:00")

        decision = ask(
            somebody(consents=()), night, channel="sms", purpose="reply", terms=campaign(min_gap_minutes=600)
        )

        assert isinstance(decision, Allow)

    def test_needs_a_campaign_that_is_active(self) -> None:
        assert code(ask(channel="sms", purpose="reply", terms=campaign(active=False))) == "CAMPAIGN_INACTIVE"

    def test_a_person_with_an_agreement_is_no_exception_to_the_list(self) -> None:
        contact = somebody(consents=(AGREED,), suppressions=(asked_to_stop(),))

        assert code(ask(contact, channel="sms", purpose="reply")) == "DO_NOT_CALL"
