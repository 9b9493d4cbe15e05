"""Records of campaigns. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal

from leadsail.client.choices import (
    ConditionOperator,
    LeadStatus,
    WebhookEvent,
)
from leadsail.client.shapes import Record


class Webhooks(Record):
    """Who is told of what happens in this campaign. Without `retryAttempts` the platform's own schedule holds."""

    url: str | None = None
    events: dict[WebhookEvent, bool]
    headers: dict[str, str]
    """Sent with every webhook; stored encrypted"""
    retry_attempts: int | None = None
    timeout_seconds: int | None = None
    enabled: bool
    inherit_from_tenant: bool


class Condition(Record):
    """One comparison of a field of the lead."""

    field: str
    operator: ConditionOperator
    value: list[Any]
    """Any of these will do"""
    value_set_id: str | None = None


class SubRule(Record):
    """Conditions of which all (AND) or any (OR) must hold."""

    logical_operator: Literal["AND", "OR"]
    conditions: list[Condition]


class RuleGroup(Record):
    """Sub-rules of which all (AND) or any (OR) must hold; exactly two levels deep."""

    logical_operator: Literal["AND", "OR"]
    sub_rules: list[SubRule]
    is_active: bool
    name: str | None = None


class FieldMappingOverride(Record):
    """How one blank of a document is filled in this campaign."""

    id: str
    provider_field_name: str | None = None
    provider_field_id: str | None = None
    provider_field_label: str | None = None
    provider_field_type: str | None = None
    provider_field_required: bool | None = None
    auto_fill: bool | None = None
    fallback_template: str | None = None
    source_type: str | None = None
    source_value: str | None = None
    source_label: str | None = None


class CampaignDocument(Record):
    """A document that leads of this campaign are sent, and when."""

    document_id: str
    document_template_id: str | None = None
    type: str | None = None
    name: str
    provider: Literal["docuseal"]
    template_id: str | None = None
    """The provider's own id of the template"""
    conditions: RuleGroup | None = None
    field_mapping_overrides: list[FieldMappingOverride]


class Question(Record):
    """Something that the agents find out. Questions with the same `order` keep that of the list."""

    key: str
    question: str
    required: bool
    order: int


class AgentSlot(Record):
    """The agent of one channel, the one for test leads, what it is told, and the number it uses."""

    agent_id: str
    test_agent_id: str | None = None
    prompt_template_id: str | None = None
    phone_number_id: str | None = None


class DayHours(Record):
    """When calls may be made on one day of the week, in the lead's own zone; `24:00` is the end of the day."""

    active: bool
    start: str
    end: str


class OperatingHours(Record):
    """The week. A day that is left out has no calls."""

    mon: DayHours
    tue: DayHours
    wed: DayHours
    thu: DayHours
    fri: DayHours
    sat: DayHours
    sun: DayHours


class SequenceStep(Record):
    """What is tried when, after the lead came in or the step before."""

    after_minutes: int
    action: Literal["call", "sms"]
    agent_id: str | None = None
    """Instead of the campaign's own agent"""
    template_id: str | None = None
    """A prompt template"""
    only_if_status: LeadStatus | None = None


class Voicemail(Record):
    """What happens when a machine answers."""

    action: Literal["hangup", "leave_message"]
    message: str | None = None


class AutoDialer(Record):
    """When and how often leads are called by the platform itself. Legal rules bind besides, active or not."""

    active: bool
    operating_hours: OperatingHours
    min_gap_minutes: int
    """Minutes between two attempts"""
    max_attempts: int
    max_attempts_per_day: int
    """Within any 24 hours"""
    sequence: list[SequenceStep]
    excluded_statuses: list[LeadStatus]
    concurrency: int
    """Calls at the same time"""
    calls_per_second: float
    ring_timeout_seconds: int
    max_duration_seconds: int
    voicemail: Voicemail


class ConsentBasis(Record):
    """What the campaign's leads agreed to where they left their number: evidence for those with `tcpaConsent`."""

    kind: Literal["express", "written"]
    text: str | None = None
    page_url: str | None = None
    sellers: list[str]
    channels: list[Literal["call", "sms", "email"]]
    attested_by: str | None = None
    attested_at: datetime | None = None


class Campaign(Record):
    """A campaign: leads for one offer of one client."""

    name: str
    active: bool
    client_id: str
    offer_id: str
    manager_id: str | None = None
    webhooks: Webhooks | None = None
    documents: list[CampaignDocument]
    questionnaire: list[Question]
    voice: AgentSlot | None = None
    sms: AgentSlot | None = None
    auto_dialer: AutoDialer
    consent_basis: ConsentBasis | None = None
    campaign_id: str
    client_name: str
    client_abbrev: str
    offer_name: str
    offer_abbrev: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
