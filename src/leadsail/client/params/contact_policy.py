"""Parameters of contact policy. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.params.campaigns import (
    DayHours,
)
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class PolicyHours(TypedDict, total=False):
    """The tenant's own hours, read in every place where a contact could be. A day that is left out follows the law."""

    mon: DayHours | None
    tue: DayHours | None
    wed: DayHours | None
    thu: DayHours | None
    fri: DayHours | None
    sat: DayHours | None
    sun: DayHours | None


@with_config(PARAMETERS)
class Acknowledgement(TypedDict, total=False):
    """Who took note of a duty that software cannot fulfil, and when."""

    by: Required[str]
    at: Required[datetime | str]


@with_config(PARAMETERS)
class ContactPolicyChange(TypedDict, total=False):
    """A change of the policy: absent leaves unchanged, `null` goes back to what the law alone demands."""

    hours: PolicyHours | None
    max_attempts_per_day: int | None
    max_attempts_per_week: int | None
    allowed_countries: list[str] | None
    closed_days: list[str] | None
    sellers_strict: bool | None
    seller_names: list[str] | None
    reassigned_check_days: int | None
    california_acknowledged: Acknowledgement | None
