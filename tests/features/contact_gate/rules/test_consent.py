"""Consent: which agreement is enough for what, enumerated, and why one that is there may not count."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from leadsail.features.contact_gate.models import (
    Allow,
    Channel,
    Consent,
    ConsentKind,
    Contact,
    Purpose,
    Reassignment,
)
from leadsail.foundation.geography import Place
from tests.features.contact_gate.rules.situations import (
    AGREED,
    LONG_AGO,
    NEW_YORK,
    TUESDAY_NOON,
    against,
    ask,
    codes,
    somebody,
    tenant,
)

STRENGTH: list[ConsentKind] = ["none", "express", "written", "automated_call"]
PLACES = {
    "US": NEW_YORK,
    "US-CT": Place("US", "CT", "America/New_York"),
    "CA": Place("CA", "ON", "America/Toronto"),
    "GB": Place("GB", None, "Europe/London"),
    "FR": Place("FR", None, "Europe/Paris"),
    "DE": Place("DE", None, "Europe/Berlin"),
    "IT": Place("IT", None, "Europe/Rome"),
    "BR": Place("BR", None, "America/Sao_Paulo"),
}
# The weakest agreement that is enough: (call, text) for marketing and callbacks, then for information.
NEEDED: dict[str, tuple[tuple[ConsentKind, ConsentKind], tuple[ConsentKind, ConsentKind]]] = {
    "US": (("written", "written"), ("express", "express")),
    "US-CT": (("written", "written"), ("express", "express")),
    "CA": (("express", "written"), ("express", "express")),
    "GB": (("automated_call", "written"), ("automated_call", "written")),
    "FR": (("automated_call", "written"), ("automated_call", "written")),
    "DE": (("automated_call", "written"), ("automated_call", "written")),
    "IT": (("automated_call", "written"), ("automated_call", "written")),
    "BR": (("automated_call", "written"), ("automated_call", "written")),
}
MATRIX = list(product(NEEDED, get_args(Channel), get_args(Purpose), STRENGTH))


def needed(place: str, channel: str, purpose: str) -> ConsentKind:
    if purpose in {"reply", "opt_out_confirmation"}:
        return "none"
    marketing, informational = NEEDED[place]
    return (informational if purpose == "informational" else marketing)[channel == "sms"]


def agreed(kind: ConsentKind = "written", **terms: object) -> Contact:
    return somebody(consents=(replace(Consent(kind, "lead", LONG_AGO), **terms),))  # type: ignore[arg-type] # a test names fields it knows


class TestWhatIsEnough:
    @pytest.mark.parametrize(("place", "channel", "purpose", "kind"), MATRIX)
    def test_an_agreement_counts_from_the_needed_kind_on(
        self, place: str, channel: Channel, purpose: Purpose, kind: ConsentKind
    ) -> None:
        contact = somebody(PLACES[place], consents=(Consent(kind, "lead", LONG_AGO),))

        is_missing = "CONSENT_MISSING" in codes(ask(contact, channel=channel, purpose=purpose))

        assert is_missing == (STRENGTH.index(kind) < STRENGTH.index(needed(place, channel, purpose)))

    @pytest.mark.parametrize("place", NEEDED)
    @pytest.mark.parametrize("purpose", ["marketing", "informational", "callback"])
    def test_nothing_at_all_is_never_enough(self, place: str, purpose: Purpose) -> None:
        assert "CONSENT_MISSING" in codes(ask(somebody(PLACES[place], consents=()), purpose=purpose))

    def test_the_strictest_of_several_places_decides(self) -> None:
        contact = somebody(NEW_YORK, PLACES["GB"], consents=(Consent("written", "lead", LONG_AGO),))

        assert list(against(ask(contact, TUESDAY_NOON))) == ["gb.consent_calls"]

    def test_every_place_is_asked_whichever_comes_first(self) -> None:
        contact = somebody(PLACES["CA"], NEW_YORK, consents=(Consent("express", "lead", LONG_AGO),))

        assert list(against(ask(contact))) == ["us.federal.consent"]

    def test_the_refusal_names_what_is_missing_and_where_to_put_it(self) -> None:
        told = against(ask(agreed("express")))["us.federal.consent"]

        assert "needs an agreement in writing" in told
        assert "express (lead) of 2020-01-01 00:00 UTC: it is an express agreement" in told
        assert "`compliance`" in told
        assert "`consentBasis`" in told


class TestAnAgreementThatDoesNotCount:
    @pytest.mark.parametrize(
        ("terms", "why"),
        [
            ({"given_at": TUESDAY_NOON + timedelta(seconds=1)}, "lies in the future"),
            ({"expires_at": TUESDAY_NOON}, "expired on 2027-03-02 17:00 UTC"),
            ({"channels": frozenset({"sms"})}, "covers sms and not call"),
            ({"kind": "none"}, "no agreement at all"),
        ],
    )
    def test_the_refusal_says_why(self, terms: dict[str, object], why: str) -> None:
        assert why in against(ask(agreed(**terms)))["us.federal.consent"]  # type: ignore[arg-type] # fields of a consent

    @pytest.mark.parametrize(
        "terms",
        [
            {"given_at": TUESDAY_NOON},
            {"given_at": None},
            {"expires_at": TUESDAY_NOON + timedelta(seconds=1)},
            {"channels": frozenset({"sms", "call"})},
        ],
    )
    def test_at_its_edge_it_counts(self, terms: dict[str, object]) -> None:
        assert isinstance(ask(agreed(**terms)), Allow)  # type: ignore[arg-type] # fields of a consent

    def test_one_that_counts_is_enough_among_several(self) -> None:
        expired = replace(AGREED, expires_at=LONG_AGO)

        assert isinstance(ask(somebody(consents=(expired, AGREED))), Allow)


class TestSellersNamed:
    OTHERS = ("Other Roofs Inc", "Third Party")

    def test_a_text_needs_this_business_among_them(self) -> None:
        told = against(ask(agreed(sellers=self.OTHERS), channel="sms"))["us.federal.consent"]

        assert "it was given to Other Roofs Inc, Third Party and not to this business" in told

    @pytest.mark.parametrize("spelling", ["Sunny Solar", "SUNNY SOLAR", "sunny-solar", " Sunny  Solar. "])
    def test_its_name_may_be_spelled_in_other_ways(self, spelling: str) -> None:
        assert isinstance(ask(agreed(sellers=("Other", spelling)), channel="sms"), Allow)

    def test_a_call_passes_with_a_warning(self) -> None:
        decision = ask(agreed(sellers=self.OTHERS))

        assert isinstance(decision, Allow)
        assert any("names other sellers only" in reason.detail for reason in decision.reasons)

    def test_a_strict_tenant_asks_it_of_calls_too(self) -> None:
        assert codes(ask(agreed(sellers=self.OTHERS), terms=tenant(sellers_strict=True))) == ["CONSENT_MISSING"]

    @pytest.mark.parametrize("channel", ["call", "sms"])
    def test_none_named_binds_nobody(self, channel: Channel) -> None:
        assert isinstance(ask(agreed(), channel=channel, terms=tenant(sellers_strict=True)), Allow)

    @pytest.mark.parametrize("place", ["GB", "FR", "IT", "BR", "CA"])
    def test_elsewhere_it_is_asked_always(self, place: str) -> None:
        contact = somebody(PLACES[place], consents=(replace(AGREED, sellers=self.OTHERS),))

        assert "CONSENT_MISSING" in codes(ask(contact))


class TestANumberThatChangedHands:
    GIVEN = TUESDAY_NOON - timedelta(days=60)

    def contact(self, answer: str | None, asked_at: datetime | None = None) -> Contact:
        check = None if answer is None else Reassignment(answer, asked_at or TUESDAY_NOON)  # type: ignore[arg-type] # as enumerated
        return replace(agreed(given_at=self.GIVEN), reassignment=check)

    def test_takes_no_agreement_with_it(self) -> None:
        decision = ask(self.contact("yes"))

        assert codes(decision) == ["CONSENT_MISSING"]
        assert "changed hands" in against(decision)["us.federal.reassigned"]

    def test_an_agreement_of_the_new_owner_counts(self) -> None:
        assert isinstance(ask(self.contact("yes", self.GIVEN - timedelta(days=1))), Allow)

    @pytest.mark.parametrize("answer", ["no", "no_data", None])
    def test_without_a_yes_nothing_is_lost(self, answer: str | None) -> None:
        assert isinstance(ask(self.contact(answer)), Allow)

    @pytest.mark.parametrize(
        ("answer", "asked_days_ago", "is_allowed"),
        [(None, 0, False), ("no_data", 1, False), ("no", 31, False), ("no", 30, True), ("no", 1, True)],
    )
    def test_a_tenant_may_ask_for_a_check(self, answer: str | None, asked_days_ago: int, is_allowed: bool) -> None:  # noqa: FBT001 - a column of the table
        contact = self.contact(answer, TUESDAY_NOON - timedelta(days=asked_days_ago))

        decision = ask(contact, terms=tenant(reassigned_check_days=30))

        assert isinstance(decision, Allow) == is_allowed

    def test_a_young_agreement_needs_no_check(self) -> None:
        assert isinstance(ask(self.contact(None), terms=tenant(reassigned_check_days=60)), Allow)

    def test_what_sells_nothing_needs_no_check(self) -> None:
        decision = ask(self.contact(None), purpose="informational", terms=tenant(reassigned_check_days=30))

        assert isinstance(decision, Allow)
