"""Parameters of campaigns. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import (
    ConditionOperator,
    LeadStatus,
    WebhookEvent,
)
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class Webhooks(TypedDict, total=False):
    """Who is told of what happens in this campaign. Without `retryAttempts` the platform's own schedule holds."""

    url: str | None
    events: dict[WebhookEvent, bool]
    headers: dict[str, str]
    """Sent with every webhook; stored encrypted"""
    retry_attempts: int | None
    timeout_seconds: int | None
    enabled: bool
    inherit_from_tenant: bool


@with_config(PARAMETERS)
class Condition(TypedDict, total=False):
    """One comparison of a field of the lead."""

    field: Required[str]
    operator: Required[ConditionOperator]
    value: list[Any]
    """Any of these will do"""
    value_set_id: str | None


@with_config(PARAMETERS)
class SubRule(TypedDict, total=False):
    """Conditions of which all (AND) or any (OR) must hold."""

    logical_operator: Literal["AND", "OR"]
    conditions: list[Condition]


@with_config(PARAMETERS)
class RuleGroup(TypedDict, total=False):
    """Sub-rules of which all (AND) or any (OR) must hold; exactly two levels deep."""

    logical_operator: Literal["AND", "OR"]
    sub_rules: list[SubRule]
    is_active: bool
    name: str | None


@with_config(PARAMETERS)
class FieldMappingOverride(TypedDict, total=False):
    """How one blank of a document is filled in this campaign."""

    id: str
    provider_field_name: str | None
    provider_field_id: str | None
    provider_field_label: str | None
    provider_field_type: str | None
    provider_field_required: bool | None
    auto_fill: bool | None
    fallback_template: str | None
    source_type: str | None
    source_value: str | None
    source_label: str | None


@with_config(PARAMETERS)
class CampaignDocument(TypedDict, total=False):
    """A document that leads of this campaign are sent, and when."""

    document_id: str
    document_template_id: str | None
    type: str | None
    name: Required[str]
    provider: Literal["docuseal"]
    template_id: str | None
    """The provider's own id of the template"""
    conditions: RuleGroup | None
    field_mapping_overrides: list[FieldMappingOverride]


@with_config(PARAMETERS)
class Question(TypedDict, total=False):
    """Something that the agents find out. Questions with the same `order` keep that of the list."""

    key: Required[str]
    question: Required[str]
    required: bool
    order: int


@with_config(PARAMETERS)
class AgentSlot(TypedDict, total=False):
    """The agent of one channel, the one for test leads, what it is told, and the number it uses."""

    agent_id: Required[str]
    test_agent_id: str | None
    prompt_template_id: str | None
    phone_number_id: str | None


@with_config(PARAMETERS)
class DayHours(TypedDict, total=False):
    """When calls may be made on one day of the week, in the lead's own zone; `24:00` is the end of the day."""

    active: bool
    start: str
    end: str


@with_config(PARAMETERS)
class OperatingHours(TypedDict, total=False):
    """The week. A day that is left out has no calls."""

    mon: DayHours
    tue: DayHours
    wed: DayHours
    thu: DayHours
    fri: DayHours
    sat: DayHours
    sun: DayHours


@with_config(PARAMETERS)
class SequenceStep(TypedDict, total=False):
    """What is tried when, after the lead came in or the step before."""

    after_minutes: Required[int]
    action: Required[Literal["call", "sms"]]
    agent_id: str | None
    """Instead of the campaign's own agent"""
    template_id: str | None
    """A prompt template"""
    only_if_status: LeadStatus | None


@with_config(PARAMETERS)
class Voicemail(TypedDict, total=False):
    """What happens when a machine answers."""

    action: Literal["hangup", "leave_message"]
    message: str | None


@with_config(PARAMETERS)
class AutoDialer(TypedDict, total=False):
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


@with_config(PARAMETERS)
class ConsentBasis(TypedDict, total=False):
    """What the campaign's leads agreed to where they left their number: evidence for those with `tcpaConsent`."""

    kind: Required[Literal["express", "written"]]
    text: str | None
    page_url: str | None
    sellers: list[str]
    channels: list[Literal["call", "sms", "email"]]
    attested_by: str | None
    attested_at: datetime | str | None


@with_config(PARAMETERS)
class NewCampaign(TypedDict, total=False):
    """A campaign to be stored."""

    name: Required[str]
    active: bool
    client_id: Required[str]
    offer_id: Required[str]
    manager_id: str | None
    webhooks: Webhooks | None
    documents: list[CampaignDocument]
    questionnaire: list[Question]
    voice: AgentSlot | None
    sms: AgentSlot | None
    auto_dialer: AutoDialer
    consent_basis: ConsentBasis | None
    campaign_id: str | None
    """2-5 signs; made up when left out"""


@with_config(PARAMETERS)
class WebhooksChange(TypedDict, total=False):
    """A change of a campaign's webhooks."""

    url: str | None
    events: dict[WebhookEvent, bool] | None
    headers: dict[str, str] | None
    retry_attempts: int | None
    timeout_seconds: int | None
    enabled: bool | None
    inherit_from_tenant: bool | None


@with_config(PARAMETERS)
class AgentSlotChange(TypedDict, total=False):
    """A change of an agent slot."""

    agent_id: str | None
    test_agent_id: str | None
    prompt_template_id: str | None
    phone_number_id: str | None


@with_config(PARAMETERS)
class AutoDialerChange(TypedDict, total=False):
    """A change of the auto-dialer."""

    active: bool | None
    operating_hours: OperatingHours | None
    min_gap_minutes: int | None
    max_attempts: int | None
    max_attempts_per_day: int | None
    sequence: list[SequenceStep] | None
    excluded_statuses: list[LeadStatus] | None
    concurrency: int | None
    calls_per_second: float | None
    ring_timeout_seconds: int | None
    max_duration_seconds: int | None
    voicemail: Voicemail | None


@with_config(PARAMETERS)
class ConsentBasisChange(TypedDict, total=False):
    """A change of the consent basis."""

    kind: Literal["express", "written"] | None
    text: str | None
    page_url: str | None
    sellers: list[str] | None
    channels: list[Literal["call", "sms", "email"]] | None
    attested_by: str | None
    attested_at: datetime | str | None


@with_config(PARAMETERS)
class CampaignChange(TypedDict, total=False):
    """A change of a campaign: absent leaves unchanged, `null` clears, objects merge one level."""

    name: str | None
    active: bool | None
    client_id: str | None
    offer_id: str | None
    manager_id: str | None
    webhooks: WebhooksChange | None
    documents: list[CampaignDocument] | None
    questionnaire: list[Question] | None
    voice: AgentSlotChange | None
    sms: AgentSlotChange | None
    auto_dialer: AutoDialerChange | None
    consent_basis: ConsentBasisChange | None
