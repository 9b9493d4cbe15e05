"""The use cases of campaigns: those of every configuration record, their codes, and what other records show of them."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from leadsail.features.campaigns.repository import CampaignRepository, Kind
from leadsail.features.campaigns.rules import campaign_codes, campaign_faults
from leadsail.features.campaigns.schemas import Campaign, CampaignChange, CampaignReference, NewCampaign
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import SecretBox, SecretPlace
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.records import Record, RecordService, RecordTable

_CLIENT_NAME = (
    "(select c.body ->> 'name' from client c"
    " where c.tenant_id = campaign.tenant_id and c.client_id = campaign.client_id)"
)
_OFFER_NAME = (
    "(select o.body ->> 'name' from offer o where o.tenant_id = campaign.tenant_id and o.offer_id = campaign.offer_id)"
)
_STEP_AGENTS: dict[str, Kind] = {"call": "voice agent", "sms": "SMS agent"}
_TEMPLATE: Kind = "prompt template"


class CampaignService(RecordService[NewCampaign, CampaignChange, Campaign]):
    """Leads for one offer of one client: who talks to them, when, and whom to tell.

    The values of webhook headers may be secrets, so they are stored encrypted, each for its own place.
    """

    table = RecordTable(
        "campaign",
        "campaign_id",
        "campaignId",
        "",
        search=("body ->> 'name'", "campaign_id", _CLIENT_NAME, _OFFER_NAME),
        fields={"clientId": "client_id", "offerId": "offer_id"},
    )
    new_shape = NewCampaign
    shape = Campaign
    references: Mapping[str, tuple[str, str]] = {
        "campaign_client": ("clientId", "client"),
        "campaign_offer": ("offerId", "offer"),
        "campaign_voice_agent": ("voice.agentId", "voice agent"),
        "campaign_voice_test_agent": ("voice.testAgentId", "voice agent"),
        "campaign_voice_prompt_template": ("voice.promptTemplateId", "prompt template"),
        "campaign_voice_phone_number": ("voice.phoneNumberId", "phone number"),
        "campaign_sms_agent": ("sms.agentId", "SMS agent"),
        "campaign_sms_test_agent": ("sms.testAgentId", "SMS agent"),
        "campaign_sms_prompt_template": ("sms.promptTemplateId", "prompt template"),
        "campaign_sms_phone_number": ("sms.phoneNumberId", "phone number"),
    }

    def __init__(
        self, clock: Clock, secret_box: SecretBox, random_below: Callable[[int], int] = secrets.randbelow
    ) -> None:
        super().__init__(clock)
        self._secret_box = secret_box
        self._random_below = random_below

    async def references_to(self, work: Work, campaign_ids: Iterable[str]) -> dict[str, CampaignReference]:
        """What other records show of these campaigns, by id; unknown ids are absent."""
        rows = await CampaignRepository(work).references(campaign_ids)
        return {row["campaignId"]: CampaignReference.model_validate(row) for row in rows}

    async def choose_id(self, work: Work, body: dict[str, Any]) -> str:
        """The code that was given, or a short one that is free."""
        repository = CampaignRepository(work)
        await repository.wait_for_turn()
        given: str | None = body.pop("campaignId", None)
        if given is not None:
            return given
        codes = campaign_codes(self._random_below)
        code = next(codes)
        while await repository.exists(code):
            code = next(codes)
        return code

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse contradictions, and steps of the auto-dialer that name what does not exist."""
        del record_id
        faults = [*campaign_faults(body), *await _step_faults(work, body["autoDialer"]["sequence"])]
        if faults:
            raise InvalidInput(*faults)

    def sealed(self, work: Work, record_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body with every header value encrypted."""

        def seal(name: str, value: str) -> str:
            return self._secret_box.seal(value.encode(), _place(work, record_id, name))

        return _with_headers(body, seal)

    def opened(self, work: Work, record: Record) -> Record:
        """The record with every header value as it was given."""

        def open_(name: str, token: str) -> str:
            return self._secret_box.open(token, _place(work, record.id, name)).decode()

        return replace(record, body=_with_headers(record.body, open_))

    async def show(self, work: Work, records: list[Record]) -> list[Campaign]:
        """The campaigns with the present names of their clients and offers."""
        rows = await CampaignRepository(work).references([record.id for record in records])
        names = {row["campaignId"]: row for row in rows}
        return [Campaign.model_validate(self.wire(record) | names[record.id]) for record in records]


def _place(work: Work, campaign_id: str, header: str) -> SecretPlace:
    return SecretPlace(work.tenant_id, "campaign", campaign_id, f"webhooks.headers.{header}")


def _with_headers(body: dict[str, Any], treat: Callable[[str, str], str]) -> dict[str, Any]:
    webhooks = body.get("webhooks")
    if webhooks is None:
        return body
    headers = {name: treat(name, value) for name, value in webhooks["headers"].items()}
    return body | {"webhooks": webhooks | {"headers": headers}}


async def _step_faults(work: Work, steps: list[dict[str, Any]]) -> list[str]:
    """One line for each agent or template that a step names and nobody made."""
    named: dict[Kind, dict[str, str]] = {}
    for index, step in enumerate(steps):
        for field, kind in (("agentId", _STEP_AGENTS[step["action"]]), ("templateId", _TEMPLATE)):
            if field in step:
                named.setdefault(kind, {})[f"autoDialer.sequence.{index}.{field}"] = step[field]
    faults = []
    for kind, ids in named.items():
        missing = await CampaignRepository(work).missing(kind, ids.values())
        faults += [f"{path}: no such {kind}" for path, wanted in ids.items() if wanted in missing]
    return faults
