"""An organisation with one of everything, for tests that attack all of the API at once."""

from dataclasses import dataclass
from typing import Any

import httpx2

from leadsail.entrypoints.api import framework
from leadsail.entrypoints.reference.document import describe, operations
from leadsail.entrypoints.wiring import Platform
from tests.conftest import TestTenant
from tests.features.campaigns.making import created
from tests.features.interactions.calls import Conversations
from tests.features.leads.leads import lead_of, person

Json = dict[str, Any]

DOCUMENT = describe(framework(), "http://127.0.0.1:8000")

AGREED = {"kind": "express", "text": "Yes", "givenAt": "2026-01-02T03:04:05.678Z"}
FLOW = "start: greeting\nsteps:\n  greeting:\n    say: Hello!\n"


@dataclass(frozen=True)
class World:
    """The organisation's key, and for every path parameter the id of a record that is there."""

    tenant: TestTenant
    ids: dict[str, str]
    sms_agent_id: str

    def path(self, template: str) -> str:
        """The path below `/api/v1` of the record that is there."""
        ids = self.ids | ({"agentId": self.sms_agent_id} if template.startswith("/api/v1/sms-agents") else {})
        for name, value in ids.items():
            template = template.replace(f"{{{name}}}", value)
        return template.removeprefix("/api/v1")


@dataclass(frozen=True)
class Writing:
    """An operation that takes a body: how it is asked, an example of what it takes, and the shape of that.

    `kinds` are the content types that it takes.
    """

    name: str
    method: str
    path: str
    example: Json
    shape: Json
    kinds: frozenset[str]

    @property
    def drops_unknown_fields(self) -> bool:
        """Whether unknown fields are named in a header instead of refused."""
        return self.shape["additionalProperties"] is True


def writings() -> list[Writing]:
    """Every operation of the reference that takes a body."""
    found = []
    for path, method, operation in operations(DOCUMENT["paths"]):
        if "requestBody" in operation:
            kinds = operation["requestBody"]["content"]
            content = kinds["application/json"]
            shape = DOCUMENT["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
            found.append(
                Writing(operation["operationId"], method.upper(), path, content["example"], shape, frozenset(kinds))
            )
    return found


async def make_world(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> World:
    """One of everything, made through the API, and a conversation."""
    client = await created(api, "/clients", name="Sunny Solar", abbrev="SUN")
    offer = await created(api, "/offers", name="Rooftop solar", abbrev="ROOF")
    owners = {"clientId": client["clientId"], "offerId": offer["offerId"]}
    campaign = await created(api, "/campaigns", name="Texas", **owners)
    template = await created(api, "/prompt-templates", name="First call", kind="voice", body="Hello")
    number = await created(api, "/phone-numbers", number="+15002550100", provider="sandbox", capabilities=["voice"])
    engine = {"promptTemplateId": template["promptTemplateId"]}
    voice_agent = await created(api, "/voice-agents", name="Ava", engine=engine)
    sms_agent = await created(api, "/sms-agents", name="Ava", provider="sandbox", engine=engine)
    lead = await created(api, "/leads", **person(campaign["campaignId"]))
    conversations = Conversations(platform, tenant.tenant_id, api)
    call = await conversations.call(await lead_of(api, lead["leadId"]))
    # One that is over, so that its stream of events ends.
    await conversations.close(call)
    ids = owners | {
        "campaignId": campaign["campaignId"],
        "promptTemplateId": template["promptTemplateId"],
        "flowId": (await created(api, "/flows", name="Solar", yaml=FLOW))["flowId"],
        "version": "1",
        "valueSetId": (await created(api, "/value-sets", name="States", values=["Texas"]))["valueSetId"],
        "key": (await created(api, "/field-library", key="roof_colour", label="Colour of the roof"))["key"],
        "keyId": (await created(api, "/api-keys", name="Spare"))["keyId"],
        "phoneNumberId": number["phoneNumberId"],
        "agentId": voice_agent["agentId"],
        "leadId": lead["leadId"],
        "entryId": (await created(api, "/do-not-call", phone="+15125550199"))["entryId"],
        "registry": "us_dnc",
        "consentId": (await created(api, "/consents", leadId=lead["leadId"], **AGREED))["consentId"],
        "interactionId": call,
    }
    return World(tenant, ids, sms_agent["agentId"])
