"""Records of interactions. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal

from leadsail.client.choices import (
    InteractionStatus,
    NumberProvider,
    Speaker,
    TerminationReason,
    TurnSource,
)
from leadsail.client.shapes import Record


class Telephony(Record):
    """Who carried it: `phoneNumber` is ours, `messageId` the provider's id of the call or of the last message."""

    provider: NumberProvider
    message_id: str | None = None
    phone_number: str


class VoiceAI(Record):
    """Which agent spoke."""

    provider: Literal["elevenlabs", "builtin"]
    agent_id: str
    conversation_id: str | None = None


class Call(Record):
    """The call of an interaction of type `call`."""

    source: Literal["webrtc", "phone"]
    direction: Literal["inbound", "outbound"]
    duration: int
    """Whole seconds from answer to end; 0 when never answered"""
    recording_url: str | None = None
    termination_reason: TerminationReason | None = None
    voice_ai: VoiceAI
    spoken_to: bool
    """A human said at least one word to the agent"""


class SmsThread(Record):
    """The thread of an interaction of type `sms`."""

    agent_mode: bool
    direction: Literal["inbound", "outbound"]


class Turn(Record):
    """One thing that was said or written."""

    timestamp: datetime
    role: Literal["agent", "user"]
    message: str
    source: TurnSource
    speaker: Speaker
    """Who it was; an extra field of ours"""
    interrupted: bool | None = None


class Interaction(Record):
    """One call, or one text thread between a pair of numbers. Fields without a value are left out."""

    interaction_id: str
    lead_id: str
    campaign_id: str
    client_id: str
    offer_id: str
    type: Literal["call", "sms", "email"]
    status: InteractionStatus
    phone: str
    """The lead's number"""
    telephony: Telephony
    call: Call | None = None
    sms: SmsThread | None = None
    summary: str | None = None
    transcript: list[Turn]
    error_code: str | None = None
    error_message: str | None = None
    created_at: datetime
    updated_at: datetime
    is_test: bool | None = None
    dial_state: str | None = None
    """How far the placing of a call is, while it is uncertain"""
    analysis: dict[str, Any] | None = None
    sequence: int
    """Grows with every change of this interaction"""
