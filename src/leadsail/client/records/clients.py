"""Records of clients. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal

from leadsail.client.shapes import Record


class ClientAddress(Record):
    """Where a client sits."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class ClientSettings(Record):
    """How a client wants its leads."""

    default_posting_url: str | None = None
    posting_method: Literal["http", "email", "none"] | None = None
    accept_duplicates: bool | None = None
    max_leads_per_day: int | None = None
    max_leads_per_month: int | None = None
    timezone: str | None = None
    notification_email: str | None = None
    send_daily_report: bool | None = None


class Client(Record):
    """A buyer of leads."""

    name: str
    abbrev: str
    active: bool
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    address: ClientAddress | None = None
    settings: ClientSettings | None = None
    description: str | None = None
    external_id: str | None = None
    tags: list[str]
    client_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class Offer(Record):
    """A product or service that leads are won for."""

    name: str
    abbrev: str
    active: bool
    description: str | None = None
    offer_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
