"""The use cases of voice agents, SMS agents and phone numbers: those of every configuration record."""

from collections.abc import Mapping
from typing import Any

from leadsail.features.agents.rules import capability_faults, inbound_faults, sms_agent_faults, voice_agent_faults
from leadsail.features.agents.schemas import (
    NewPhoneNumber,
    NewSmsAgent,
    NewVoiceAgent,
    PhoneNumber,
    PhoneNumberChange,
    SmsAgent,
    SmsAgentChange,
    VoiceAgent,
    VoiceAgentChange,
)
from leadsail.features.campaigns.service import CampaignService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.records import RecordService, RecordTable


class PhoneNumberService(RecordService[NewPhoneNumber, PhoneNumberChange, PhoneNumber]):
    """The numbers that a tenant calls and texts from."""

    table = RecordTable("phone_number", "phone_number_id", "phoneNumberId", "num", search=("number",))
    new_shape = NewPhoneNumber
    shape = PhoneNumber
    unique: Mapping[str, str] = {
        "phone_number_is_unique": "You have this number already, maybe archived; change or unarchive that one"
    }

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse an ability that is named twice."""
        del work, record_id
        _refuse(*capability_faults(body["capabilities"]))


class VoiceAgentService(RecordService[NewVoiceAgent, VoiceAgentChange, VoiceAgent]):
    """Those who speak with leads."""

    table = RecordTable("voice_agent", "agent_id", "agentId", "agent")
    new_shape = NewVoiceAgent
    shape = VoiceAgent
    references: Mapping[str, tuple[str, str]] = {
        "voice_agent_phone_number": ("phoneNumberId", "phone number"),
        "voice_agent_flow": ("engine.flowId", "flow"),
        "voice_agent_prompt_template": ("engine.promptTemplateId", "prompt template"),
    }

    def __init__(self, clock: Clock, campaigns: CampaignService) -> None:
        super().__init__(clock)
        self._campaigns = campaigns

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse contradictions, and campaigns that do not exist."""
        del record_id
        _refuse(*voice_agent_faults(body), *await _inbound_faults(work, self._campaigns, body))


class SmsAgentService(RecordService[NewSmsAgent, SmsAgentChange, SmsAgent]):
    """Those who write with leads."""

    table = RecordTable("sms_agent", "agent_id", "agentId", "smsagent")
    new_shape = NewSmsAgent
    shape = SmsAgent
    references: Mapping[str, tuple[str, str]] = {
        "sms_agent_phone_number": ("phoneNumberId", "phone number"),
        "sms_agent_flow": ("engine.flowId", "flow"),
        "sms_agent_prompt_template": ("engine.promptTemplateId", "prompt template"),
    }

    def __init__(self, clock: Clock, campaigns: CampaignService) -> None:
        super().__init__(clock)
        self._campaigns = campaigns

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse contradictions, and campaigns that do not exist."""
        del record_id
        _refuse(*sms_agent_faults(body), *await _inbound_faults(work, self._campaigns, body))


def _refuse(*faults: str) -> None:
    if faults:
        raise InvalidInput(*faults)


async def _inbound_faults(work: Work, campaigns: CampaignService, body: Mapping[str, Any]) -> list[str]:
    wanted: list[str] = body["inbound"]["campaignIds"]
    existing = await campaigns.references_to(work, wanted) if wanted else {}
    return list(inbound_faults(wanted, existing))
