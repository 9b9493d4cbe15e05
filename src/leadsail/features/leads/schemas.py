"""Leads and their submissions as they are sent and read (contract 3.2, 3.3, 3.6, 3.7, 7.3).

What is sent is judged here; how it changes what is stored stands in `rules`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from leadsail.features.campaigns.schemas import CampaignReference, LeadStatus
from leadsail.foundation.web.fields import Country, Date, Email, LongText, Name, Text, Zone
from leadsail.foundation.web.pagination import Pagination
from leadsail.foundation.web.schemas import Lenient, Maybe, Open, Shape, Timestamp, timestamp

_LARGEST_VALUE = 10_000


def _small(value: Any) -> Any:
    if len(value if isinstance(value, str) else orjson.dumps(value)) > _LARGEST_VALUE:
        raise ValueError(f"must not be longer than {_LARGEST_VALUE:,} characters")
    return value


def _real_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day of the calendar, spelled YYYY-MM-DD") from None
    return text


def _instant(text: str) -> str:
    try:
        instant = datetime.fromisoformat(text)
        spelled = timestamp(instant) if instant.tzinfo else None
    except (ValueError, OverflowError):
        spelled = None
    if spelled is None:
        raise ValueError("must be an ISO 8601 date-time with an offset")
    return spelled


def _link(text: str) -> str:
    try:
        fine = bool(urlsplit(text).scheme)
    except ValueError:
        fine = False
    if not fine or any(sign.isspace() for sign in text):
        raise ValueError("must be a URI such as https://example.com/quote")
    return text


def _answers(given: Any) -> Any:
    """An object of key and answer, as the items that an array would hold."""
    return [{"key": key, "answer": answer} for key, answer in given.items()] if isinstance(given, dict) else given


Phone = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9\s\-().+]+$", min_length=10, max_length=50),
    Field(description="Spelled in any usual way; stored as E.164 where that can be told", examples=["(415) 555-2671"]),
]
RealDate = Annotated[Date, AfterValidator(_real_date)]
_DATE_TIME = WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-02T03:04:05.678Z"]})
Instant = Annotated[str, StringConstraints(max_length=50), AfterValidator(_instant), _DATE_TIME]
"""An instant that stays text: any offset on the way in, UTC with milliseconds once it was read."""
StoredInstant = Annotated[str, _DATE_TIME]
"""An instant as it was read once; not judged again."""
Link = Annotated[
    str, StringConstraints(max_length=2_000), AfterValidator(_link), Field(examples=["https://a.example/"])
]
"""Where somebody was, as their browser said; kept as it came and never fetched."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Free = Annotated[Any, AfterValidator(_small)]
"""Any JSON value of a sane size."""

TimezoneSource = Literal["ip", "zip", "area_code", "user_input", "inferred"]
ApprovalStatus = Literal["pending", "approved", "rejected"]
SubmissionType = Literal["standard", "manual_delivery", "repost"]


class Address(Lenient):
    """Where a lead lives."""

    street: Maybe[Text] = None
    unit: Maybe[Text] = None
    city: Maybe[Text] = None
    state: Maybe[Text] = None
    zip: Maybe[Text] = None
    country: Maybe[Text] = Field(default=None, examples=["US"])


class NoteInput(Lenient):
    """A note to be written; with the id of a note that exists it replaces that one."""

    id: Maybe[Key] = None
    text: LongText = Field(min_length=1, examples=["Prefers to be called in the evening"])
    created_at: Maybe[Instant] = None
    created_by: Maybe[Text] = None


