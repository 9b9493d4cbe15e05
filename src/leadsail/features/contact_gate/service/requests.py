"""What is asked of the gate, and everything it knew when it answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadsail.features.contact_gate.models import Channel, Contact, Decision, History, Intent, Purpose, Terms


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """Somebody wants to call or text a lead, or a bare number.

    Without `phone` the lead's own number is meant; without `campaign_id` the lead's campaign. `sender` is a number of
    ours that was asked for by name. `at` is when it is to happen; None is now.
    """

    channel: Channel
    purpose: Purpose = "marketing"
    lead_id: str | None = None
    phone: str | None = None
    campaign_id: str | None = None
    sender: str | None = None
    interaction_id: str | None = None
    at: datetime | None = None
    test_key: bool = False


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the gate was told by the rest of the platform, at one moment."""

    request: ContactRequest
    lead_id: str | None
    contact: Contact
    intent: Intent
    history: History
    terms: Terms
    numbers: tuple[str, ...]
    """All numbers of the person."""
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with what it rests on."""

    decision: Decision
    knowledge: Knowledge


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of a wish to contact somebody: an attempt that is planned, or blocked with the reasons."""

    attempt_id: str
    judgement: Judgement

    @property
    def number(self) -> str:
        """The number it is about."""
        return self.judgement.knowledge.contact.number.e164


@dataclass(frozen=True, slots=True)
class Refused:
    """The gate said no in the last moment; `planned_at` is when it is tried again, None where it is given up."""

    attempt_id: str
    judgement: Judgement
    planned_at: datetime | None
