"""Decisions as the gate makes them, for tests of what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from leadsail.features.contact_gate.models import (
    Allow,
    Consent,
    Contact,
    Decision,
    Deny,
    History,
    Intent,
    PastAttempt,
    Reason,
    RegistryFact,
    SenderTerms,
    TenantTerms,
    Terms,
)
from leadsail.features.contact_gate.service.requests import ContactRequest, Judgement, Knowledge
from leadsail.foundation.geography import Number, NumberKind, Place, PlaceSource

AT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
PHONE = "+14155552671"

ALLOWED = Allow((Reason("us.hours", "2026-11-22"),), latest_start=AT + timedelta(hours=3))
DENIED = Deny("DO_NOT_CALL", (Reason("person.do_not_call", "2026-11-22", "DO_NOT_CALL", "asked by text"),))


def judged(
    decision: Decision = ALLOWED, *, lead_id: str | None = "lead_1", interaction_id: str | None = None
) -> Judgement:
    """A decision about a call to Ann, who could be in two places and agreed in writing."""
    request = ContactRequest("call", lead_id=lead_id, interaction_id=interaction_id)
    return Judgement(decision, replace(_KNOWN, request=request, lead_id=lead_id))


_KNOWN = Knowledge(
    request=ContactRequest("call"),
    lead_id=None,
    contact=Contact(
        number=Number(PHONE, NumberKind.MOBILE, "US"),
        places=(
            PlaceSource(Place("US", "CA", "America/Los_Angeles"), "area_code"),
            PlaceSource(Place("US", "TX", "America/Chicago"), "address"),
        ),
        consents=(Consent("written", "lead", AT - timedelta(days=3), evidence={"text": "Yes, call me", "ip": "::1"}),),
        registries=(RegistryFact("us_dnc", listed=False, scrubbed_at=AT - timedelta(days=12, hours=5)),),
    ),
    intent=Intent("call", "marketing", AT),
    history=History((PastAttempt(AT - timedelta(days=1), "call", "HXZ", same_number=True),)),
    terms=Terms(
        TenantTerms("US", names=("Sunny Solar",), allowed_countries=frozenset({"US", "CA"})),
        SenderTerms("+15125550100"),
    ),
    numbers=(PHONE, "+14155552672"),
)
