"""Phone numbers, voice agents and SMS agents."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.asynchronous.lists import AsyncList
from leadsail.client.asynchronous.records import Records
from leadsail.client.filters import RecordFilters
from leadsail.client.records import PhoneNumber, SmsAgent, VoiceAgent


class PhoneNumbers(Records[PhoneNumber]):
    """Numbers that the tenant calls and texts from."""

    _path = "phone-numbers"
    _kind = PhoneNumber

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewPhoneNumber]) -> PhoneNumber:
        """Store a number of your own."""
        return await self._create(params.NewPhoneNumber, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> AsyncList[PhoneNumber]:
        """All phone numbers. `search` looks into the number."""
        return self._list(PhoneNumber, "phoneNumbers", self._path, filters=filters)

    async def update(
        self, phone_number_id: str, /, *, if_match: str | None = None, **change: Unpack[params.PhoneNumberChange]
    ) -> PhoneNumber:
        """What is not given stays, None clears, objects merge one level."""
        return await self._update(phone_number_id, params.PhoneNumberChange, change, if_match)


class VoiceAgents(Records[VoiceAgent]):
    """Agents that speak with leads."""

    _path = "voice-agents"
    _kind = VoiceAgent

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewVoiceAgent]) -> VoiceAgent:
        """Store an agent that speaks."""
        return await self._create(params.NewVoiceAgent, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> AsyncList[VoiceAgent]:
        """All voice agents. `search` looks into the name."""
        return self._list(VoiceAgent, "voiceAgents", self._path, filters=filters)

    async def update(
        self, agent_id: str, /, *, if_match: str | None = None, **change: Unpack[params.VoiceAgentChange]
    ) -> VoiceAgent:
        """What is not given stays, None clears, objects merge one level."""
        return await self._update(agent_id, params.VoiceAgentChange, change, if_match)


class SmsAgents(Records[SmsAgent]):
    """Agents that write with leads."""

    _path = "sms-agents"
    _kind = SmsAgent

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewSmsAgent]) -> SmsAgent:
        """Store an agent that writes."""
        return await self._create(params.NewSmsAgent, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> AsyncList[SmsAgent]:
        """All SMS agents. `search` looks into the name."""
        return self._list(SmsAgent, "smsAgents", self._path, filters=filters)

    async def update(
        self, agent_id: str, /, *, if_match: str | None = None, **change: Unpack[params.SmsAgentChange]
    ) -> SmsAgent:
        """What is not given stays, None clears, objects merge one level."""
        return await self._update(agent_id, params.SmsAgentChange, change, if_match)
