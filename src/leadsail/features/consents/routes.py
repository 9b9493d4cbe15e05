"""`/consents`, and what counts for a lead."""

from typing import Annotated

from fastapi import Depends, Query

from leadsail.features.consents.models import Consent, ConsentFilter
from leadsail.features.consents.schemas import (
    ConsentImport,
    ConsentInForce,
    ConsentsInForce,
    ImportedConsents,
    NewConsent,
    RecordedConsent,
    RecordedConsentList,
    Withdrawal,
)
from leadsail.features.consents.service import ConsentService
from leadsail.foundation.records.routes import ACTS, CREATES, LISTS, READS
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import Limit
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service

routes = router("Consents")

Consents = Annotated[ConsentService, service(ConsentService)]


async def _filter(
    phone: Annotated[
        str | None, Query(description="Recorded for this number, however it is spelled", max_length=50)
    ] = None,
    leadId: Annotated[str | None, Query(description="Recorded for this lead", max_length=255)] = None,
) -> ConsentFilter:
    return ConsentFilter(phone=phone, lead_id=leadId)


@routes.get("/consents", summary="List recorded consents", responses=LISTS)
async def list_consents(
    work: ReadWork,
    consents: Consents,
    limit: Limit,
    wanted: Annotated[ConsentFilter, Depends(_filter)],
    cursor: Annotated[str | None, Query(description="`nextCursor` of the page before, which is a consentId")] = None,
) -> Success[RecordedConsentList]:
    """One page of what was recorded, newest first, withdrawn ones included."""
    found, more = await consents.page(work, wanted, cursor, limit)
    cursor_after = found[-1].consent_id if more else None
    return Success(data=RecordedConsentList(consents=found, next_cursor=cursor_after, has_more=more))


@routes.post("/consents", status_code=201, summary="Record a consent", responses=CREATES)
async def create_consent(new: NewConsent, work: WriteWork, consents: Consents) -> Success[RecordedConsent]:
    """Keep what somebody agreed to, for a `phone` or for the number that a lead (`leadId`) has now.

    The same agreement, word for word, is recorded once. One that was withdrawn is refused with 409. A consent never
    lifts do-not-call.
    """
    return Success(data=await consents.record(work, new))


@routes.post("/consents/import", summary="Import consents", responses=CREATES)
async def import_consents(sent: ConsentImport, work: WriteWork, consents: Consents) -> Success[ImportedConsents]:
    """Record up to 5,000 agreements at once. Good lines are kept, and the answer tells what is wrong with the others.

    Repeating an import records nothing twice.
    """
    return Success(data=await consents.import_many(work, sent))


@routes.get("/consents/{consentId}", summary="Read a recorded consent", responses=READS)
async def read_consent(consentId: str, work: ReadWork, consents: Consents) -> Success[RecordedConsent]:
    """One recorded consent, withdrawn or not. It is gone once the person was erased."""
    return Success(data=await consents.read(work, consentId))


@routes.post("/consents/{consentId}/withdraw", summary="Withdraw a consent", responses=ACTS)
async def withdraw_consent(
    consentId: str, why: Withdrawal, work: WriteWork, consents: Consents
) -> Success[RecordedConsent]:
    """It counts no more, from the answer on. Repeating it changes nothing.

    What stands on the lead itself is withdrawn there, by `compliance.tcpaConsent` false.
    """
    return Success(data=await consents.withdraw(work, consentId, why))


@routes.get("/leads/{leadId}/consents", summary="List what a lead agreed to", responses=READS)
async def list_lead_consents(leadId: str, work: ReadWork, consents: Consents) -> Success[ConsentsInForce]:
    """Everything that counts now for the lead's number, and where each was told.

    `source` is `lead` for its own `compliance`, `campaign` where the campaign's `consentBasis` speaks for it, `api` or
    `import` for what was recorded.
    """
    found = await consents.in_force(work, leadId)
    return Success(data=ConsentsInForce(consents=[_shown(consent) for consent in found]))


def _shown(consent: Consent) -> ConsentInForce:
    return ConsentInForce.model_validate(
        {
            "kind": consent.kind,
            "source": consent.source,
            "givenAt": consent.given_at,
            "channels": sorted(consent.channels),
            "sellers": list(consent.sellers),
            "expiresAt": consent.expires_at,
            "evidence": dict(consent.evidence),
        }
    )
