"""Puts dossiers together from what other features kept; stores nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from liquid import Environment

from leadsail.features.campaigns.service import CampaignService
from leadsail.features.contact_gate.service.audit import AuditService
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.features.dossiers.schemas import Dossier, OptOutEntry
from leadsail.features.dossiers.service.parts import (
    attempt_of,
    began_by,
    consents_of,
    disclosure_of,
    entry_of,
    recording_of,
)
from leadsail.features.dossiers.service.summary import summary_of
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work

_PAGE = Path(__file__).parent.parent / "page.html"


@dataclass(frozen=True, slots=True)
class Records:
    """Who kept something that a dossier shows."""

    interactions: InteractionService
    leads: LeadService
    campaigns: CampaignService
    gate: ContactGate
    audit: AuditService
    do_not_call: DoNotCallService


class DossierService:
    """Why somebody was contacted."""

    def __init__(self, clock: Clock, records: Records) -> None:
        self._clock = clock
        self._records = records
        self._page = Environment(autoescape=True).from_string(_PAGE.read_text(encoding="utf-8"))

    async def of(self, work: Work, interaction_id: str) -> Dossier:
        """Everything that allowed one conversation. Raises `NotFound`."""
        sealed = await self._records.interactions.read(work.tenant_id, interaction_id)
        talk: dict[str, Any] = orjson.loads(sealed.text)
        decisions = await self._records.audit.of_interaction(work, interaction_id)
        attempts = [
            attempt_of(row, [one for one in decisions if one.attempt_id == row["attempt_id"]])
            for row in await self._records.gate.attempts_of(work, interaction_id)
        ]
        dossier = Dossier(
            interaction_id=interaction_id,
            person=await self._person(work, talk),
            lead_id=talk["leadId"],
            business=(await self._records.campaigns.read(work, talk["campaignId"])).value.client_name,
            campaign_id=talk["campaignId"],
            channel=talk["type"],
            status=talk["status"],
            phone=talk["phone"],
            our_number=talk["telephony"]["phoneNumber"],
            contacted_at=talk["createdAt"],
            began_by=began_by(talk),
            summary=[],
            consents=consents_of(decisions),
            attempts=attempts,
            disclosure=disclosure_of(talk["transcript"]),
            recording=recording_of(talk),
            do_not_call=await self._entries(work, talk),
            made_at=self._clock.now(),
        )
        return dossier.model_copy(update={"summary": summary_of(dossier)})

    async def page(self, work: Work, interaction_id: str) -> str:
        """The same as a page to print. Raises `NotFound`."""
        dossier = await self.of(work, interaction_id)
        return self._page.render(dossier=dossier.model_dump(mode="json", by_alias=True))

    async def _person(self, work: Work, talk: Mapping[str, Any]) -> str:
        bodies = await self._records.leads.bodies(work, [talk["leadId"]])
        lead = bodies.get(talk["leadId"], {})
        return " ".join(part for part in (lead.get("firstName"), lead.get("lastName")) if part)

    async def _entries(self, work: Work, talk: Mapping[str, Any]) -> list[OptOutEntry]:
        phone = talk["phone"]
        listed = (await self._records.do_not_call.facts(work, [phone]))[phone].entry
        if listed is None:
            return []
        record = (await self._records.do_not_call.record(work, listed.entry_id)).value
        return [entry_of(record, talk["interactionId"])]