class Note(Shape):
    """A remark about a lead."""

    id: str = Field(examples=["note_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    text: str
    created_at: StoredInstant
    created_by: str


class AnswerInput(Lenient):
    """An answer that a lead gave. Without `question` the field library tells it."""

    key: Key = Field(examples=["roof_age"])
    question: Maybe[Text] = Field(default=None, examples=["How old is your roof?"])
    answer: Free = None


class Answer(Shape):
    """A question and what the lead answered."""

    key: str
    question: str
    answer: Any


class Attribution(Lenient):
    """Where a lead came from."""

    params: Maybe[Annotated[dict[Key, Text], Field(max_length=200)]] = None
    capture_url: Maybe[Link] = None
    referrer: Maybe[Link] = None
    ip_address: Maybe[Text] = None
    user_agent: Maybe[Text] = None
    gclid: Maybe[Text] = None
    gbraid: Maybe[Text] = None
    wbraid: Maybe[Text] = None
    fbclid: Maybe[Text] = None
    fbc: Maybe[Text] = None
    fbp: Maybe[Text] = None
    ttclid: Maybe[Text] = None
    ttp: Maybe[Text] = None
    msclkid: Maybe[Text] = None
    tblci: Maybe[Text] = None
    ad_platform: Maybe[Text] = None
    capture_platform: Maybe[Text] = None


class Compliance(Open):
    """What a lead agreed to, and the evidence of it. Further keys are kept as they came."""

    __pydantic_extra__: dict[str, Free] = Field(init=False)

    tcpa_consent: Maybe[bool] = None
    consent_text: Maybe[LongText] = None
    consent_at: Maybe[Instant] = None
    consent_page_url: Maybe[Link] = None
    ip_address: Maybe[Text] = None
    sellers: Maybe[Annotated[list[Text], Field(max_length=1_000)]] = None
    trusted_form_cert_url: Maybe[Link] = None
    jornaya_lead_id: Maybe[Text] = None


class FlagsInput(Lenient):
    """The marks on a lead that are to be set or taken off."""

    is_test: Maybe[bool] = None
    is_duplicate: Maybe[bool] = None
    is_imported: Maybe[bool] = None
    is_dnc: Maybe[bool] = None


class Flags(Shape):
    """The marks on a lead."""

    is_test: bool = False
    is_duplicate: bool = False
    is_imported: bool = False
    is_dnc: bool = False


class LeadDetails(Lenient):
    """What may be told of a lead, both when it is created and later."""

    country: Maybe[Country] = None
    address: Maybe[Address] = None
    timezone: Maybe[Zone] = None
    timezone_source: Maybe[TimezoneSource] = None
    flags: Maybe[FlagsInput] = None
    notes: Maybe[Annotated[list[NoteInput], Field(max_length=1_000)]] = None
    attribution: Maybe[Attribution] = None
    compliance: Maybe[Compliance] = None


class NewLead(LeadDetails):
    """A lead to be stored as it is, without routing, qualification or delivery."""

    campaign_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(examples=["HXZ"])
    first_name: Name = Field(examples=["Ann"])
    last_name: Name = Field(examples=["Lee"])
    email: Email
    phone: Phone
    questionnaire: Annotated[
        list[AnswerInput] | None,
        BeforeValidator(_answers, json_schema_input_type=dict[Key, Free] | list[AnswerInput] | None),
    ] = Field(default=None, max_length=500, description="Answers by key, or a list of answers with their questions")


class CampaignChoice(Lenient):
    """The campaign that a lead is moved to."""

    campaign_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(examples=["HXZ"])


class ApprovalInput(Lenient):
    """A decision about a lead; `pending` takes it back."""

    status: Maybe[ApprovalStatus] = None
    reason: Maybe[Text] = None


class LeadChange(LeadDetails):
    """A change of a lead: absent leaves unchanged, `null` clears, objects merge one level."""

    first_name: Maybe[Name] = None
    last_name: Maybe[Name] = None
    email: Maybe[Email] = None
    phone: Maybe[Phone] = None
    date_of_birth: Maybe[RealDate] = None
    questionnaire: Maybe[Annotated[list[AnswerInput], Field(max_length=500)]] = Field(
        default=None, description="Merged by key"
    )
    delete_questionnaire_keys: Maybe[Annotated[list[Key], Field(max_length=500)]] = None
    custom_fields: Maybe[Annotated[dict[Key, Free], Field(max_length=500)]] = None
    status: Maybe[LeadStatus] = None
    detail: Maybe[Text] = None
    approval: Maybe[ApprovalInput] = None
    campaign: Maybe[CampaignChoice] = None
    tags: Maybe[Annotated[list[Text], Field(max_length=200)]] = None
    client_lead_id: Maybe[Text] = None
    reposted_to: Maybe[Annotated[list[Free], Field(max_length=200)]] = None
    latest_submitted_at: Instant | None = None
    last_activity_at: Instant | None = None
    delivered_at: Instant | None = None
    submission_count: Maybe[Annotated[int, Field(ge=0, le=1_000_000_000)]] = None


class Approval(Shape):
    """Whether a person let a lead pass."""

    status: ApprovalStatus
    campaign_id: str
    decided_by: Maybe[str] = None
    decided_at: Maybe[StoredInstant] = None
    reason: Maybe[str] = None


class Lead(Shape):
    """A person who may become a customer."""

    lead_id: str = Field(examples=["lead_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    campaign: CampaignReference
    approval: Maybe[Approval] = None
    first_name: str = Field(examples=["Ann"])
    last_name: str = Field(examples=["Lee"])
    email: str = Field(examples=["ann.lee@example.com"])
    phone: str = Field(description="E.164 where it could be made so", examples=["+14155552671"])
    country: Maybe[str] = Field(default=None, examples=["US"])
    address: Maybe[Address] = None
    date_of_birth: Maybe[str] = Field(default=None, examples=["1980-02-29"])
    timezone: Maybe[str] = Field(default=None, examples=["America/Los_Angeles"])
    timezone_source: Maybe[TimezoneSource] = None
    notes: list[Note] = Field(default=[])
    questionnaire: list[Answer] = Field(default=[])
    attribution: Maybe[Attribution] = None
    compliance: Maybe[Compliance] = None
    status: LeadStatus
    detail: Maybe[str] = None
    flags: Flags
    custom_fields: Maybe[dict[str, Any]] = None
    tags: list[str] = Field(default=[])
    client_lead_id: Maybe[str] = None
    reposted_to: list[Any] = Field(default=[])
    submission_count: int
    latest_submitted_at: StoredInstant | None = None
    last_activity_at: StoredInstant | None = None
    delivered_at: StoredInstant | None = None
    created_at: Timestamp
    updated_at: Timestamp


class LeadList(Shape):
    """A page of leads, newest first."""

    leads: list[Lead]
    next_cursor: Maybe[str] = Field(default=None, description="Left out on the last page")
    has_more: bool


class CreatedLead(Shape):
    """The ids of a new lead and of its first submission."""

    lead_id: str = Field(examples=["lead_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    submission_id: str = Field(examples=["sub_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])


class ErasedLead(Shape):
    """A lead that is no more."""

    lead_id: str
    erased_at: Timestamp


class Submission(Shape):
    """One attempt to sell a lead, with the campaign as it was then."""

    submission_id: str = Field(examples=["sub_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    lead_id: str
    submission_number: int = Field(examples=[1])
    campaign: CampaignReference
    status: LeadStatus
    type: SubmissionType
    created_at: Timestamp
    updated_at: Timestamp


class SubmissionList(Shape):
    """One page of a lead's submissions, newest first."""

    submissions: list[Submission]
    pagination: Pagination
