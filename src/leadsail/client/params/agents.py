"""Parameters of agents. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import NumberProvider, RegistrationStatus
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class Registration(TypedDict, total=False):
    """Where the carriers' registration of a sender of texts stands (in the United States: 10DLC).

    `brandId` and `campaignId` are those of the carriers' registry, not of this platform.
    """

    status: Required[RegistrationStatus]
    brand_id: str | None
    campaign_id: str | None


@with_config(PARAMETERS)
class NewPhoneNumber(TypedDict, total=False):
    """A phone number to be stored. `registration` begins as `pending` where carriers ask for one."""

    provider: Required[NumberProvider]
    capabilities: Required[list[Literal["voice", "sms"]]]
    registration: Registration | None
    active: bool
    number: Required[str]


@with_config(PARAMETERS)
class RegistrationChange(TypedDict, total=False):
    """A change of a number's registration."""

    status: RegistrationStatus | None
    brand_id: str | None
    campaign_id: str | None


@with_config(PARAMETERS)
class PhoneNumberChange(TypedDict, total=False):
    """A change of a phone number. Its digits stay: another number is another record."""

    provider: NumberProvider | None
    capabilities: list[Literal["voice", "sms"]] | None
    registration: RegistrationChange | None
    active: bool | None


@with_config(PARAMETERS)
class Engine(TypedDict, total=False):
    """What the platform's own agent follows: a flow or a prompt template, and the model that it asks."""

    flow_id: str | None
    prompt_template_id: str | None
    model: str | None


@with_config(PARAMETERS)
class Inbound(TypedDict, total=False):
    """Whether an agent answers leads that come by themselves, and the campaigns they may belong to, first one first."""

    enabled: bool
    campaign_ids: list[str]


@with_config(PARAMETERS)
class NewVoiceAgent(TypedDict, total=False):
    """A voice agent to be stored."""

    name: Required[str]
    description: str | None
    provider: Literal["builtin", "elevenlabs"]
    provider_agent_id: str | None
    """Required unless the provider is builtin"""
    engine: Engine | None
    phone_number_id: str | None
    inbound: Inbound
    is_test: bool
    active: bool


@with_config(PARAMETERS)
class EngineChange(TypedDict, total=False):
    """A change of an agent's engine."""

    flow_id: str | None
    prompt_template_id: str | None
    model: str | None


@with_config(PARAMETERS)
class InboundChange(TypedDict, total=False):
    """A change of what an agent does when a lead comes by itself."""

    enabled: bool | None
    campaign_ids: list[str] | None


@with_config(PARAMETERS)
class VoiceAgentChange(TypedDict, total=False):
    """A change of a voice agent: absent leaves unchanged, `null` clears, objects merge one level."""

    name: str | None
    description: str | None
    provider: Literal["builtin", "elevenlabs"] | None
    provider_agent_id: str | None
    engine: EngineChange | None
    phone_number_id: str | None
    inbound: InboundChange | None
    is_test: bool | None
    active: bool | None


@with_config(PARAMETERS)
class NewSmsAgent(TypedDict, total=False):
    """An SMS agent to be stored. It answers by its `engine`, or else somebody does at its `webhookUrl`."""

    name: Required[str]
    description: str | None
    provider: Required[Literal["vonage", "twilio", "sandbox"]]
    phone_number_id: str | None
    webhook_url: str | None
    """Required unless the agent has an engine"""
    batch_window_ms: int
    """Milliseconds to wait for further messages before an answer"""
    engine: Engine | None
    inbound: Inbound
    is_test: bool
    active: bool


@with_config(PARAMETERS)
class SmsAgentChange(TypedDict, total=False):
    """A change of an SMS agent: absent leaves unchanged, `null` clears, objects merge one level."""

    name: str | None
    description: str | None
    provider: Literal["vonage", "twilio", "sandbox"] | None
    phone_number_id: str | None
    webhook_url: str | None
    batch_window_ms: int | None
    engine: EngineChange | None
    inbound: InboundChange | None
    is_test: bool | None
    active: bool | None
