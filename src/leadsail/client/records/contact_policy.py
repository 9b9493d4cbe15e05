"""Records of contact policy. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime

from leadsail.client.records.campaigns import (
    DayHours,
)
from leadsail.client.shapes import Record


class PolicyHours(Record):
    """The tenant's own hours, read in every place where a contact could be. A day that is left out follows the law."""

    mon: DayHours | None = None
    tue: DayHours | None = None
    wed: DayHours | None = None
    thu: DayHours | None = None
    fri: DayHours | None = None
    sat: DayHours | None = None
    sun: DayHours | None = None


class Acknowledgement(Record):
    """Who took note of a duty that software cannot fulfil, and when."""

    by: str
    at: datetime


class ContactPolicy(Record):
    """The tenant's own rules for every contact. The law binds besides: of both, the stricter counts."""

    hours: PolicyHours | None = None
    max_attempts_per_day: int | None = None
    """With one person within any 24 hours, by call or text; the law's own cap binds too"""
    max_attempts_per_week: int | None = None
    """The same within any 7 days"""
    allowed_countries: list[str]
    """Where contacts may be. Empty: your own country alone"""
    closed_days: list[str]
    """On these days nobody is contacted"""
    sellers_strict: bool
    """A consent that names sellers counts for calls, too, only if it names your business"""
    seller_names: list[str]
    """Names of your business in consents, besides your organisation's and your client's name"""
    reassigned_check_days: int | None = None
    """Block marketing where consent is older and the number was not checked since"""
    california_acknowledged: Acknowledgement | None = None
    """Without it no artificial voice calls California"""
    updated_at: datetime | None = None
    """Left out until somebody changes the policy"""
