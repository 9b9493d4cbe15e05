"""The do-not-call list and the registries as they are sent and read."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from leadsail.features.do_not_call.models import Channel, RegistryAge, RegistryName, Source
from leadsail.foundation.web.fields import Text
from leadsail.foundation.web.line_bodies import LinesShape
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
EvidenceBody = Annotated[dict[str, JsonValue], Field(max_length=50)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class NewDoNotCallEntry(Shape):
    """A number to be put on the list."""

    phone: Phone = Field(
        description="In any spelling; without a country it is read as the tenant's", examples=["+14155552671"]
    )
    reason: Maybe[Text] = None
    evidence: Maybe[EvidenceBody] = Field(
        default=None, description="What shows that the person asked, such as their words"
    )
    channel: Maybe[Channel] = Field(default=None, description="Where the person said it")


class DoNotCallRemoval(Shape):
    """Why a number may be contacted again; both are kept with the entry."""

    reason: Said
    evidence: Annotated[dict[str, JsonValue], Field(min_length=1, max_length=50)] = Field(
        description="What shows that the person agreed, such as a consent record"
    )


class DoNotCallEntry(Shape):
    """A number that nobody may contact. Of an erased person only a keyed hash is left."""

    entry_id: str = Field(examples=["dnc_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    phone: Maybe[str] = None
    phone_hash: Maybe[str] = Field(default=None, description="In place of the number, once its person was erased")
    source: Source
    channel: Maybe[Channel] = None
    reason: Maybe[str] = None
    evidence: dict[str, JsonValue]
    sender: Maybe[str] = Field(default=None, description="Our number that the request came to")
    lead_id: Maybe[str] = None
    interaction_id: Maybe[str] = None
    lifted_for: list[str] = Field(description="Our numbers that the handset started again; all others stay barred")
    times_asked: int
    last_asked_at: Timestamp
    added_by: str = Field(examples=["key_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    removed_at: Maybe[Timestamp] = None
    removed_by: Maybe[str] = None
    removed_reason: Maybe[str] = None
    removed_evidence: Maybe[dict[str, JsonValue]] = None


class DoNotCallEvent(Shape):
    """Something that happened to an entry."""

    kind: Literal["opt_out", "repeated", "lifted", "removed"]
    at: Timestamp
    source: Source
    channel: Maybe[Channel] = None
    sender: Maybe[str] = None
    lead_id: Maybe[str] = None
    interaction_id: Maybe[str] = None
    evidence: dict[str, JsonValue]
    by: str = Field(examples=["key_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    journal_sequence: Maybe[int] = Field(default=None, description="The entry of the journal that was written first")


class DoNotCallRecord(DoNotCallEntry):
    """An entry with all that ever happened to it, the oldest first."""

    events: list[DoNotCallEvent]


class DoNotCallList(Shape):
    """One page of entries."""

    entries: list[DoNotCallEntry]
    next_cursor: Maybe[str] = None
    has_more: bool


class NumbersToImport(LinesShape):
    """Numbers to be put on the list at once."""

    lines_field = "numbers"

    numbers: list[str] = Field(
        description="A number each, in any spelling, or comma-separated values whose first line names the columns"
    )
    reason: Maybe[Text] = Field(default=None, description="Of those that come without one")


class RegistryLines(LinesShape):
    """The lines of a registry's file."""

    lines_field = "lines"

    lines: list[str] = Field(
        description="A number each; of `us_reassigned` number, answer (yes, no, no_data) and, at will, its date"
    )


class ImportFault(Shape):
    """A line, or a member of the list from 1 on, that could not be used; the others were."""

    line: int = Field(examples=[3])
    value: str = Field(description="With only its last two signs", examples=["••••••••71"])
    message: str = Field(examples=["not a phone number"])


class ImportedNumbers(Shape):
    """What came of an import."""

    received: int = Field(examples=[3])
    added: int = Field(examples=[1])
    already_listed: int = Field(examples=[1])
    faulty: int = Field(examples=[1])
    faults: list[ImportFault] = Field(description="The first 1,000")


class ImportedRegistryFile(Shape):
    """What came of importing a registry's file."""

    file_id: str = Field(examples=["reg_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    registry: RegistryName = Field(examples=["us_dnc"])
    as_of: date = Field(strict=False, examples=["2026-01-02"])
    area_codes: Maybe[list[str]] = None
    lines: int = Field(examples=[1_000])
    numbers: int = Field(examples=[999])
    faulty: int = Field(examples=[1])
    faults: list[ImportFault] = Field(description="The first 1,000")


class RegistryFile(Shape):
    """A file that still speaks for some numbers."""

    file_id: str = Field(examples=["reg_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    as_of: date = Field(strict=False, examples=["2026-01-02"])
    area_codes: Maybe[list[str]] = Field(default=None, description="Left out where it covers all")
    numbers: int
    imported_by: str = Field(examples=["key_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    expires_at: Maybe[Timestamp] = None


class RegistryState(Shape):
    """How a registry stands: `ageing` from 24 days on, `expired` once it must not be relied on."""

    registry: RegistryName
    state: RegistryAge
    as_of: Maybe[date] = Field(default=None, strict=False, description="The day of the oldest file in force")
    expires_at: Maybe[Timestamp] = None
    numbers: int
    warning: Maybe[str] = None
    files: list[RegistryFile]


class RegistryList(Shape):
    """All registries."""

    registries: list[RegistryState]
