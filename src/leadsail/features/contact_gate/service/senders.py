"""Which agent and which number of ours would contact a lead (contract 5.10)."""

from typing import Any

from leadsail.features.agents.service import PhoneNumberService, SmsAgentService, VoiceAgentService
from leadsail.features.campaigns.schemas import AgentSlot, Campaign
from leadsail.features.contact_gate.models import SenderTerms
from leadsail.features.contact_gate.service.requests import ContactRequest
from leadsail.foundation.database import Work
from leadsail.foundation.errors import NotFound
from leadsail.foundation.records import Filter

_READY = frozenset({"registered", "not_required"})
_NO_SENDER_NEEDED = SenderTerms("")
"""Where no campaign is named, only the law is asked, and nobody is going to call."""


class SenderService:
    """Finds the agent of a campaign's channel, and the number that it uses."""

    def __init__(self, voice: VoiceAgentService, texting: SmsAgentService, numbers: PhoneNumberService) -> None:
        self._voice = voice
        self._texting = texting
        self._numbers = numbers

    async def of(
        self, work: Work, request: ContactRequest, campaign: Campaign | None, *, is_test: bool
    ) -> tuple[SenderTerms, bool]:
        """The number, and whether an agent is there to talk."""
        if campaign is None:
            return _NO_SENDER_NEEDED, True
        slot = campaign.voice if request.channel == "call" else campaign.sms
        agent = await self._agent(work, request.channel, slot, is_test=is_test) if slot else None
        number = await self._number(work, request, slot, agent)
        return _terms(request, number), agent is not None

    async def _agent(self, work: Work, channel: str, slot: AgentSlot, *, is_test: bool) -> Any | None:
        agent_id = (slot.test_agent_id if is_test else None) or slot.agent_id
        agents: Any = self._voice if channel == "call" else self._texting
        try:
            agent = (await agents.read(work, agent_id)).value
        except NotFound:
            return None
        return agent if agent.active and agent.archived_at is None else None

    async def _number(
        self, work: Work, request: ContactRequest, slot: AgentSlot | None, agent: Any | None
    ) -> Any | None:
        if request.sender is not None:
            return await self._by_digits(work, request.sender)
        ability = "voice" if request.channel == "call" else "sms"
        for holder in (slot, agent):
            if holder is not None and holder.phone_number_id is not None:
                number = (await self._numbers.read(work, holder.phone_number_id)).value
                return number if _usable(number, ability) else None
        return await self._first(work, ability) if ability == "sms" else None

    async def _by_digits(self, work: Work, digits: str) -> Any | None:
        return next((one for one in await self._all(work) if one.number == digits and one.active), None)

    async def _first(self, work: Work, ability: str) -> Any | None:
        usable = [one for one in await self._all(work) if _usable(one, ability)]
        return min(usable, key=lambda one: one.created_at, default=None)

    async def _all(self, work: Work) -> list[Any]:
        return list(await self._numbers.everything(work, Filter()))


def _usable(number: Any, ability: str) -> bool:
    return number.active and number.archived_at is None and ability in number.capabilities


def _terms(request: ContactRequest, number: Any | None) -> SenderTerms:
    if number is None:
        return SenderTerms(None)
    registered = request.channel == "call" or number.registration.status in _READY
    return SenderTerms(number.number, registered)
