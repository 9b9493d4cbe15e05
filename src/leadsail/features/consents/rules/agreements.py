"""What a lead, its campaign and a recorded consent say about what somebody agreed to. Values in, consents out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadsail.features.consents.models import Consent, ConsentKind

_KINDS: dict[Any, ConsentKind] = {"express": "express", "written": "written", "automated_call": "automated_call"}
_CERTIFIED_BY = ("ipAddress", "consentPageUrl", "trustedFormCertUrl", "jornayaLeadId")
"""What ties a written agreement to somebody; one of these must be there."""
_EVIDENCE = ("text", "pageUrl", "ipAddress", "trustedFormCertUrl", "jornayaLeadId")

Body = Mapping[str, Any]


def of_lead(lead: Body | None, campaign: Body | None) -> Consent | None:
    """What a lead's `compliance` says, with the `consentBasis` of its campaign for what the lead does not tell itself.

    Without `tcpaConsent` there is no consent, and with `consentKind` "none" there is none either, since of two
    contradictory statements the stricter one counts (contract 7.3).
    """
    told: Body = (lead or {}).get("compliance") or {}
    if told.get("tcpaConsent") is not True or told.get("consentKind") == "none":
        return None
    basis: Body = (campaign or {}).get("consentBasis") or {}
    own = _own_kind(told)
    return Consent(
        kind=own or _KINDS.get(basis.get("kind")) or _kind_by_evidence(told),
        source="campaign" if basis and not own else "lead",
        given_at=_instant(told.get("consentAt")),
        channels=frozenset(basis.get("channels") or ()),
        sellers=tuple(told.get("sellers") or basis.get("sellers") or ()),
        evidence=_evidence_of_lead(told, basis),
    )


def _own_kind(told: Body) -> ConsentKind | None:
    """The kind that the lead states itself, which counts where it also says what was agreed to and when."""
    return _KINDS.get(told.get("consentKind")) if _has_text_and_time(told) else None


def _kind_by_evidence(told: Body) -> ConsentKind:
    certified = any(told.get(name) for name in _CERTIFIED_BY)
    return "written" if certified and _has_text_and_time(told) else "express"


def _has_text_and_time(told: Body) -> bool:
    return bool(str(told.get("consentText") or "").strip()) and _instant(told.get("consentAt")) is not None


def _evidence_of_lead(told: Body, basis: Body) -> dict[str, object]:
    evidence = {
        "text": told.get("consentText") or basis.get("text"),
        "pageUrl": told.get("consentPageUrl") or basis.get("pageUrl"),
        "ipAddress": told.get("ipAddress"),
        "trustedFormCertUrl": told.get("trustedFormCertUrl"),
        "jornayaLeadId": told.get("jornayaLeadId"),
        "attestedBy": basis.get("attestedBy"),
        "attestedAt": basis.get("attestedAt"),
    }
    return {name: value for name, value in evidence.items() if value}


def of_record(consent_id: str, source: str, body: Body) -> Consent:
    """What a recorded consent says; `body` is its stored form."""
    evidence = {name: body[name] for name in _EVIDENCE if name in body}
    return Consent(
        kind=body["kind"],
        source=source,
        given_at=_instant(body["givenAt"]),
        channels=frozenset(body["channels"]),
        sellers=tuple(body["sellers"]),
        expires_at=_instant(body.get("expiresAt")),
        evidence={"consentId": consent_id} | evidence,
    )


def is_in_force(consent: Consent, at: datetime) -> bool:
    """Whether a consent that nobody withdrew counts at this instant: it was given by then and has not run out."""
    begun = consent.given_at is None or consent.given_at <= at
    return begun and (consent.expires_at is None or at < consent.expires_at)


def contradictions(given_at: datetime, expires_at: datetime | None, *, is_somebodys: bool, now: datetime) -> list[str]:
    """One line for each thing in a consent to be recorded that cannot be true of it."""
    faults = {
        "phone: give the phone, or the leadId of whom it belongs to": not is_somebodys,
        "givenAt: must not lie in the future": given_at > now,
        "expiresAt: must lie after givenAt": expires_at is not None and expires_at <= given_at,
    }
    return [line for line, holds in faults.items() if holds]


def _instant(text: object) -> datetime | None:
    """An instant of the wire form; None for what is none, which a lead may hold in fields of its own."""
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None
