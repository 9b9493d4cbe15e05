"""The demo tenant as a whole: made once, found again, brought back to its beginning."""

from typing import Any, get_args

import orjson

from leadsail.entrypoints.demo.telling import Story, set_up
from leadsail.entrypoints.wiring import Platform
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.features.interactions.service import InteractionService, Wanted
from leadsail.features.leads.models import LeadFilter
from leadsail.features.leads.service import LeadService
from leadsail.features.tenants.schemas import NewKey, Scope
from leadsail.features.tenants.service import KeyService, TenantService
from leadsail.foundation.clock import ManualClock
from leadsail.foundation.database import Work
from leadsail.foundation.records.repository import Filter

TENANT_NAME = "LeadSail demo"
_KEYS = {"apiKey": "demo", "testApiKey": "demo, test numbers only"}
_PAGE = 100


async def prepare(platform: Platform, clock: ManualClock, base_url: str) -> dict[str, Any]:
    """Make the demo unless it is there, give it fresh keys, and answer what `demo.json` tells of it.

    `clock` shows the present and is the one that the platform was wired with; the demo moves it through the past.
    """
    tenant_id = await _tenant(platform)
    now = clock.now()
    async with platform.database.work(tenant_id, "cli") as work:
        if not await _leads(platform, work):
            await _make(platform, clock, work)
    clock.advance(now - clock.now())
    return {"baseUrl": base_url, **await _fresh_keys(platform, tenant_id), **await _ids(platform, tenant_id)}


async def reset(platform: Platform, clock: ManualClock, known: dict[str, Any]) -> dict[str, Any]:
    """Bring the tenant of `known`, the content of `demo.json`, back to its beginning; answers the new content.

    Its people are erased as any lead is, with all that was said, and come anew; what the agency has set up gets its
    first settings back. What was attempted with the sandbox's numbers counts no more, and they leave the do-not-call
    list; other numbers stay as they are. What was added besides stays, and so do the keys. All of it, or nothing.
    """
    tenant_id = known["tenantId"]
    async with platform.database.work(tenant_id, "cli") as work:
        await platform.service(DoNotCallService).clear_sandbox(work)
        await platform.service(ContactGate).clear_sandbox(work)
        while leads := await _leads(platform, work):
            for lead_id in leads:
                await platform.service(LeadService).erase(work, lead_id)
        await _make(platform, clock, work)
    return known | await _ids(platform, tenant_id)


async def _make(platform: Platform, clock: ManualClock, work: Work) -> None:
    now = clock.now()
    await set_up(platform, clock, work)
    await Story(platform, clock, work).tell(now)


async def _tenant(platform: Platform) -> str:
    tenants = platform.service(TenantService)
    known = [tenant_id for tenant_id, name, _ in await tenants.all() if name == TENANT_NAME]
    return known[0] if known else await tenants.create(TENANT_NAME)


async def _fresh_keys(platform: Platform, tenant_id: str) -> dict[str, str]:
    """Keys are shown once, so those whose file was lost are closed and others made."""
    keys = platform.service(KeyService)
    minted = {}
    async with platform.database.work(tenant_id, "cli") as work:
        for old in await keys.all(work):
            if old.name in _KEYS.values() and old.revoked_at is None:
                await keys.revoke(work, old.key_id)
        for field, kind in (("apiKey", "live"), ("testApiKey", "test")):
            new = NewKey.model_validate({"name": _KEYS[field], "kind": kind, "scopes": list(get_args(Scope))})
            minted[field] = (await keys.mint(work, new)).key
    return minted


async def _leads(platform: Platform, work: Work) -> list[str]:
    """At most a hundred leads, the newest first."""
    everybody = LeadFilter(None, None, None, None, (None, None), None, None)
    leads, _ = await platform.service(LeadService).page(work, everybody, None, _PAGE)
    return [lead.lead_id for lead in leads]


async def _ids(platform: Platform, tenant_id: str) -> dict[str, Any]:
    async with platform.database.work(tenant_id, "cli") as work:
        campaigns = await platform.service(CampaignService).everything(work, Filter())
        leads = await _leads(platform, work)
    texts, _ = await platform.service(InteractionService).page(tenant_id, Wanted(), None, _PAGE)
    talks = sorted((orjson.loads(text) for text in texts), key=_worth_showing)
    return {
        "tenantId": tenant_id,
        "campaignIds": [campaign.campaign_id for campaign in campaigns],
        "leadIds": leads,
        "interactionIds": [talk["interactionId"] for talk in talks],
    }


def _worth_showing(talk: dict[str, Any]) -> tuple[bool, bool]:
    """The first one is what a newcomer sees first: a call that went well."""
    return talk["status"] != "qualified", talk["type"] != "call"
