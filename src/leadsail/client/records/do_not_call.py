"""Records of do not call. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any

from leadsail.client.choices import (
    DoNotCallEventKind,
    DoNotCallSource,
    OptOutChannel,
    RegistryAge,
    RegistryName,
)
from leadsail.client.shapes import Record


class DoNotCallEntry(Record):
    """A number that nobody may contact. Of an erased person only a keyed hash is left."""

    entry_id: str
    phone: str | None = None
    phone_hash: str | None = None
    """In place of the number, once its person was erased"""
    source: DoNotCallSource
    channel: OptOutChannel | None = None
    reason: str | None = None
    evidence: dict[str, Any]
    sender: str | None = None
    """Our number that the request came to"""
    lead_id: str | None = None
    interaction_id: str | None = None
    lifted_for: list[str]
    """Our numbers that the handset started again; all others stay barred"""
    times_asked: int
    last_asked_at: datetime
    added_by: str
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None = None
    removed_by: str | None = None
    removed_reason: str | None = None
    removed_evidence: dict[str, Any] | None = None


class ImportFault(Record):
    """A line, or a member of the list from 1 on, that could not be used; the others were."""

    line: int
    value: str
    """With only its last two signs"""
    message: str


class ImportedNumbers(Record):
    """What came of an import."""

    received: int
    added: int
    already_listed: int
    faulty: int
    faults: list[ImportFault]
    """The first 1,000"""


class DoNotCallEvent(Record):
    """Something that happened to an entry."""

    kind: DoNotCallEventKind
    at: datetime
    source: DoNotCallSource
    channel: OptOutChannel | None = None
    sender: str | None = None
    lead_id: str | None = None
    interaction_id: str | None = None
    evidence: dict[str, Any]
    by: str
    journal_sequence: int | None = None
    """The entry of the journal that was written first"""


class DoNotCallRecord(Record):
    """An entry with all that ever happened to it, the oldest first."""

    entry_id: str
    phone: str | None = None
    phone_hash: str | None = None
    """In place of the number, once its person was erased"""
    source: DoNotCallSource
    channel: OptOutChannel | None = None
    reason: str | None = None
    evidence: dict[str, Any]
    sender: str | None = None
    """Our number that the request came to"""
    lead_id: str | None = None
    interaction_id: str | None = None
    lifted_for: list[str]
    """Our numbers that the handset started again; all others stay barred"""
    times_asked: int
    last_asked_at: datetime
    added_by: str
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None = None
    removed_by: str | None = None
    removed_reason: str | None = None
    removed_evidence: dict[str, Any] | None = None
    events: list[DoNotCallEvent]


class RegistryFile(Record):
    """A file that still speaks for some numbers."""

    file_id: str
    as_of: str
    area_codes: list[str] | None = None
    """Left out where it covers all"""
    numbers: int
    imported_by: str
    created_at: datetime
    expires_at: datetime | None = None


class RegistryState(Record):
    """How a registry stands: `ageing` from 24 days on, `expired` once it must not be relied on."""

    registry: RegistryName
    state: RegistryAge
    as_of: str | None = None
    """The day of the oldest file in force"""
    expires_at: datetime | None = None
    numbers: int
    warning: str | None = None
    files: list[RegistryFile]


class ImportedRegistryFile(Record):
    """What came of importing a registry's file."""

    file_id: str
    registry: RegistryName
    as_of: str
    area_codes: list[str] | None = None
    lines: int
    numbers: int
    faulty: int
    faults: list[ImportFault]
    """The first 1,000"""
