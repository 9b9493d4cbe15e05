"""A tenant with one of everything, so that whatever leaks has something to leak."""

from dataclasses import dataclass
from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.features.interactions.calls import Conversations
from tests.features.leads.leads import new_lead

CANARY = "canary of another tenant"


@dataclass(frozen=True)
class World:
    """A furnished tenant. `ids` maps a path with one parameter, such as `/clients/{clientId}`, to a real id."""

    tenant: TestTenant
    ids: dict[str, str]
    erased_lead_id: str


async def furnish(platform: Platform, api: httpx2.AsyncClient, tenant: TestTenant) -> World:
    """Fill a tenant through its own API and services."""
    lead, erased = await new_lead(api, firstName=CANARY), await new_lead(api)
    assert (await api.delete(f"/leads/{erased['leadId']}")).status_code == 200
    conversations = Conversations(platform, tenant.tenant_id, api)
    call = await conversations.call(lead)
    await conversations.say(call, CANARY)
    campaign = lead["campaign"]
    ids = {
        "/leads/{leadId}": lead["leadId"],
        "/interactions/{interactionId}": call,
        "/interactions/lead/{leadId}": lead["leadId"],
        "/campaigns/{campaignId}": campaign["campaignId"],
        "/clients/{clientId}": campaign["clientId"],
        "/offers/{offerId}": campaign["offerId"],
        "/api-keys/{keyId}": (await _made(api, "/api-keys", name=CANARY))["keyId"],
        "/field-library/{key}": (await _made(api, "/field-library", key="canary", label=CANARY))["key"],
        "/value-sets/{valueSetId}": (await _made(api, "/value-sets", name=CANARY, values=["a"]))["valueSetId"],
        "/flows/{flowId}": (await _made(api, "/flows", name=CANARY, yaml="start: a\n"))["flowId"],
    }
    return World(tenant, ids | await _agents(api), erased["leadId"])


async def _agents(api: httpx2.AsyncClient) -> dict[str, str]:
    template = await _made(api, "/prompt-templates", name=CANARY, kind="voice", body="Hello")
    number = await _made(api, "/phone-numbers", number="+14155552671", provider="twilio", capabilities=["voice"])
    return {
        "/prompt-templates/{promptTemplateId}": template["promptTemplateId"],
        "/phone-numbers/{phoneNumberId}": number["phoneNumberId"],
        "/voice-agents/{agentId}": (await _made(api, "/voice-agents", name=CANARY))["agentId"],
        "/sms-agents/{agentId}": (
            await _made(api, "/sms-agents", name=CANARY, provider="twilio", webhookUrl="https://bot.example/sms")
        )["agentId"],
    }


async def _made(api: httpx2.AsyncClient, path: str, **new: Any) -> dict[str, str]:
    answer = await api.post(path, json=new, headers={"Idempotency-Key": f"furnish {path}".replace(" ", "-")})
    assert answer.status_code == 201, answer.text
    stored: dict[str, str] = answer.json()["data"]
    return stored
