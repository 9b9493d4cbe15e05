"""What tests of interactions start from: a lead, and calls and threads with it, written through the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.schemas import InteractionChange, NewInteraction, NewTurn
from leadsail.features.interactions.service import Appended, InteractionService
from leadsail.foundation.clock import ManualClock
from leadsail.foundation.database import Work
from tests.features.leads.leads import new_lead

OUR_NUMBER = "+15002550100"


@dataclass(frozen=True)
class Conversations:
    """Opens, continues and ends the conversations of one tenant."""

    platform: Platform
    tenant_id: str
    api: httpx2.AsyncClient

    @property
    def service(self) -> InteractionService:
        return self.platform.service(InteractionService)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        async with self.platform.database.work(self.tenant_id, "test") as work:
            yield work

    async def call(self, lead: dict[str, Any] | None = None, **changes: Any) -> str:
        """A call that has just been placed; its id."""
        call = {
            "source": "phone",
            "direction": "outbound",
            "voiceAI": {"provider": "builtin", "agentId": "agent_1", "conversationId": "conv_1"},
        }
        return await self.open(lead, type="call", call=call, **changes)

    async def thread(self, lead: dict[str, Any] | None = None, **changes: Any) -> str:
        """A text thread that has just begun; its id."""
        sms = {"agentMode": True, "direction": "outbound"}
        return await self.open(lead, type="sms", status="incomplete", sms=sms, **changes)

    async def open(self, lead: dict[str, Any] | None = None, **body: Any) -> str:
        lead = lead or await new_lead(self.api)
        campaign = lead["campaign"]
        new = {
            "leadId": lead["leadId"],
            "campaignId": campaign["campaignId"],
            "clientId": campaign["clientId"],
            "offerId": campaign["offerId"],
            "phone": lead["phone"],
            "telephony": {"provider": "sandbox", "messageId": "m1", "phoneNumber": OUR_NUMBER},
        }
        async with self.work() as work:
            return await self.service.open(work, NewInteraction.model_validate(new | body))

    async def say(
        self, interaction_id: str, message: str, *, by: str = "voice_agent", at: datetime | None = None
    ) -> Appended:
        """Add one turn."""
        agent = by != "lead"
        turn = NewTurn(
            timestamp=at,
            role="agent" if agent else "user",
            message=message,
            source="system" if agent else "inbound",
            speaker="voice_agent" if agent else "lead",
        )
        async with self.work() as work:
            return await self.service.append(work, interaction_id, turn)

    async def close(self, interaction_id: str, status: str = "completed", **outcome: Any) -> None:
        """End it."""
        async with self.work() as work:
            change = InteractionChange.model_validate({"status": status} | outcome)
            await self.service.close(work, interaction_id, change)

    async def change(self, interaction_id: str, **change: Any) -> None:
        """Note what became known."""
        async with self.work() as work:
            await self.service.change(work, interaction_id, InteractionChange.model_validate(change))

    async def seal(self, interaction_id: str) -> None:
        """What the worker does after the end."""
        async with self.work() as work:
            await self.service.seal(work, interaction_id)

    async def events(self, interaction_id: str, after: int = 0) -> list[dict[str, Any]]:
        """What the stream tells."""
        return await self.service.events(self.tenant_id, interaction_id, after)

    async def read(self, interaction_id: str) -> dict[str, Any]:
        """What a client reads."""
        answer = await self.api.get(f"/interactions/{interaction_id}")
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data


@dataclass(frozen=True)
class Rehearsal(Conversations):
    """Conversations on a clock that the test moves; `heard` holds the ids of those whose end was published."""

    clock: ManualClock
    heard: list[str]
    own: InteractionService

    @property
    def service(self) -> InteractionService:
        return self.own
