# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Phone numbers, voice agents and SMS agents."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.filters import RecordFilters
from leadsail.client.records import PhoneNumber, SmsAgent, VoiceAgent
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Records


class PhoneNumbers(Records[PhoneNumber]):
    """Numbers that the tenant calls and texts from."""

    _path = "phone-numbers"
    _kind = PhoneNumber

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewPhoneNumber]) -> PhoneNumber:
        """Store a number of your own."""
        return self._create(params.NewPhoneNumber, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> SyncList[PhoneNumber]:
        """All phone numbers. `search` looks into the number."""
        return self._list(PhoneNumber, "phoneNumbers", self._path, filters=filters)

    def update(
        self, phone_number_id: str, /, *, if_match: str | None = None, **change: Unpack[params.PhoneNumberChange]
    ) -> PhoneNumber:
        """What is not given stays, None clears, objects merge one level."""
        return self._update(phone_number_id, params.PhoneNumberChange, change, if_match)


class VoiceAgents(Records[VoiceAgent]):
    """Agents that speak with leads."""

    _path = "voice-agents"
    _kind = VoiceAgent

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewVoiceAgent]) -> VoiceAgent:
        """Store an agent that speaks."""
        return self._create(params.NewVoiceAgent, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> SyncList[VoiceAgent]:
        """All voice agents. `search` looks into the name."""
        return self._list(VoiceAgent, "voiceAgents", self._path, filters=filters)

    def update(
        self, agent_id: str, /, *, if_match: str | None = None, **change: Unpack[params.VoiceAgentChange]
    ) -> VoiceAgent:
        """What is not given stays, None clears, objects merge one level."""
        return self._update(agent_id, params.VoiceAgentChange, change, if_match)


class SmsAgents(Records[SmsAgent]):
    """Agents that write with leads."""

    _path = "sms-agents"
    _kind = SmsAgent

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewSmsAgent]) -> SmsAgent:
        """Store an agent that writes."""
        return self._create(params.NewSmsAgent, new, idempotency_key)

    def list(self, **filters: Unpack[RecordFilters]) -> SyncList[SmsAgent]:
        """All SMS agents. `search` looks into the name."""
        return self._list(SmsAgent, "smsAgents", self._path, filters=filters)

    def update(
        self, agent_id: str, /, *, if_match: str | None = None, **change: Unpack[params.SmsAgentChange]
    ) -> SmsAgent:
        """What is not given stays, None clears, objects merge one level."""
        return self._update(agent_id, params.SmsAgentChange, change, if_match)
