"""Parameters of clients. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class ClientAddress(TypedDict, total=False):
    """Where a client sits."""

    street: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None


@with_config(PARAMETERS)
class ClientSettings(TypedDict, total=False):
    """How a client wants its leads."""

    default_posting_url: str | None
    posting_method: Literal["http", "email", "none"] | None
    accept_duplicates: bool | None
    max_leads_per_day: int | None
    max_leads_per_month: int | None
    timezone: str | None
    notification_email: str | None
    send_daily_report: bool | None


@with_config(PARAMETERS)
class NewClient(TypedDict, total=False):
    """A client to be stored."""

    name: Required[str]
    abbrev: Required[str]
    active: bool
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    address: ClientAddress | None
    settings: ClientSettings | None
    description: str | None
    external_id: str | None
    tags: list[str]


@with_config(PARAMETERS)
class ClientChange(TypedDict, total=False):
    """A change of a client: absent leaves unchanged, `null` clears, objects merge one level."""

    name: str | None
    abbrev: str | None
    active: bool | None
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    address: ClientAddress | None
    settings: ClientSettings | None
    description: str | None
    external_id: str | None
    tags: list[str] | None


@with_config(PARAMETERS)
class NewOffer(TypedDict, total=False):
    """An offer to be stored."""

    name: Required[str]
    abbrev: Required[str]
    active: bool
    description: str | None


@with_config(PARAMETERS)
class OfferChange(TypedDict, total=False):
    """A change of an offer."""

    name: str | None
    abbrev: str | None
    active: bool | None
    description: str | None
