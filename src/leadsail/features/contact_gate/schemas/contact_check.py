"""The question whether somebody may be contacted, and its answer (contract 7.4)."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from leadsail.features.contact_gate.models import Code, Purpose
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Reference = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class ContactCheck(Shape):
    """May this lead, or this number, be called or texted now, or at `at`?"""

    lead_id: Maybe[Reference] = Field(default=None, examples=["lead_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    phone: Maybe[Annotated[str, StringConstraints(min_length=1, max_length=50)]] = Field(
        default=None, description="Instead of the lead's own number, or without a lead", examples=["+14155552671"]
    )
    channel: Literal["call", "sms"]
    campaign_id: Maybe[Reference] = Field(
        default=None, description="Without it the lead's own campaign; without any, only the law is asked"
    )
    purpose: Purpose = Field(
        default="marketing",
        description="`callback`: the lead asked for it; `reply`: the lead wrote or called within a day",
    )
    at: Maybe[Timestamp] = Field(default=None, description="Any instant; now when left out")

    @model_validator(mode="after")
    def _is_about_somebody(self) -> Self:
        if self.lead_id is None and self.phone is None:
            raise ValueError("send a leadId or a phone")
        return self


class DecidingRule(Shape):
    """One rule that had a say: with a `code` it said no, without one it agreed."""

    code: Maybe[Code] = None
    rule_id: str = Field(examples=["us.fl.hours"])
    version: str = Field(examples=["2026-11-22.5f3a9c"])
    text: Maybe[str] = Field(default=None, description="What the rule says, in plain words")
    source: Maybe[str] = Field(default=None, description="Where the rule is taken from")
    detail: Maybe[str] = Field(default=None, description="What the rule found in this case")
    next_allowed_at: Maybe[Timestamp] = Field(default=None, description="When this rule alone would agree")


class LocalTime(Shape):
    """What a clock shows at one of the places where the person could be."""

    zone: str = Field(examples=["America/New_York"])
    country: str = Field(examples=["US"])
    region: Maybe[str] = Field(default=None, examples=["FL"])
    found_by: str = Field(description="What told of the place", examples=["area_code"])
    time: str = Field(description="Local date and time with its offset", examples=["2026-11-23T08:55:00-05:00"])


class ContactAnswer(Shape):
    """What the gate says, and why."""

    decision: Literal["allow", "hold", "deny"] = Field(
        description="`hold`: not now, but at `nextAllowedAt`; `deny`: waiting does not help"
    )
    code: Maybe[Code] = Field(default=None, description="The first failure, in the order of the codes")
    next_allowed_at: Maybe[Timestamp] = Field(default=None, description="The first lawful instant, where waiting helps")
    latest_start: Maybe[Timestamp] = Field(default=None, description="When the open window closes")
    phone: str = Field(description="The number that was judged", examples=["+14155552671"])
    at: Timestamp
    local_times: list[LocalTime]
    decisions: list[DecidingRule] = Field(description="Every rule that had a say, those that said no first")
