"""Campaigns as they are sent and read, and the statuses of the leads that they win (contract 3.12, 4.3, 7.3).

What a field means for another field of the same record is judged in `rules`.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, StringConstraints, model_validator

from leadsail.foundation.egress.messages import HEADER_NAME, HEADER_VALUE, RESERVED_HEADERS
from leadsail.foundation.ids import new_id
from leadsail.foundation.web.fields import HttpUrl, LongText, Name, Text
from leadsail.foundation.web.pagination import Pagination
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

LeadStatus = Literal[
    "new", "pending", "processing", "qualified", "disqualified", "missing_data", "queued", "pending_action",
    "no_answer", "voicemail", "contacted", "scheduled_callback", "no_contact", "pending_signature", "document_sent",
    "signed", "delivered", "accepted", "duplicate", "failed", "error", "rejected", "dnc",
]  # fmt: skip
"""Where a lead, or one attempt to sell it, stands."""

Channel = Literal["call", "sms", "email"]

CampaignId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,5}$"), Field(examples=["HXZ"])]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""The id of another record."""
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,100}$"), Field(examples=["roof_age"])]
"""The key of a field, as prompts and conditions spell it."""


# Rule groups, used wherever something happens only under conditions (contract 5.5) ----------------------------------

LogicalOperator = Literal["AND", "OR"]
ConditionOperator = Literal[
    "equals", "not_equals", "contains", "not_contains", "greater_than", "less_than", "starts_with", "ends_with",
    "exists", "not_exists", "in_value_set", "not_in_value_set", "file_ready", "file_status_equals",
]  # fmt: skip
_WITHOUT_VALUE = ("exists", "not_exists", "file_ready")
_OF_VALUE_SETS = ("in_value_set", "not_in_value_set")


class Condition(Shape):
    """One comparison of a field of the lead."""

    field: Name = Field(examples=["roof_age"])
    operator: ConditionOperator
    value: list[JsonValue] = Field(default=[], max_length=1_000, description="Any of these will do")
    value_set_id: Maybe[Reference] = None

    @model_validator(mode="after")
    def _has_what_it_compares_with(self) -> Self:
        if self.operator in _OF_VALUE_SETS:
            if self.value_set_id is None:
                raise ValueError(f"the operator {self.operator} needs a valueSetId")
        elif self.operator not in _WITHOUT_VALUE and not self.value:
            raise ValueError(f"the operator {self.operator} needs a value to compare with")
        return self


class SubRule(Shape):
    """Conditions of which all (AND) or any (OR) must hold."""

    logical_operator: LogicalOperator = "AND"
    conditions: list[Condition] = Field(default=[], max_length=100)


class RuleGroup(Shape):
    """Sub-rules of which all (AND) or any (OR) must hold; exactly two levels deep."""

    logical_operator: LogicalOperator = "AND"
    sub_rules: list[SubRule] = Field(default=[], max_length=100)
    is_active: bool = True
    name: Maybe[Name] = None


# Documents ----------------------------------------------------------------------------------------------------------


class FieldMappingOverride(Shape):
    """How one blank of a document is filled in this campaign."""

    id: Reference = Field(default_factory=lambda: new_id("map"))
    provider_field_name: Maybe[Text] = None
    provider_field_id: Maybe[Text] = None
    provider_field_label: Maybe[Text] = None
    provider_field_type: Maybe[Text] = None
    provider_field_required: Maybe[bool] = None
    auto_fill: Maybe[bool] = None
    fallback_template: Maybe[Text] = None
    source_type: Maybe[Name] = Field(default=None, examples=["field_library"])
    source_value: Maybe[Text] = None
    source_label: Maybe[Text] = None


class CampaignDocument(Shape):
    """A document that leads of this campaign are sent, and when."""

    document_id: Reference = Field(default_factory=lambda: new_id("doc"))
    document_template_id: Maybe[Reference] = None
    type: Maybe[Text] = None
    name: Name = Field(examples=["Retainer"])
    provider: Literal["docuseal"] = "docuseal"
    template_id: Maybe[Reference] = Field(default=None, description="The provider's own id of the template")
    conditions: Maybe[RuleGroup] = None
    field_mapping_overrides: list[FieldMappingOverride] = Field(default=[], max_length=500)


# Webhooks (contract 5.12, 7.5) --------------------------------------------------------------------------------------

WebhookEvent = Literal[
    "lead.delivered", "lead.disqualified", "lead.failed", "lead.queued", "lead.first_submission_action",
    "lead.processed", "interaction.started", "interaction.updated", "interaction.completed", "interaction.analyzed",
    "sms.received", "sms.sent", "sms.failed", "lead.opted_out",
]  # fmt: skip
_SET_BY_US = RESERVED_HEADERS | {"content-encoding", "content-type"}


