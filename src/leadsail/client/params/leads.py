"""Parameters of leads. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import (
    LeadStatus,
    TimezoneSource,
)
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class Address(TypedDict, total=False):
    """Where a lead lives."""

    street: str | None
    unit: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None


@with_config(PARAMETERS)
class Flags(TypedDict, total=False):
    """The marks on a lead that are to be set or taken off."""

    is_test: bool | None
    is_duplicate: bool | None
    is_imported: bool | None
    is_dnc: bool | None


@with_config(PARAMETERS)
class Note(TypedDict, total=False):
    """A note to be written; with the id of a note that exists it replaces that one."""

    id: str | None
    text: Required[str]
    created_at: datetime | str | None
    created_by: str | None


@with_config(PARAMETERS)
class Attribution(TypedDict, total=False):
    """Where a lead came from."""

    params: dict[str, str] | None
    capture_url: str | None
    referrer: str | None
    ip_address: str | None
    user_agent: str | None
    gclid: str | None
    gbraid: str | None
    wbraid: str | None
    fbclid: str | None
    fbc: str | None
    fbp: str | None
    ttclid: str | None
    ttp: str | None
    msclkid: str | None
    tblci: str | None
    ad_platform: str | None
    capture_platform: str | None


@with_config(PARAMETERS)
class Compliance(TypedDict, total=False):
    """What a lead agreed to, and the evidence of it. Further keys are kept as they came."""

    tcpa_consent: bool | None
    consent_text: str | None
    consent_at: datetime | str | None
    consent_page_url: str | None
    ip_address: str | None
    sellers: list[str] | None
    trusted_form_cert_url: str | None
    jornaya_lead_id: str | None


@with_config(PARAMETERS)
class Answer(TypedDict, total=False):
    """An answer that a lead gave. Without `question` the field library tells it."""

    key: Required[str]
    question: str | None
    answer: Any


@with_config(PARAMETERS)
class NewLead(TypedDict, total=False):
    """A lead to be stored as it is, without routing, qualification or delivery."""

    country: str | None
    address: Address | None
    timezone: str | None
    timezone_source: TimezoneSource | None
    flags: Flags | None
    notes: list[Note] | None
    attribution: Attribution | None
    compliance: Compliance | None
    campaign_id: Required[str]
    first_name: Required[str]
    last_name: Required[str]
    email: Required[str]
    phone: Required[str]
    """Spelled in any usual way; stored as E.164 where that can be told"""
    questionnaire: dict[str, Any] | list[Answer] | None
    """Answers by key, or a list of answers with their questions"""


@with_config(PARAMETERS)
class Approval(TypedDict, total=False):
    """A decision about a lead; `pending` takes it back."""

    status: Literal["pending", "approved", "rejected"] | None
    reason: str | None


@with_config(PARAMETERS)
class CampaignChoice(TypedDict, total=False):
    """The campaign that a lead is moved to."""

    campaign_id: Required[str]


@with_config(PARAMETERS)
class LeadChange(TypedDict, total=False):
    """A change of a lead: absent leaves unchanged, `null` clears, objects merge one level."""

    country: str | None
    address: Address | None
    timezone: str | None
    timezone_source: TimezoneSource | None
    flags: Flags | None
    notes: list[Note] | None
    attribution: Attribution | None
    compliance: Compliance | None
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    date_of_birth: str | None
    questionnaire: list[Answer] | None
    """Merged by key"""
    delete_questionnaire_keys: list[str] | None
    custom_fields: dict[str, Any] | None
    status: LeadStatus | None
    detail: str | None
    approval: Approval | None
    campaign: CampaignChoice | None
    tags: list[str] | None
    client_lead_id: str | None
    reposted_to: list[Any] | None
    latest_submitted_at: datetime | str | None
    last_activity_at: datetime | str | None
    delivered_at: datetime | str | None
    submission_count: int | None
