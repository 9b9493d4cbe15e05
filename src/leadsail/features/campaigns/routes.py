"""`/campaigns`."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Response

from leadsail.features.campaigns.schemas import Campaign, CampaignChange, CampaignList, NewCampaign
from leadsail.features.campaigns.service import CampaignService
from leadsail.foundation.records import Filter, Stored
from leadsail.foundation.records.routes import ACTS, CHANGES, CREATES, LISTS, READS, IfMatch, ListFilter, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import PageOf
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service

routes = router("Campaigns")

Campaigns = Annotated[CampaignService, service(CampaignService)]


async def _campaign_filter(
    wanted: ListFilter,
    clientId: Annotated[str | None, Query(description="Campaigns of this client")] = None,
    offerId: Annotated[str | None, Query(description="Campaigns for this offer")] = None,
) -> Filter:
    return replace(wanted, equal={"clientId": clientId or None, "offerId": offerId or None})


def _one(response: Response, stored: Stored[Campaign]) -> Success[Campaign]:
    """The answer that shows one campaign; with header values in it, it is kept nowhere on its way."""
    if stored.value.webhooks and stored.value.webhooks.headers:
        response.headers["Cache-Control"] = "no-store"
    return one(response, stored)


@routes.get("/campaigns", summary="List campaigns", responses=LISTS)
async def list_campaigns(
    work: ReadWork, campaigns: Campaigns, page: PageOf, wanted: Annotated[Filter, Depends(_campaign_filter)]
) -> Success[CampaignList]:
    """One page of campaigns, newest first. `search` looks into name, campaignId, clientName and offerName."""
    found, total = await campaigns.page(work, wanted, page)
    return Success(data=CampaignList(campaigns=found, pagination=page.of(total)))


@routes.post("/campaigns", status_code=201, summary="Create a campaign", responses=CREATES)
async def create_campaign(
    new: NewCampaign, work: WriteWork, campaigns: Campaigns, response: Response
) -> Success[Campaign]:
    """Store a campaign. Without `autoDialer`, nobody is called until it is switched on."""
    return _one(response, await campaigns.create(work, new))


@routes.get("/campaigns/{campaignId}", summary="Read a campaign", responses=READS)
async def read_campaign(campaignId: str, work: ReadWork, campaigns: Campaigns, response: Response) -> Success[Campaign]:
    """One campaign, archived or not."""
    return _one(response, await campaigns.read(work, campaignId))


@routes.patch("/campaigns/{campaignId}", summary="Change a campaign", responses=CHANGES)
async def change_campaign(
    campaignId: str,
    change: CampaignChange,
    work: WriteWork,
    campaigns: Campaigns,
    response: Response,
    if_match: IfMatch = None,
) -> Success[Campaign]:
    """Absent fields stay, `null` clears, objects merge one level deep, lists are replaced."""
    return _one(response, await campaigns.change(work, campaignId, change, if_match=if_match))


@routes.post("/campaigns/{campaignId}/archive", summary="Archive a campaign", responses=ACTS)
async def archive_campaign(
    campaignId: str, work: WriteWork, campaigns: Campaigns, response: Response
) -> Success[Campaign]:
    """Put a campaign away: hidden from lists, kept for what refers to it, taking no leads."""
    return _one(response, await campaigns.archive(work, campaignId))


@routes.post("/campaigns/{campaignId}/unarchive", summary="Unarchive a campaign", responses=ACTS)
async def unarchive_campaign(
    campaignId: str, work: WriteWork, campaigns: Campaigns, response: Response
) -> Success[Campaign]:
    """Fetch a campaign back."""
    return _one(response, await campaigns.archive(work, campaignId, archived=False))