def _checked_headers(headers: dict[str, str]) -> dict[str, str]:
    """Names and values as RFC 9110 has them. A value may be a secret, so no message repeats one."""
    seen = set[str]()
    for name, value in headers.items():
        plain = name.lower()
        if len(name) > 100 or not HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name[:100]!r} is not a header name")
        if plain in _SET_BY_US or plain.startswith("webhook-"):
            raise ValueError(f"the header {name} is set by the platform; leave it out")
        if plain in seen:
            raise ValueError(f"the header {name} is named twice")
        if len(value) > 4_000 or not HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the value of {name} must be at most 4,000 printable ASCII characters")
        seen.add(plain)
    return headers


Headers = Annotated[
    dict[str, str],
    Field(max_length=50, description="Sent with every webhook; stored encrypted", examples=[{"X-Token": "s3cret"}]),
    AfterValidator(_checked_headers),
]
Retries = Annotated[int, Field(ge=1, le=10)]
Timeout = Annotated[int, Field(ge=1, le=120)]
Events = Annotated[dict[WebhookEvent, bool], Field(examples=[{"lead.delivered": True}])]


class WebhooksChange(Shape):
    """A change of a campaign's webhooks."""

    url: Maybe[HttpUrl] = None
    events: Maybe[Events] = None
    headers: Maybe[Headers] = None
    retry_attempts: Maybe[Retries] = None
    timeout_seconds: Maybe[Timeout] = None
    enabled: Maybe[bool] = None
    inherit_from_tenant: Maybe[bool] = None


class Webhooks(WebhooksChange):
    """Who is told of what happens in this campaign. Without `retryAttempts` the platform's own schedule holds."""

    events: Events = Field(default={})
    headers: Headers = Field(default={})
    enabled: bool = True
    inherit_from_tenant: bool = True


# Who talks to leads, and what is asked ------------------------------------------------------------------------------


class AgentSlotChange(Shape):
    """A change of an agent slot."""

    agent_id: Maybe[Reference] = None
    test_agent_id: Maybe[Reference] = None
    prompt_template_id: Maybe[Reference] = None
    phone_number_id: Maybe[Reference] = None


class AgentSlot(AgentSlotChange):
    """The agent of one channel, the one for test leads, what it is told, and the number it uses."""

    agent_id: Reference


class Question(Shape):
    """Something that the agents find out. Questions with the same `order` keep that of the list."""

    key: Key
    question: Text
    required: bool = False
    order: Annotated[int, Field(ge=0, le=10_000)] = 0


Questionnaire = Annotated[list[Question], Field(max_length=200)]
Documents = Annotated[list[CampaignDocument], Field(max_length=100)]


# The auto-dialer (contract 7.3) -------------------------------------------------------------------------------------

Start = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"), Field(examples=["09:00"])]
End = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"), Field(examples=["20:00"])]


class DayHours(Shape):
    """When calls may be made on one day of the week, in the lead's own zone; `24:00` is the end of the day."""

    active: bool = True
    start: Start = "09:00"
    end: End = "20:00"

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.active and self.start >= self.end:
            raise ValueError("start must be before end")
        return self


def _closed() -> DayHours:
    return DayHours(active=False)


class OperatingHours(Shape):
    """The week. A day that is left out has no calls."""

    mon: DayHours = Field(default_factory=_closed)
    tue: DayHours = Field(default_factory=_closed)
    wed: DayHours = Field(default_factory=_closed)
    thu: DayHours = Field(default_factory=_closed)
    fri: DayHours = Field(default_factory=_closed)
    sat: DayHours = Field(default_factory=_closed)
    sun: DayHours = Field(default_factory=_closed)


def _working_week() -> OperatingHours:
    return OperatingHours(mon=DayHours(), tue=DayHours(), wed=DayHours(), thu=DayHours(), fri=DayHours())


class SequenceStep(Shape):
    """What is tried when, after the lead came in or the step before."""

    after_minutes: Annotated[int, Field(ge=0, le=525_600)]
    action: Literal["call", "sms"]
    agent_id: Maybe[Reference] = Field(default=None, description="Instead of the campaign's own agent")
    template_id: Maybe[Reference] = Field(default=None, description="A prompt template")
    only_if_status: Maybe[LeadStatus] = None


class Voicemail(Shape):
    """What happens when a machine answers."""

    action: Literal["hangup", "leave_message"] = "hangup"
    message: Maybe[Text] = None

    @model_validator(mode="after")
    def _has_something_to_say(self) -> Self:
        if self.action == "leave_message" and not (self.message and self.message.strip()):
            raise ValueError("message is required when the action is leave_message")
        return self


