"""A conversation of a tenant's own that never came to be, because the gate refused it."""

from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest
from leadsail.features.interactions.schemas import InteractionChange, NewInteraction, NewTurn
from leadsail.features.interactions.service import InteractionService
from tests.conftest import TestTenant
from tests.features.contact_gate.test_contact_check import lead_in, ready_campaign

OURS = "+14155550100"


async def lead_of(api: httpx2.AsyncClient, **details: Any) -> tuple[str, dict[str, Any]]:
    """A lead of a campaign that could call: its id, and the campaign."""
    ours = await ready_campaign(api)
    return await lead_in(api, ours["campaignId"], **details), ours


async def refused_call(api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant, **details: Any) -> str:
    """Ask the gate to call a lead whom it must refuse, and keep the conversation that was not held; its id."""
    lead_id, ours = await lead_of(api, **details)
    async with platform.database.work(tenant.tenant_id, "test") as work:
        gate = platform.service(ContactGate)
        planned, permit = await gate.plan_and_commit(work, ContactRequest("call", lead_id=lead_id))
        assert permit is None
        interaction_id = await spoken(platform, work, lead_id, ours, "")
        await gate.attach(work, planned.attempt_id, interaction_id)
    return interaction_id


async def spoken(platform: Platform, work: Any, lead_id: str, ours: dict[str, Any], said: str) -> str:
    """A call with a lead in which our agent said this, or nothing."""
    service = platform.service(InteractionService)
    new = {
        "leadId": lead_id, "campaignId": ours["campaignId"], "clientId": ours["clientId"],
        "offerId": ours["offerId"], "type": "call", "phone": "+13055550142",
        "telephony": {"provider": "sandbox", "messageId": "m", "phoneNumber": OURS},
        "call": {"source": "phone", "direction": "outbound", "voiceAI": {"provider": "builtin", "agentId": "a"}},
    }  # fmt: skip
    interaction_id = await service.open(work, NewInteraction.model_validate(new))
    if said:
        turn = {"role": "agent", "source": "system", "speaker": "voice_agent", "message": said}
        await service.append(work, interaction_id, NewTurn.model_validate(turn))
    await service.close(work, interaction_id, InteractionChange(status="canceled"))
    return interaction_id
