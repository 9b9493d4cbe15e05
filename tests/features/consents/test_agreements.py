"""What a lead and its campaign say about what somebody agreed to, as pure decisions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadsail.features.consents.models import Consent
from leadsail.features.consents.rules.agreements import is_in_force, of_lead, of_record

GIVEN = datetime(2026, 1, 2, 15, 4, 5, tzinfo=UTC)
TOLD: dict[str, Any] = {"tcpaConsent": True, "consentText": "I agree.", "consentAt": "2026-01-02T15:04:05.000Z"}
BASIS = {
    "kind": "written",
    "text": "They all agreed.",
    "pageUrl": "https://sunny.example/quote",
    "sellers": ["Sunny Solar"],
    "channels": ["call"],
    "attestedBy": "Maria Diaz",
    "attestedAt": "2026-01-01T00:00:00.000Z",
}


def told(basis: dict[str, Any] | None = None, **compliance: Any) -> Consent | None:
    campaign = None if basis is None else {"campaignId": "HXZ", "consentBasis": basis}
    return of_lead({"compliance": compliance}, campaign)


def kind_of(basis: dict[str, Any] | None = None, **compliance: Any) -> str | None:
    consent = told(basis, **compliance)
    return consent.kind if consent else None


class TestWithoutConsent:
    @pytest.mark.parametrize("said", [{}, {"tcpaConsent": False}, {"tcpaConsent": None}, {"tcpaConsent": "yes"}])
    @pytest.mark.parametrize("basis", [None, BASIS])
    def test_nothing_that_surrounds_it_counts(self, said: dict[str, Any], basis: dict[str, Any] | None) -> None:
        around = TOLD | {"ipAddress": "203.0.113.7", "consentKind": "written"}
        del around["tcpaConsent"]

        assert told(basis, **around | said) is None

    def test_a_kind_of_none_contradicts_and_wins(self) -> None:
        assert told(BASIS, **TOLD, consentKind="none") is None

    def test_a_lead_without_compliance_says_nothing(self) -> None:
        assert of_lead({}, {"consentBasis": BASIS}) is None
        assert of_lead(None, {"consentBasis": BASIS}) is None


class TestALeadsOwnConsent:
    def test_is_express_where_nothing_proves_more(self) -> None:
        assert told(tcpaConsent=True) == Consent("express", "lead", None)

    @pytest.mark.parametrize("certified", ["ipAddress", "consentPageUrl", "trustedFormCertUrl", "jornayaLeadId"])
    def test_is_written_with_text_time_and_who(self, certified: str) -> None:
        assert kind_of(**TOLD | {certified: "https://a.example/"}) == "written"

    @pytest.mark.parametrize(
        "lacking", [{"consentText": None}, {"consentText": " "}, {"consentAt": None}, {"ipAddress": None}]
    )
    def test_is_not_written_when_any_part_is_missing(self, lacking: dict[str, Any]) -> None:
        assert kind_of(**TOLD | {"ipAddress": "203.0.113.7"} | lacking) == "express"

    @pytest.mark.parametrize("kind", ["express", "written", "automated_call"])
    def test_is_of_the_kind_that_it_states_with_text_and_time(self, kind: str) -> None:
        assert kind_of(**TOLD, consentKind=kind) == kind

    @pytest.mark.parametrize("lacking", [{"consentText": None}, {"consentAt": None}, {"consentAt": "yesterday"}])
    def test_is_not_believed_a_kind_without_text_and_time(self, lacking: dict[str, Any]) -> None:
        assert kind_of(**TOLD | {"consentKind": "automated_call"} | lacking) == "express"

    @pytest.mark.parametrize("kind", ["spoken", 7, ["written"], {"kind": "written"}])
    def test_is_judged_by_its_evidence_where_the_kind_is_unknown(self, kind: Any) -> None:
        assert kind_of(**TOLD, consentKind=str(kind)) == "express"

    def test_tells_everything_that_proves_it(self) -> None:
        evidence: dict[str, Any] = {
            "ipAddress": "203.0.113.7",
            "trustedFormCertUrl": "https://cert.example/1",
            "jornayaLeadId": "0A1B",
        }

        consent = told(**TOLD, **evidence, sellers=["Sunny Solar"], consentPageUrl="https://sunny.example/")

        assert consent == Consent(
            "written",
            "lead",
            GIVEN,
            sellers=("Sunny Solar",),
            evidence={"text": "I agree.", "pageUrl": "https://sunny.example/"} | evidence,
        )


class TestACampaignsConsentBasis:
    def test_speaks_for_a_lead_that_says_no_more_than_yes(self) -> None:
        assert told(BASIS, tcpaConsent=True) == Consent(
            "written",
            "campaign",
            None,
            channels=frozenset({"call"}),
            sellers=("Sunny Solar",),
            evidence={name: BASIS[name] for name in ("text", "pageUrl", "attestedBy", "attestedAt")},
        )

    def test_gives_its_kind_to_what_the_lead_tells(self) -> None:
        consent = told(BASIS | {"kind": "express"}, **TOLD, ipAddress="203.0.113.7")

        assert consent is not None
        assert (consent.kind, consent.source, consent.given_at) == ("express", "campaign", GIVEN)

    def test_yields_to_what_the_lead_tells_itself(self) -> None:
        consent = told(BASIS, **TOLD, sellers=["Moonlight"], consentPageUrl="https://own.example/")

        assert consent is not None
        assert consent.sellers == ("Moonlight",)
        assert (consent.evidence["text"], consent.evidence["pageUrl"]) == ("I agree.", "https://own.example/")

    def test_yields_to_a_kind_that_the_lead_states(self) -> None:
        consent = told(BASIS, **TOLD, consentKind="automated_call")

        assert consent is not None
        assert (consent.kind, consent.source) == ("automated_call", "lead")

    def test_names_sellers_where_the_lead_names_none(self) -> None:
        consent = told(BASIS, **TOLD, sellers=[])

        assert consent is not None
        assert consent.sellers == ("Sunny Solar",)


class TestAConsentInForce:
    @pytest.mark.parametrize(
        ("given", "expires", "counts"),
        [
            (None, None, True),
            (timedelta(0), None, True),
            (timedelta(milliseconds=1), None, False),
            (timedelta(days=-1), timedelta(milliseconds=1), True),
            (timedelta(days=-1), timedelta(0), False),
        ],
    )
    def test_was_given_and_has_not_run_out(
        self,
        given: timedelta | None,
        expires: timedelta | None,
        counts: bool,  # noqa: FBT001 - the expected answer
    ) -> None:
        consent = Consent(
            "express",
            "api",
            None if given is None else GIVEN + given,
            expires_at=None if expires is None else GIVEN + expires,
        )

        assert is_in_force(consent, GIVEN) is counts


class TestARecordedConsent:
    def test_tells_what_was_recorded_and_where(self) -> None:
        body = {
            "kind": "automated_call",
            "text": "Yes.",
            "givenAt": "2026-01-02T15:04:05.000Z",
            "expiresAt": "2027-01-02T15:04:05.000Z",
            "channels": ["call"],
            "sellers": ["Sunny Solar"],
            "ipAddress": "203.0.113.7",
            "phone": "+14155552671",
        }

        assert of_record("consent_1", "import", body) == Consent(
            "automated_call",
            "import",
            GIVEN,
            channels=frozenset({"call"}),
            sellers=("Sunny Solar",),
            expires_at=GIVEN.replace(year=2027),
            evidence={"consentId": "consent_1", "text": "Yes.", "ipAddress": "203.0.113.7"},
        )
