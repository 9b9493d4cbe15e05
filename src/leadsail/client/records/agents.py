"""Records of agents. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal

from leadsail.client.choices import (
    NumberProvider,
    RegistrationStatus,
)
from leadsail.client.shapes import Record


class Registration(Record):
    """Where the carriers' registration of a sender of texts stands (in the United States: 10DLC).

    `brandId` and `campaignId` are those of the carriers' registry, not of this platform.
    """

    status: RegistrationStatus
    brand_id: str | None = None
    campaign_id: str | None = None


class PhoneNumber(Record):
    """A number of the tenant's own."""

    provider: NumberProvider
    capabilities: list[Literal["voice", "sms"]]
    registration: Registration
    active: bool
    number: str
    phone_number_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class Engine(Record):
    """What the platform's own agent follows: a flow or a prompt template, and the model that it asks."""

    flow_id: str | None = None
    prompt_template_id: str | None = None
    model: str | None = None


class Inbound(Record):
    """Whether an agent answers leads that come by themselves, and the campaigns they may belong to, first one first."""

    enabled: bool
    campaign_ids: list[str]


class VoiceAgent(Record):
    """Someone who speaks with leads."""

    name: str
    description: str | None = None
    provider: Literal["builtin", "elevenlabs"]
    provider_agent_id: str | None = None
    """Required unless the provider is builtin"""
    engine: Engine | None = None
    phone_number_id: str | None = None
    inbound: Inbound
    is_test: bool
    active: bool
    agent_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class SmsAgent(Record):
    """Someone who writes with leads."""

    name: str
    description: str | None = None
    provider: Literal["vonage", "twilio", "sandbox"]
    phone_number_id: str | None = None
    webhook_url: str | None = None
    """Required unless the agent has an engine"""
    batch_window_ms: int
    """Milliseconds to wait for further messages before an answer"""
    engine: Engine | None = None
    inbound: Inbound
    is_test: bool
    active: bool
    agent_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
