"""Records of consents. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal

from leadsail.client.choices import (
    ConsentSource,
)
from leadsail.client.shapes import Record


class Withdrawn(Record):
    """Why a consent does not count any more, and who wrote that down."""

    reason: str
    by: str


class RecordedConsent(Record):
    """A consent that was recorded. It is never changed; it can be withdrawn."""

    kind: Literal["express", "written", "automated_call"]
    """By word, in writing, or in writing to calls that a machine makes"""
    text: str
    """What was shown or said"""
    given_at: datetime
    channels: list[Literal["call", "sms"]]
    """What the agreement names; empty covers every channel"""
    sellers: list[str]
    """The businesses that it names"""
    page_url: str | None = None
    ip_address: str | None = None
    trusted_form_cert_url: str | None = None
    jornaya_lead_id: str | None = None
    expires_at: datetime | None = None
    consent_id: str
    phone: str
    """E.164 where it could be made so"""
    lead_id: str | None = None
    source: Literal["api", "import"]
    created_by: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawal: Withdrawn | None = None


class ConsentFault(Record):
    """What is wrong with one line or item that was not recorded."""

    line: int
    """Of the table, or of `items`, counted from 1"""
    faults: list[str]


class ImportedConsents(Record):
    """What became of an import: the good lines are recorded, whatever is wrong with others."""

    recorded: int
    known: int
    """Recorded before, word for word"""
    faults: list[ConsentFault]


class ConsentInForce(Record):
    """A consent that counts now, whatever told of it."""

    kind: Literal["express", "written", "automated_call"]
    source: ConsentSource
    given_at: datetime | None = None
    channels: list[str]
    """Empty: every channel"""
    sellers: list[str]
    expires_at: datetime | None = None
    evidence: dict[str, Any]
    """What proves it, by name"""
