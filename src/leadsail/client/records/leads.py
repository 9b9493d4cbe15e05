"""Records of leads. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal

from leadsail.client.choices import (
    LeadStatus,
    TimezoneSource,
)
from leadsail.client.shapes import Record


class CampaignReference(Record):
    """A campaign as other records show it, with the names of today."""

    campaign_id: str
    name: str
    client_id: str
    client_name: str
    client_abbrev: str
    offer_id: str
    offer_name: str
    offer_abbrev: str


class Approval(Record):
    """Whether a person let a lead pass."""

    status: Literal["pending", "approved", "rejected"]
    campaign_id: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class Address(Record):
    """Where a lead lives."""

    street: str | None = None
    unit: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class Note(Record):
    """A remark about a lead."""

    id: str
    text: str
    created_at: datetime
    created_by: str


class Answer(Record):
    """A question and what the lead answered."""

    key: str
    question: str
    answer: Any


class Attribution(Record):
    """Where a lead came from."""

    params: dict[str, str] | None = None
    capture_url: str | None = None
    referrer: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    gclid: str | None = None
    gbraid: str | None = None
    wbraid: str | None = None
    fbclid: str | None = None
    fbc: str | None = None
    fbp: str | None = None
    ttclid: str | None = None
    ttp: str | None = None
    msclkid: str | None = None
    tblci: str | None = None
    ad_platform: str | None = None
    capture_platform: str | None = None


class Compliance(Record):
    """What a lead agreed to, and the evidence of it. Further keys are kept as they came."""

    tcpa_consent: bool | None = None
    consent_text: str | None = None
    consent_at: datetime | None = None
    consent_page_url: str | None = None
    ip_address: str | None = None
    sellers: list[str] | None = None
    trusted_form_cert_url: str | None = None
    jornaya_lead_id: str | None = None


class Flags(Record):
    """The marks on a lead."""

    is_test: bool
    is_duplicate: bool
    is_imported: bool
    is_dnc: bool


class Lead(Record):
    """A person who may become a customer."""

    lead_id: str
    campaign: CampaignReference
    approval: Approval | None = None
    first_name: str
    last_name: str
    email: str
    phone: str
    """E.164 where it could be made so"""
    country: str | None = None
    address: Address | None = None
    date_of_birth: str | None = None
    timezone: str | None = None
    timezone_source: TimezoneSource | None = None
    notes: list[Note]
    questionnaire: list[Answer]
    attribution: Attribution | None = None
    compliance: Compliance | None = None
    status: LeadStatus
    detail: str | None = None
    flags: Flags
    custom_fields: dict[str, Any] | None = None
    tags: list[str]
    client_lead_id: str | None = None
    reposted_to: list[Any]
    submission_count: int
    latest_submitted_at: datetime | None
    last_activity_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime


class CreatedLead(Record):
    """The ids of a new lead and of its first submission."""

    lead_id: str
    submission_id: str


class ErasedLead(Record):
    """A lead that is no more."""

    lead_id: str
    erased_at: datetime


class Submission(Record):
    """One attempt to sell a lead, with the campaign as it was then."""

    submission_id: str
    lead_id: str
    submission_number: int
    campaign: CampaignReference
    status: LeadStatus
    type: Literal["standard", "manual_delivery", "repost"]
    created_at: datetime
    updated_at: datetime
