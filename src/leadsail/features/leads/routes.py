"""`/leads` and what hangs on a lead."""

import re
from typing import Annotated

from fastapi import Depends, Query, Response

from leadsail.features.campaigns.schemas import LeadStatus
from leadsail.features.leads.models import LeadFilter
from leadsail.features.leads.schemas import (
    CreatedLead,
    ErasedLead,
    Lead,
    LeadChange,
    LeadList,
    NewLead,
    SubmissionList,
)
from leadsail.features.leads.service import LeadService
from leadsail.foundation.records.repository import like_pattern
from leadsail.foundation.records.routes import CHANGES, CREATES, LISTS, READS, IfMatch, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import Limit, PageOf, PeriodOf, listed
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service, tell_ignored

routes = router("Leads")

Leads = Annotated[LeadService, service(LeadService)]
_LIKE_A_PHONE = re.compile(r"[0-9\s\-().+]*[0-9][0-9\s\-().+]*")


async def _lead_filter(
    period: PeriodOf,
    campaignIds: Annotated[str | None, Query(description="Comma-separated", examples=["HXZ,U4D"])] = None,
    clientIds: Annotated[str | None, Query(description="Comma-separated")] = None,
    offerIds: Annotated[str | None, Query(description="Comma-separated")] = None,
    status: LeadStatus | None = None,
    search: Annotated[
        str | None, Query(description="Part of a name, an e-mail, a phone or a leadId, in any case", max_length=200)
    ] = None,
) -> LeadFilter:
    return LeadFilter(
        campaigns=listed(campaignIds),
        clients=listed(clientIds),
        offers=listed(offerIds),
        status=status,
        patterns=_patterns(search),
        since=period.since,
        until=period.until,
    )


def _patterns(search: str | None) -> tuple[str | None, str | None]:
    """What was typed, and once more as bare digits when it may be a phone: however it was spelled, it is found."""
    if search is None or not search.strip():
        return None, None
    typed = like_pattern(search)
    digits = re.sub(r"[^0-9]", "", search) if _LIKE_A_PHONE.fullmatch(search) else ""
    return typed, like_pattern(digits) if digits else typed


@routes.get("/leads", summary="List and search leads", responses=LISTS)
async def list_leads(
    work: ReadWork,
    leads: Leads,
    limit: Limit,
    wanted: Annotated[LeadFilter, Depends(_lead_filter)],
    cursor: Annotated[str | None, Query(description="`nextCursor` of the page before, which is a leadId")] = None,
) -> Success[LeadList]:
    """One page of leads, newest first."""
    found, more = await leads.page(work, wanted, cursor, limit)
    return Success(data=LeadList(leads=found, next_cursor=found[-1].lead_id if more else None, has_more=more))


@routes.post("/leads", status_code=201, summary="Create a lead directly", responses=CREATES)
async def create_lead(new: NewLead, work: WriteWork, leads: Leads, response: Response) -> Success[CreatedLead]:
    """Store a lead as it is, for imports and by hand: it is neither qualified nor delivered.

    Fields that mean nothing here are ignored and named in the header `X-Ignored-Fields`.
    """
    tell_ignored(response, new)
    return Success(data=await leads.create(work, new))


@routes.get("/leads/{leadId}", summary="Read a lead", responses=READS)
async def read_lead(leadId: str, work: ReadWork, leads: Leads, response: Response) -> Success[Lead]:
    """One lead with what is known of it; its submissions and interactions have lists of their own."""
    return one(response, await leads.read(work, leadId, alone=True))


@routes.patch("/leads/{leadId}", summary="Change a lead", responses=CHANGES)
async def change_lead(
    leadId: str, change: LeadChange, work: WriteWork, leads: Leads, response: Response, if_match: IfMatch = None
) -> Success[Lead]:
    """Absent fields stay, `null` clears, objects merge one level; the questionnaire merges by key.

    A note with a known id replaces that note, others are added; `tags` and `repostedTo` are replaced. Status `dnc`
    marks the lead as not to be contacted. After another phone, e-mail or campaign `flags.isDuplicate` says anew
    whether another lead of the campaign is the same contact. Fields that mean nothing here are named in
    `X-Ignored-Fields`.
    """
    tell_ignored(response, change)
    return one(response, await leads.change(work, leadId, change, if_match=if_match))


@routes.delete("/leads/{leadId}", summary="Erase a person", responses=READS)
async def erase_lead(leadId: str, work: WriteWork, leads: Leads) -> Success[ErasedLead]:
    """Delete a lead with its submissions and everything that was said. It cannot be undone.

    What must outlive the person, that a number is not to be contacted and what was once allowed, stays as keyed
    hashes.
    """
    return Success(data=await leads.erase(work, leadId))


@routes.get("/leads/{leadId}/submissions", summary="List a lead's submissions", responses=READS)
async def list_submissions(leadId: str, work: ReadWork, leads: Leads, page: PageOf) -> Success[SubmissionList]:
    """One page of the attempts to sell a lead, newest first."""
    found, total = await leads.submissions(work, leadId, page)
    return Success(data=SubmissionList(submissions=found, pagination=page.of(total)))
