"""What the gate knows when it decides, and what it decides: values only, made by the service and judged by `rules`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from leadsail.features.consents.models import Consent as Consent  # noqa: PLC0414 - one place for the gate's words
from leadsail.features.consents.models import ConsentKind as ConsentKind  # noqa: PLC0414 - as above
from leadsail.foundation.geography import Number, PlaceSource

Channel: TypeAlias = Literal["call", "sms"]

Purpose: TypeAlias = Literal["marketing", "informational", "callback", "reply", "opt_out_confirmation"]
"""Why somebody is contacted. `callback`: the lead asked for it; `reply`: the lead wrote or called within a day."""

Code: TypeAlias = Literal[
    "INVALID_PHONE_NUMBER", "CAMPAIGN_INACTIVE", "VOICE_AGENT_NOT_CONFIGURED", "SMS_AGENT_NOT_CONFIGURED",
    "MISSING_PHONE_NUMBER", "SENDER_NOT_REGISTERED", "CALL_IN_PROGRESS", "DO_NOT_CALL", "CONSENT_MISSING",
    "DESTINATION_NOT_ALLOWED", "OUTSIDE_LEGAL_HOURS", "FREQUENCY_CAP", "OUTSIDE_OPERATING_HOURS",
    "MIN_GAP_NOT_ELAPSED", "MAX_ATTEMPTS_REACHED", "PLATFORM_ON_HOLD", "RULES_UNAVAILABLE",
]  # fmt: skip
"""Why the gate says no (contract 7.4), in the order in which the first failure is chosen."""

Registry: TypeAlias = Literal["us_dnc", "ca_dncl", "gb_tps"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """What stands against contacting one number of the person. `lifted_for` are senders that the handset restarted."""

    number_is_dialed_one: bool
    source: str
    since: datetime
    lifted_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RegistryFact:
    """What a national list says of the number: whether it stands there, and when the list was last imported for it."""

    registry: Registry
    listed: bool
    scrubbed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What the reassigned-numbers file answered for the number: `yes`, `no` or `no_data`, and when it was asked."""

    answer: Literal["yes", "no", "no_data"]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom it is about: the number to be contacted, where it could be, and what the person agreed to or refused."""

    number: Number
    places: tuple[PlaceSource, ...]
    consents: tuple[Consent, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    registries: tuple[RegistryFact, ...] = ()
    reassignment: Reassignment | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants to do, and when."""

    channel: Channel
    purpose: Purpose
    at: datetime


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt that may have reached the person: `unknown` ones count, refused, blocked and canceled ones do not."""

    at: datetime
    channel: Channel
    campaign_id: str | None
    same_number: bool
    lead_id: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What was tried before with this person, newest first, across campaigns, channels and numbers."""

    attempts: tuple[PastAttempt, ...] = ()
    call_in_progress: bool = False
    refused_at: datetime | None = None
    """When the person last asked this business to leave them alone, lifted since or not."""
    opted_out_at: datetime | None = None
    """When the opt-out was received that a confirmation would confirm."""
    confirmations: int = 0
    """How many confirmations of that opt-out were already planned or sent."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """Minutes of the local day from which and until which contact is allowed; equal where the day is closed."""

    start: int
    end: int


Week: TypeAlias = tuple[DayHours, DayHours, DayHours, DayHours, DayHours, DayHours, DayHours]
"""Monday to Sunday."""


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """What the campaign sets. The dialer's terms bind only while it is active; None elsewhere."""

    campaign_id: str
    active: bool
    agent_configured: bool
    hours: Week | None = None
    min_gap_minutes: int = 0
    max_attempts: int | None = None
    max_attempts_per_day: int | None = None
    lead_zone: str | None = None
    """The one zone in which the campaign's hours are read."""


@dataclass(frozen=True, slots=True)
class TenantTerms:
    """What the tenant sets beyond the law: never wider than it."""

    country: str
    names: tuple[str, ...] = ()
    """The names under which this business may appear among the sellers of a consent."""
    hours: Week | None = None
    max_attempts_per_day: int | None = None
    max_attempts_per_week: int | None = None
    allowed_countries: frozenset[str] = frozenset()
    """Empty: the tenant's own country only."""
    sellers_strict: bool = False
    reassigned_check_days: int | None = None
    """Block marketing where consent is older than this and the number was not checked since; None does not."""
    california_acknowledged: bool = False
    closed_days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class SenderTerms:
    """Our number, from which it would be done; `number` is None where none could be found."""

    number: str | None
    registered: bool = True


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """What is held: by an operator, a tenant, for a campaign, or because the platform cannot trust its memory."""

    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the business, and not the law, has a say in."""

    tenant: TenantTerms
    sender: SenderTerms
    campaign: CampaignTerms | None = None
    hold: HoldTerms = HoldTerms()
    test_key: bool = False
    """An `ls_test_` key asks: it reaches nothing but the sandbox."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that had a say. `code` is None where it allowed; `until` is when it would allow, where time helps."""

    rule_id: str
    version: str
    code: Code | None = None
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """It may be done now. `latest_start` is when the window closes, for whoever queues the request."""

    reasons: tuple[Reason, ...]
    latest_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now, but at `until`, if nothing else changes."""

    code: Code
    until: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Deny:
    """No, and waiting alone does not help."""

    code: Code
    reasons: tuple[Reason, ...]


Decision: TypeAlias = Allow | Hold | Deny
