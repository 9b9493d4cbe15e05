"""An interaction as clients read it (contract 3.14 and 7.2), and what the platform's own parts write."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from leadsail.foundation.web.fields import LongText, Text
from leadsail.foundation.web.schemas import Maybe, Open, Shape, Timestamp

InteractionType = Literal["call", "sms", "email"]
InteractionStatus = Literal[
    "in_progress", "completed", "incomplete", "voicemail", "no_answer", "busy", "no_contact",
    "scheduled_callback", "follow_up", "qualified", "disqualified", "dnc", "failed", "canceled",
]  # fmt: skip
Direction = Literal["inbound", "outbound"]
TerminationReason = Literal[
    "agent_hangup", "user_hangup", "no_answer", "busy", "voicemail", "rejected", "invalid_number", "max_duration",
    "transferred", "opt_out", "blocked", "canceled", "provider_error",
]  # fmt: skip


class Telephony(Shape):
    """Who carried it: `phoneNumber` is ours, `messageId` the provider's id of the call or of the last message."""

    provider: Literal["vonage", "twilio", "sip", "sandbox"] = Field(examples=["sandbox"])
    message_id: Maybe[Text] = None
    phone_number: str = Field(examples=["+15002550100"])


class VoiceAI(Shape):
    """Which agent spoke."""

    provider: Literal["elevenlabs", "builtin"]
    agent_id: str = Field(examples=["agent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    conversation_id: Maybe[Text] = None


class Call(Open):
    """The call of an interaction of type `call`."""

    source: Literal["webrtc", "phone"]
    direction: Direction
    duration: Annotated[int, Field(ge=0, description="Whole seconds from answer to end; 0 when never answered")] = 0
    recording_url: Maybe[Text] = None
    termination_reason: Maybe[TerminationReason] = None
    voice_ai: VoiceAI = Field(alias="voiceAI")
    spoken_to: Annotated[bool, Field(description="A human said at least one word to the agent")] = False


class SmsThread(Shape):
    """The thread of an interaction of type `sms`."""

    agent_mode: bool
    direction: Direction


class Turn(Open):
    """One thing that was said or written."""

    model_config = ConfigDict(title="TranscriptTurn")

    timestamp: Timestamp
    role: Literal["agent", "user"]
    message: str
    source: Literal["manual", "api", "inbound", "sms_agent", "system"]
    speaker: Annotated[
        Literal["voice_agent", "sms_agent", "human", "lead"], Field(description="Who it was; an extra field of ours")
    ]
    interrupted: Maybe[bool] = None


class Interaction(Open):
    """One call, or one text thread between a pair of numbers. Fields without a value are left out."""

    interaction_id: str = Field(examples=["int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    lead_id: str = Field(examples=["lead_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    campaign_id: str = Field(examples=["SUN"])
    client_id: str = Field(examples=["client_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    offer_id: str = Field(examples=["offer_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    type: InteractionType
    status: InteractionStatus
    phone: str = Field(description="The lead's number", examples=["+15002550123"])
    telephony: Telephony
    call: Maybe[Call] = None
    sms: Maybe[SmsThread] = None
    summary: Maybe[str] = None
    transcript: list[Turn]
    error_code: Maybe[str] = None
    error_message: Maybe[str] = None
    created_at: Timestamp
    updated_at: Timestamp
    is_test: Maybe[bool] = None
    dial_state: Maybe[str] = Field(default=None, description="How far the placing of a call is, while it is uncertain")
    analysis: Maybe[dict[str, Any]] = None
    sequence: Annotated[int, Field(description="Grows with every change of this interaction")]


class LeadInteractions(Shape):
    """All interactions of a lead, newest first."""

    interactions: list[Interaction]


class InteractionList(Shape):
    """One page of interactions, newest first. `nextCursor` is left out on the last page."""

    interactions: list[Interaction]
    next_cursor: Maybe[str] = None
    has_more: bool


class NewInteraction(Shape):
    """What opens an interaction. `campaign` is the lead's campaign as it is now."""

    lead_id: str
    campaign_id: str
    client_id: str
    offer_id: str
    type: InteractionType
    status: InteractionStatus = "in_progress"
    phone: str
    telephony: Telephony
    call: Maybe[Call] = None
    sms: Maybe[SmsThread] = None
    is_test: Maybe[bool] = None


class NewTurn(Shape):
    """What is added to a transcript; without `timestamp` it was said now."""

    timestamp: datetime | None = None
    role: Literal["agent", "user"]
    message: LongText
    source: Literal["manual", "api", "inbound", "sms_agent", "system"]
    speaker: Literal["voice_agent", "sms_agent", "human", "lead"]
    interrupted: Maybe[bool] = None


class InteractionChange(Shape):
    """What becomes known of an interaction: absent leaves unchanged, `call` and `analysis` merge one level."""

    status: Maybe[InteractionStatus] = None
    summary: Maybe[LongText] = None
    call: Maybe[dict[str, Any]] = None
    message_id: Maybe[Text] = None
    error_code: Maybe[Text] = None
    error_message: Maybe[Text] = None
    dial_state: Maybe[Text] = None
    analysis: Maybe[dict[str, Any]] = None


class EventMessage(Shape):
    """One event of the stream: what changed, and its place in the order of changes."""

    event: Literal["interaction.started", "turn.added", "interaction.updated", "interaction.completed"]
    interaction_id: str
    sequence: int
    timestamp: Timestamp
    data: dict[str, Any]
