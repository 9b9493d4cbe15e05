"""Voice agents, SMS agents and phone numbers as they are sent and read (contract 5.14, 5.16, 7.3).

What a field means for another field of the same record is judged in `rules`.
"""

from typing import Annotated, Literal, Self

import phonenumbers
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from leadsail.foundation.web.fields import HttpUrl, Name, Text
from leadsail.foundation.web.pagination import Pagination
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Reference = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""The id of another record."""


# Phone numbers ------------------------------------------------------------------------------------------------------

NumberProvider = Literal["vonage", "twilio", "sip", "sandbox"]
RegistrationStatus = Literal["not_required", "pending", "registered", "rejected"]


def _known_number(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("must be a phone number that exists, in E.164 form such as +14155552671")
    return text


Number = Annotated[
    str,
    StringConstraints(pattern=r"^\+[1-9]\d{6,14}$"),
    AfterValidator(_known_number),
    Field(examples=["+14155552671"]),
]
"""A phone number in E.164 (ITU-T). The sandbox's numbers, +1 500 and seven digits, are among those that exist."""

Capabilities = Annotated[list[Literal["voice", "sms"]], Field(min_length=1, max_length=2)]


class RegistrationChange(Shape):
    """A change of a number's registration."""

    status: Maybe[RegistrationStatus] = None
    brand_id: Maybe[Text] = None
    campaign_id: Maybe[Text] = None


class Registration(RegistrationChange):
    """Where the carriers' registration of a sender of texts stands (in the United States: 10DLC).

    `brandId` and `campaignId` are those of the carriers' registry, not of this platform.
    """

    status: RegistrationStatus


class PhoneNumberChange(Shape):
    """A change of a phone number. Its digits stay: another number is another record."""

    provider: Maybe[NumberProvider] = None
    capabilities: Maybe[Capabilities] = None
    registration: Maybe[RegistrationChange] = None
    active: Maybe[bool] = None


class NewPhoneNumber(PhoneNumberChange):
    """A phone number to be stored. `registration` begins as `pending` where carriers ask for one."""

    number: Number
    provider: NumberProvider
    capabilities: Capabilities
    registration: Maybe[Registration] = None
    active: bool = True

    @model_validator(mode="after")
    def _says_whether_it_is_registered(self) -> Self:
        if self.registration is None:
            # Carriers register senders on +1 numbers; what is assumed of one must never let an unregistered one text.
            asked = self.number.startswith("+1") and self.provider != "sandbox"
            self.registration = Registration(status="pending" if asked else "not_required")
        return self


class PhoneNumber(NewPhoneNumber):
    """A number of the tenant's own."""

    phone_number_id: str = Field(examples=["num_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    registration: Registration
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class PhoneNumberList(Shape):
    """One page of phone numbers."""

    phone_numbers: list[PhoneNumber]
    pagination: Pagination


# What both kinds of agent have --------------------------------------------------------------------------------------


class EngineChange(Shape):
    """A change of an agent's engine."""

    flow_id: Maybe[Reference] = None
    prompt_template_id: Maybe[Reference] = None
    model: Maybe[Name] = None


class Engine(EngineChange):
    """What the platform's own agent follows: a flow or a prompt template, and the model that it asks."""

    @model_validator(mode="after")
    def _follows_one_thing(self) -> Self:
        if (self.flow_id is None) == (self.prompt_template_id is None):
            raise ValueError("name either flowId or promptTemplateId")
        return self


CampaignIds = Annotated[list[Reference], Field(max_length=200, examples=[["HXZ", "U4D"]])]


class InboundChange(Shape):
    """A change of what an agent does when a lead comes by itself."""

    enabled: Maybe[bool] = None
    campaign_ids: Maybe[CampaignIds] = None


class Inbound(InboundChange):
    """Whether an agent answers leads that come by themselves, and the campaigns they may belong to, first one first."""

    enabled: bool = False
    campaign_ids: CampaignIds = Field(default=[])


# Voice agents -------------------------------------------------------------------------------------------------------

VoiceProvider = Literal["builtin", "elevenlabs"]


class VoiceAgentChange(Shape):
    """A change of a voice agent: absent leaves unchanged, `null` clears, objects merge one level."""

    name: Maybe[Name] = None
    description: Maybe[Text] = None
    provider: Maybe[VoiceProvider] = None
    provider_agent_id: Maybe[Reference] = None
    engine: Maybe[EngineChange] = None
    phone_number_id: Maybe[Reference] = None
    inbound: Maybe[InboundChange] = None
    is_test: Maybe[bool] = None
    active: Maybe[bool] = None


class NewVoiceAgent(VoiceAgentChange):
    """A voice agent to be stored."""

    name: Name = Field(examples=["Ava"])
    provider: VoiceProvider = "builtin"
    provider_agent_id: Maybe[Reference] = Field(default=None, description="Required unless the provider is builtin")
    engine: Maybe[Engine] = None
    inbound: Inbound = Field(default_factory=Inbound)
    is_test: bool = False
    active: bool = True


class VoiceAgent(NewVoiceAgent):
    """Someone who speaks with leads."""

    agent_id: str = Field(examples=["agent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class VoiceAgentList(Shape):
    """One page of voice agents."""

    voice_agents: list[VoiceAgent]
    pagination: Pagination


# SMS agents ---------------------------------------------------------------------------------------------------------

SmsProvider = Literal["vonage", "twilio", "sandbox"]
BatchWindow = Annotated[
    int, Field(ge=1_000, le=60_000, description="Milliseconds to wait for further messages before an answer")
]


class SmsAgentChange(Shape):
    """A change of an SMS agent: absent leaves unchanged, `null` clears, objects merge one level."""

    name: Maybe[Name] = None
    description: Maybe[Text] = None
    provider: Maybe[SmsProvider] = None
    phone_number_id: Maybe[Reference] = None
    webhook_url: Maybe[HttpUrl] = None
    batch_window_ms: Maybe[BatchWindow] = None
    engine: Maybe[EngineChange] = None
    inbound: Maybe[InboundChange] = None
    is_test: Maybe[bool] = None
    active: Maybe[bool] = None


class NewSmsAgent(SmsAgentChange):
    """An SMS agent to be stored. It answers by its `engine`, or else somebody does at its `webhookUrl`."""

    name: Name = Field(examples=["Texting Ava"])
    provider: SmsProvider
    webhook_url: Maybe[HttpUrl] = Field(default=None, description="Required unless the agent has an engine")
    batch_window_ms: BatchWindow = 7_000
    engine: Maybe[Engine] = None
    inbound: Inbound = Field(default_factory=Inbound)
    is_test: bool = False
    active: bool = True


class SmsAgent(NewSmsAgent):
    """Someone who writes with leads."""

    agent_id: str = Field(examples=["smsagent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class SmsAgentList(Shape):
    """One page of SMS agents."""

    sms_agents: list[SmsAgent]
    pagination: Pagination
