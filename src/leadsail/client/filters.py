"""What lists can be narrowed by. Values of None do not filter; several ids are given as a list."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict

from leadsail.client.choices import DoNotCallSource, FieldCategory, InteractionStatus, LeadStatus


class PageFilters(TypedDict, total=False):
    """Every list that comes in numbered pages."""

    limit: int | None
    """How many records one request fetches, at most 100, which it is without it"""
    page: int | None
    """The page to begin with"""


class FlowFilters(PageFilters, total=False):
    """Lists of what can be archived."""

    search: str | None
    include_archived: bool | None


class RecordFilters(FlowFilters, total=False):
    """Lists of what can be switched on and off."""

    active: bool | None


class CampaignFilters(RecordFilters, total=False):
    """Campaigns."""

    client_id: str | None
    offer_id: str | None


class PromptTemplateFilters(RecordFilters, total=False):
    """Prompt templates."""

    kind: Literal["voice", "sms"] | None


class FieldFilters(TypedDict, total=False):
    """The field library, which comes in one answer."""

    search: str | None
    include_archived: bool | None
    active: bool | None
    category: FieldCategory | None


class _LatestFilters(TypedDict, total=False):
    """Lists that go on after a cursor; a date alone means its whole day, both ends are included."""

    limit: int | None
    cursor: str | None
    campaign_ids: Sequence[str] | None
    client_ids: Sequence[str] | None
    offer_ids: Sequence[str] | None
    start_date: date | str | None
    end_date: date | str | None


class LeadFilters(_LatestFilters, total=False):
    """Leads. `search` looks into names, e-mail addresses, phones and ids."""

    status: LeadStatus | None
    search: str | None


class HoldFilters(TypedDict, total=False):
    """Holds. `active` True: those in force; False: those that were lifted."""

    limit: int | None
    cursor: str | None
    active: bool | None


class ConsentFilters(TypedDict, total=False):
    """Recorded consents. `phone` may be spelled in any usual way."""

    limit: int | None
    cursor: str | None
    phone: str | None
    lead_id: str | None


class DoNotCallFilters(TypedDict, total=False):
    """The do-not-call list; a date alone means its whole day. `phone` may be spelled in any usual way."""

    limit: int | None
    cursor: str | None
    phone: str | None
    source: DoNotCallSource | None
    include_removed: bool | None
    start_date: date | str | None
    end_date: date | str | None


class InteractionFilters(_LatestFilters, total=False):
    """Interactions."""

    status: InteractionStatus | None
    type: Literal["call", "sms", "email"] | None
    lead_id: str | None