_EXCLUDED: list[LeadStatus] = ["delivered", "accepted", "dnc", "rejected", "disqualified", "duplicate"]
Gap = Annotated[int, Field(ge=0, le=525_600, description="Minutes between two attempts")]
Attempts = Annotated[int, Field(ge=1, le=10_000)]
DailyAttempts = Annotated[int, Field(ge=1, le=10_000, description="Within any 24 hours")]
Sequence = Annotated[list[SequenceStep], Field(max_length=100)]
Excluded = Annotated[list[LeadStatus], Field(max_length=23)]
Concurrency = Annotated[int, Field(ge=1, le=10_000, description="Calls at the same time")]
CallRate = Annotated[float, Field(gt=0, le=1_000)]
RingTime = Annotated[int, Field(ge=15, le=120)]
Duration = Annotated[int, Field(ge=1, le=14_400)]


class AutoDialerChange(Shape):
    """A change of the auto-dialer."""

    active: Maybe[bool] = None
    operating_hours: Maybe[OperatingHours] = None
    min_gap_minutes: Maybe[Gap] = None
    max_attempts: Maybe[Attempts] = None
    max_attempts_per_day: Maybe[DailyAttempts] = None
    sequence: Maybe[Sequence] = None
    excluded_statuses: Maybe[Excluded] = None
    concurrency: Maybe[Concurrency] = None
    calls_per_second: Maybe[CallRate] = None
    ring_timeout_seconds: Maybe[RingTime] = None
    max_duration_seconds: Maybe[Duration] = None
    voicemail: Maybe[Voicemail] = None


class AutoDialer(AutoDialerChange):
    """When and how often leads are called by the platform itself. Legal rules bind besides, active or not."""

    active: bool = False
    operating_hours: OperatingHours = Field(default_factory=_working_week)
    min_gap_minutes: Gap = 240
    max_attempts: Attempts = 6
    max_attempts_per_day: DailyAttempts = 3
    sequence: Sequence = Field(default=[])
    excluded_statuses: Excluded = Field(default=_EXCLUDED)
    concurrency: Concurrency = 1
    calls_per_second: CallRate = 1
    ring_timeout_seconds: RingTime = 30
    max_duration_seconds: Duration = 1800
    voicemail: Voicemail = Field(default_factory=Voicemail)


# Consent ------------------------------------------------------------------------------------------------------------

Sellers = Annotated[list[Name], Field(max_length=1_000)]
Channels = Annotated[list[Channel], Field(max_length=3)]


class ConsentBasisChange(Shape):
    """A change of the consent basis."""

    kind: Maybe[Literal["express", "written"]] = None
    text: Maybe[LongText] = None
    page_url: Maybe[HttpUrl] = None
    sellers: Maybe[Sellers] = None
    channels: Maybe[Channels] = None
    attested_by: Maybe[Name] = None
    attested_at: Maybe[Timestamp] = None


class ConsentBasis(ConsentBasisChange):
    """What the campaign's leads agreed to where they left their number: evidence for those with `tcpaConsent`."""

    kind: Literal["express", "written"]
    sellers: Sellers = Field(default=[])
    channels: Channels = Field(default=[])


# The campaign -------------------------------------------------------------------------------------------------------


class CampaignChange(Shape):
    """A change of a campaign: absent leaves unchanged, `null` clears, objects merge one level."""

    name: Maybe[Name] = None
    active: Maybe[bool] = None
    client_id: Maybe[Reference] = None
    offer_id: Maybe[Reference] = None
    manager_id: Maybe[Reference] = None
    webhooks: Maybe[WebhooksChange] = None
    documents: Maybe[Documents] = None
    questionnaire: Maybe[Questionnaire] = None
    voice: Maybe[AgentSlotChange] = None
    sms: Maybe[AgentSlotChange] = None
    auto_dialer: Maybe[AutoDialerChange] = None
    consent_basis: Maybe[ConsentBasisChange] = None


class NewCampaign(CampaignChange):
    """A campaign to be stored."""

    campaign_id: Maybe[CampaignId] = Field(default=None, description="2-5 signs; made up when left out")
    name: Name = Field(examples=["Rooftop solar, Texas"])
    active: bool = True
    client_id: Reference
    offer_id: Reference
    webhooks: Maybe[Webhooks] = None
    documents: Documents = Field(default=[])
    questionnaire: Questionnaire = Field(default=[])
    voice: Maybe[AgentSlot] = None
    sms: Maybe[AgentSlot] = None
    auto_dialer: AutoDialer = Field(default_factory=AutoDialer)
    consent_basis: Maybe[ConsentBasis] = None


class CampaignReference(Shape):
    """A campaign as other records show it, with the names of today."""

    campaign_id: CampaignId
    name: str
    client_id: str
    client_name: str
    client_abbrev: str
    offer_id: str
    offer_name: str
    offer_abbrev: str


class Campaign(NewCampaign):
    """A campaign: leads for one offer of one client."""

    campaign_id: CampaignId
    client_name: str
    client_abbrev: str
    offer_name: str
    offer_abbrev: str
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class CampaignList(Shape):
    """One page of campaigns."""

    campaigns: list[Campaign]
    pagination: Pagination
