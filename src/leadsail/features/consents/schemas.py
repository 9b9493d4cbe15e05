"""Consents as they are recorded, imported, withdrawn and read."""

from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from leadsail.features.leads.schemas import Phone
from leadsail.foundation.web.fields import HttpUrl, LongText, Name, Text
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

RecordedKind = Literal["express", "written", "automated_call"]
Channel = Literal["call", "sms"]
_MOST_ITEMS = 5_000


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("must be an IPv4 or IPv6 address") from None


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("is required")
    return text


IpAddress = Annotated[str, StringConstraints(max_length=50), AfterValidator(_address), Field(examples=["203.0.113.7"])]
LeadId = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Channels = Annotated[
    list[Channel], Field(max_length=2, description="What the agreement names; empty covers every channel")
]
Sellers = Annotated[
    list[Name],
    Field(max_length=1_000, description="The businesses that it names", examples=[["Sunny Solar"]]),
]
ConsentText = Annotated[
    LongText,
    AfterValidator(_said),
    Field(description="What was shown or said", examples=["I agree that Sunny Solar may call me."]),
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Kind = Annotated[
    RecordedKind,
    Field(description="By word, in writing, or in writing to calls that a machine makes", examples=["written"]),
]


class ConsentTerms(Shape):
    """What somebody agreed to, and the evidence of it."""

    kind: Kind
    text: ConsentText
    given_at: Timestamp
    channels: Channels = Field(default=[])
    sellers: Sellers = Field(default=[])
    page_url: Maybe[HttpUrl] = None
    ip_address: Maybe[IpAddress] = None
    trusted_form_cert_url: Maybe[HttpUrl] = None
    jornaya_lead_id: Maybe[Text] = None
    expires_at: Maybe[Timestamp] = None


class NewConsent(ConsentTerms):
    """A consent to be recorded, for a number or for the number that a lead has now."""

    phone: Maybe[Phone] = None
    lead_id: Maybe[LeadId] = None


class Withdrawal(Shape):
    """Why a consent does not count any more."""

    reason: Reason = Field(examples=["Asked by e-mail not to be called"])


class Withdrawn(Withdrawal):
    """Why a consent does not count any more, and who wrote that down."""

    by: str


class RecordedConsent(ConsentTerms):
    """A consent that was recorded. It is never changed; it can be withdrawn."""

    consent_id: str = Field(examples=["consent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    phone: str = Field(description="E.164 where it could be made so", examples=["+14155552671"])
    lead_id: Maybe[str] = None
    source: Literal["api", "import"]
    created_by: str
    created_at: Timestamp
    withdrawn_at: Maybe[Timestamp] = None
    withdrawal: Maybe[Withdrawn] = None


class RecordedConsentList(Shape):
    """A page of recorded consents, newest first."""

    consents: list[RecordedConsent]
    next_cursor: Maybe[str] = Field(default=None, description="Left out on the last page")
    has_more: bool


class ConsentImport(Shape):
    """Consents to be recorded at once: as `items`, or as the lines of a table in `csv`."""

    items: Maybe[Annotated[list[dict[str, JsonValue]], Field(max_length=_MOST_ITEMS)]] = Field(
        default=None, description="Each as one consent is recorded"
    )
    csv: Maybe[str] = Field(
        default=None,
        description="Comma-separated values. The first line names the fields; several channels or sellers stand in one"
        " cell with semicolons between them",
    )


class ConsentFault(Shape):
    """What is wrong with one line or item that was not recorded."""

    line: int = Field(description="Of the table, or of `items`, counted from 1", examples=[3])
    faults: list[str] = Field(examples=[["givenAt: must not lie in the future"]])


class ImportedConsents(Shape):
    """What became of an import: the good lines are recorded, whatever is wrong with others."""

    recorded: int = Field(examples=[2])
    known: int = Field(description="Recorded before, word for word", examples=[0])
    faults: list[ConsentFault]


class ConsentInForce(Shape):
    """A consent that counts now, whatever told of it."""

    kind: RecordedKind
    source: Literal["lead", "campaign", "api", "import"]
    given_at: Maybe[Timestamp] = None
    channels: list[str] = Field(description="Empty: every channel")
    sellers: list[str]
    expires_at: Maybe[Timestamp] = None
    evidence: dict[str, Any] = Field(description="What proves it, by name", examples=[{"ipAddress": "203.0.113.7"}])


class ConsentsInForce(Shape):
    """Everything that counts now for the number of a lead, newest first."""

    consents: list[ConsentInForce]
