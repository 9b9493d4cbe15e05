"""A tenant with one of everything, so that whatever leaks has something to leak."""

from dataclasses import dataclass
from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.service.audit import AuditService
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest
from tests.conftest import TestTenant
from tests.features.contact_gate.judgements import judged
from tests.features.interactions.calls import Conversations
from tests.features.leads.leads import new_lead

CANARY = "canary of another tenant"
SECOND_NUMBER = "+15125550142"
"""Another number of the person who has all the leads, known by the e-mail."""
_GIVEN_AT = "2026-01-02T03:04:05.678Z"


@dataclass(frozen=True)
class World:
    """A furnished tenant. `ids` maps a path with one parameter, such as `/clients/{clientId}`, to a real id."""

    tenant: TestTenant
    ids: dict[str, str]
    erased_lead_id: str


async def furnish(platform: Platform, api: httpx2.AsyncClient, tenant: TestTenant) -> World:
    """Fill a tenant through its own API and services."""
    lead, erased = await new_lead(api, firstName=CANARY), await new_lead(api)
    await new_lead(api, phone=SECOND_NUMBER)
    assert (await api.delete(f"/leads/{erased['leadId']}")).status_code == 200
    conversations = Conversations(platform, tenant.tenant_id, api)
    call = await conversations.call(lead)
    await conversations.say(call, CANARY)
    consent = await _made(api, "/consents", leadId=lead["leadId"], kind="express", text=CANARY, givenAt=_GIVEN_AT)
    barred = await _made(api, "/do-not-call", phone="+15125550199", reason=CANARY, evidence={"words": CANARY})
    await _file(api, "us_dnc", "5125550199")
    await _file(api, "us_reassigned", "5125550199,yes")
    policy = await api.patch("/contact-policy", json={"sellerNames": [CANARY]})
    assert policy.status_code == 200, policy.text
    campaign = lead["campaign"]
    await _held_and_decided(platform, api, tenant, campaign["campaignId"])
    ids = {
        "/leads/{leadId}": lead["leadId"],
        "/interactions/{interactionId}": call,
        "/interactions/lead/{leadId}": lead["leadId"],
        "/consents/{consentId}": consent["consentId"],
        "/do-not-call/{entryId}": barred["entryId"],
        "/campaigns/{campaignId}": campaign["campaignId"],
        "/clients/{clientId}": campaign["clientId"],
        "/offers/{offerId}": campaign["offerId"],
        "/api-keys/{keyId}": (await _made(api, "/api-keys", name=CANARY))["keyId"],
        "/field-library/{key}": (await _made(api, "/field-library", key="canary", label=CANARY))["key"],
        "/value-sets/{valueSetId}": (await _made(api, "/value-sets", name=CANARY, values=["a"]))["valueSetId"],
        "/flows/{flowId}": (await _made(api, "/flows", name=CANARY, yaml="start: a\n"))["flowId"],
    }
    return World(tenant, ids | await _agents(api), erased["leadId"])


async def _held_and_decided(platform: Platform, api: httpx2.AsyncClient, tenant: TestTenant, campaign_id: str) -> None:
    held = await api.post("/hold", json={"campaignId": campaign_id, "reason": CANARY})
    assert held.status_code == 200, held.text
    audit = platform.service(AuditService)
    async with platform.database.work(tenant.tenant_id, "test") as work:
        await audit.append(work, [audit.entry(None, "plan", judged())])
        await platform.service(ContactGate).plan(work, ContactRequest("call", phone="+15002550123"))


async def _file(api: httpx2.AsyncClient, registry: str, line: str) -> None:
    """Import a registry's file of one line."""
    answer = await api.post(f"/registries/{registry}/files", json={"lines": [line]}, params={"asOf": "2026-01-02"})
    assert answer.status_code == 201, answer.text


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
