"""A dossier as it is read."""

from typing import Any, Literal

from pydantic import Field

from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp


class DossierConsent(Shape):
    """One agreement that the decisions knew of, with its evidence."""

    kind: Literal["none", "express", "written", "automated_call"]
    source: str = Field(description="Who told of it: lead, campaign, api or import", examples=["lead"])
    given_at: Maybe[Timestamp] = None
    channels: list[str] = Field(description="Empty where it names none, and so covers every channel")
    sellers: list[str]
    evidence: dict[str, Any] = Field(description="The text shown, the page, the address, certificate ids")


class DossierRule(Shape):
    """One rule that had a say in a decision."""

    rule_id: str = Field(examples=["us.federal.hours"])
    version: str
    said: str = Field(description="`agreed`, or the code of the refusal", examples=["agreed"])
    text: str = Field(description="What the rule says, in plain words")
    detail: Maybe[str] = None


class DossierDecision(Shape):
    """One decision of the gate: when the contact was planned, and again when it was made."""

    decision_id: str
    stage: Literal["plan", "commit"]
    outcome: Literal["allow", "hold", "deny"]
    code: Maybe[str] = None
    at: Timestamp
    local_times: dict[str, str] = Field(description="What the clocks showed, by every zone the person could be in")
    list_ages_in_days: dict[str, int | None] = Field(
        description="How old the imports of national lists were; null where there was none"
    )
    earlier_attempts: int = Field(description="Attempts with this person that were counted")
    rules: list[DossierRule]
    seal: Maybe[int] = Field(default=None, description="The number of the seal that covers it; left out at first")
    erased: bool = Field(description="Whether what was known of the person was erased since")


class DossierAttempt(Shape):
    """One attempt to reach the person."""

    attempt_id: str
    channel: Literal["call", "sms"]
    purpose: str
    state: str
    planned_at: Timestamp
    committed_at: Maybe[Timestamp] = None
    ended_at: Maybe[Timestamp] = None
    decisions: list[DossierDecision]


class Disclosure(Shape):
    """The first words from our side, as they were really said and recorded."""

    said: Maybe[str] = None
    at: Maybe[Timestamp] = None
    by_ai: bool = Field(description="Whether an agent said them, and not a person")
    names_ai: bool = Field(description="Whether these words say that an artificial voice or assistant is speaking")


class Recording(Shape):
    """The recording, and the hash that shows that it is the same one."""

    url: Maybe[str] = None
    sha256: Maybe[str] = None


class OptOutEntry(Shape):
    """An entry of the do-not-call list for the person's number, as it stands now."""

    entry_id: str
    source: str = Field(examples=["speech"])
    since: Timestamp
    asked_here: bool = Field(description="Whether the person asked for it in this conversation")
    words: Maybe[str] = Field(default=None, description="The words by which it was asked for here")


class Dossier(Shape):
    """Why one person was called or texted, from consent to recording."""

    interaction_id: str
    person: str = Field(description="The lead's name; empty where it has none", examples=["Ann Lee"])
    lead_id: str
    business: str = Field(description="In whose name the person was contacted", examples=["Sunny Solar"])
    campaign_id: str
    channel: str = Field(examples=["call"])
    status: str
    phone: str = Field(examples=["+14155552671"])
    our_number: str = Field(examples=["+14155550100"])
    contacted_at: Timestamp
    began_by: Literal["us", "lead"]
    summary: list[str] = Field(description="The whole in plain sentences, for a reader who knows nothing of us")
    consents: list[DossierConsent]
    attempts: list[DossierAttempt]
    disclosure: Disclosure
    recording: Recording
    do_not_call: list[OptOutEntry]
    made_at: Timestamp
