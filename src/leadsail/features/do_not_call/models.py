"""What an opt-out is, what is known against contacting a number, and what is asked of the stored list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

Source: TypeAlias = Literal["sms", "speech", "key_press", "api", "import", "manual", "buyer"]
"""How we learned of it: the first three come from the person's own handset."""

Channel: TypeAlias = Literal["call", "sms", "email", "web", "other"]
"""Where the person said it."""

Registry: TypeAlias = Literal["us_dnc", "ca_dncl", "gb_tps"]
"""The national lists of numbers that do not want marketing calls."""

RegistryName: TypeAlias = Literal["us_dnc", "ca_dncl", "gb_tps", "us_reassigned"]
"""What can be imported: a national list, or the answers of the reassigned-numbers database."""

Answer: TypeAlias = Literal["yes", "no", "no_data"]
"""Whether a number was given to somebody else since the date that was asked about."""

RegistryAge: TypeAlias = Literal["missing", "current", "ageing", "expired"]
"""How far a registry may be relied on: `ageing` still, `expired` not any more."""

Evidence: TypeAlias = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class OptOut:
    """Somebody asked to be left alone. `sender` is our number that they answered; evidence holds their words."""

    phone: str
    source: Source
    channel: Channel | None = None
    evidence: Evidence = field(default_factory=dict, repr=False)
    sender: str | None = None
    lead_id: str | None = None
    interaction_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What an opt-out came to: the entry it stands in, and whether that is new."""

    entry_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """A live entry of the list. `lifted_for` are those of our numbers that the handset started again."""

    entry_id: str
    source: Source
    since: datetime
    lifted_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class RegistryStanding:
    """What a national list says of a number; `scrubbed_at` is the age of the file that covers it, None without one."""

    registry: Registry
    listed: bool
    scrubbed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReassignmentAnswer:
    """What the reassigned-numbers database said of a number, and as of when."""

    answer: Answer
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SuppressionFacts:
    """Everything known against contacting one number.

    `refused_at` is when it last asked to be left alone, whether that still stands or was lifted or removed since.
    """

    entry: ListedNumber | None
    refused_at: datetime | None
    registries: tuple[RegistryStanding, ...]
    reassignment: ReassignmentAnswer | None


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries a list shows; None does not filter. `hashes` are those that one number may be stored under."""

    hashes: list[bytes] | None = None
    source: str | None = None
    include_removed: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewRegistryFile:
    """A file to be imported: what it is of, the day it was drawn, and the area codes it covers, None being all."""

    registry: RegistryName
    as_of: date
    area_codes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that could not be used. `value` shows enough to find it and not whose number it is."""

    line: int
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What reading the journal came to: entries read, opt-outs added that the database did not know, where it ended.

    `unknown_tenants` counts opt-outs of organisations that this database does not have.
    """

    read: int
    added: int
    unknown_tenants: int
    upto: int
