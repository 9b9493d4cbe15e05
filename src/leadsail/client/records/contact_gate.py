"""Records of contact gate. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal

from leadsail.client.choices import (
    ConsentKind,
    ContactCode,
)
from leadsail.client.shapes import Record


class LocalTime(Record):
    """What a clock shows at one of the places where the person could be."""

    zone: str
    country: str
    region: str | None = None
    found_by: str
    """What told of the place"""
    time: str
    """Local date and time with its offset"""


class DecidingRule(Record):
    """One rule that had a say: with a `code` it said no, without one it agreed."""

    code: ContactCode | None = None
    rule_id: str
    version: str
    text: str | None = None
    """What the rule says, in plain words"""
    source: str | None = None
    """Where the rule is taken from"""
    detail: str | None = None
    """What the rule found in this case"""
    next_allowed_at: datetime | None = None
    """When this rule alone would agree"""


class ContactAnswer(Record):
    """What the gate says, and why."""

    decision: Literal["allow", "hold", "deny"]
    """`hold`: not now, but at `nextAllowedAt`; `deny`: waiting does not help"""
    code: ContactCode | None = None
    """The first failure, in the order of the codes"""
    next_allowed_at: datetime | None = None
    """The first lawful instant, where waiting helps"""
    latest_start: datetime | None = None
    """When the open window closes"""
    phone: str
    """The number that was judged"""
    at: datetime
    local_times: list[LocalTime]
    decisions: list[DecidingRule]
    """Every rule that had a say, those that said no first"""


class DossierConsent(Record):
    """One agreement that the decisions knew of, with its evidence."""

    kind: ConsentKind
    source: str
    """Who told of it: lead, campaign, api or import"""
    given_at: datetime | None = None
    channels: list[str]
    """Empty where it names none, and so covers every channel"""
    sellers: list[str]
    evidence: dict[str, Any]
    """The text shown, the page, the address, certificate ids"""


class DossierRule(Record):
    """One rule that had a say in a decision."""

    rule_id: str
    version: str
    said: str
    """`agreed`, or the code of the refusal"""
    text: str
    """What the rule says, in plain words"""
    detail: str | None = None


class DossierDecision(Record):
    """One decision of the gate: when the contact was planned, and again when it was made."""

    decision_id: str
    stage: Literal["plan", "commit"]
    outcome: Literal["allow", "hold", "deny"]
    code: str | None = None
    at: datetime
    local_times: dict[str, str]
    """What the clocks showed, by every zone the person could be in"""
    list_ages_in_days: dict[str, int | None]
    """How old the imports of national lists were; null where there was none"""
    earlier_attempts: int
    """Attempts with this person that were counted"""
    rules: list[DossierRule]
    seal: int | None = None
    """The number of the seal that covers it; left out at first"""
    erased: bool
    """Whether what was known of the person was erased since"""


class DossierAttempt(Record):
    """One attempt to reach the person."""

    attempt_id: str
    channel: Literal["call", "sms"]
    purpose: str
    state: str
    planned_at: datetime
    committed_at: datetime | None = None
    ended_at: datetime | None = None
    decisions: list[DossierDecision]


class Disclosure(Record):
    """The first words from our side, as they were really said and recorded."""

    said: str | None = None
    at: datetime | None = None
    by_ai: bool
    """Whether an agent said them, and not a person"""
    names_ai: bool
    """Whether these words say that an artificial voice or assistant is speaking"""


class Recording(Record):
    """The recording, and the hash that shows that it is the same one."""

    url: str | None = None
    sha256: str | None = None


class OptOutEntry(Record):
    """An entry of the do-not-call list for the person's number, as it stands now."""

    entry_id: str
    source: str
    since: datetime
    asked_here: bool
    """Whether the person asked for it in this conversation"""
    words: str | None = None
    """The words by which it was asked for here"""


class Dossier(Record):
    """Why one person was called or texted, from consent to recording."""

    interaction_id: str
    person: str
    """The lead's name; empty where it has none"""
    lead_id: str
    business: str
    """In whose name the person was contacted"""
    campaign_id: str
    channel: str
    status: str
    phone: str
    our_number: str
    contacted_at: datetime
    began_by: Literal["us", "lead"]
    summary: list[str]
    """The whole in plain sentences, for a reader who knows nothing of us"""
    consents: list[DossierConsent]
    attempts: list[DossierAttempt]
    disclosure: Disclosure
    recording: Recording
    do_not_call: list[OptOutEntry]
    made_at: datetime
