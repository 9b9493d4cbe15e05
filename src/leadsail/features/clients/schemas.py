"""Clients and offers as they are sent and read (contract 3.13)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from leadsail.foundation.web.fields import Email, HttpUrl, Name, Text, Zone
from leadsail.foundation.web.pagination import Pagination
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Abbrev = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class ClientAddress(Shape):
    """Where a client sits."""

    street: Maybe[Text] = None
    city: Maybe[Text] = None
    state: Maybe[Text] = None
    zip: Maybe[Text] = None
    country: Maybe[Text] = None


class ClientSettings(Shape):
    """How a client wants its leads."""

    default_posting_url: Maybe[HttpUrl] = None
    posting_method: Maybe[Literal["http", "email", "none"]] = None
    accept_duplicates: Maybe[bool] = None
    max_leads_per_day: Maybe[Annotated[int, Field(ge=0, le=1_000_000)]] = None
    max_leads_per_month: Maybe[Annotated[int, Field(ge=0, le=100_000_000)]] = None
    timezone: Maybe[Zone] = None
    notification_email: Maybe[Email] = None
    send_daily_report: Maybe[bool] = None


class ClientChange(Shape):
    """A change of a client: absent leaves unchanged, `null` clears, objects merge one level."""

    name: Maybe[Name] = None
    abbrev: Maybe[Abbrev] = None
    active: Maybe[bool] = None
    contact_name: Maybe[Text] = None
    contact_phone: Maybe[Text] = None
    contact_email: Maybe[Email] = None
    address: Maybe[ClientAddress] = None
    settings: Maybe[ClientSettings] = None
    description: Maybe[Text] = None
    external_id: Maybe[Text] = None
    tags: Maybe[list[Text]] = None


class NewClient(ClientChange):
    """A client to be stored."""

    name: Name = Field(examples=["Sunny Solar"])
    abbrev: Abbrev = Field(examples=["SUN"])
    active: bool = True
    tags: list[Text] = Field(default=[], max_length=100)


class Client(NewClient):
    """A buyer of leads."""

    client_id: str = Field(examples=["client_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class ClientList(Shape):
    """One page of clients."""

    clients: list[Client]
    pagination: Pagination


class OfferChange(Shape):
    """A change of an offer."""

    name: Maybe[Name] = None
    abbrev: Maybe[Abbrev] = None
    active: Maybe[bool] = None
    description: Maybe[Text] = None


class NewOffer(OfferChange):
    """An offer to be stored."""

    name: Name = Field(examples=["Rooftop solar"])
    abbrev: Abbrev = Field(examples=["ROOF"])
    active: bool = True


class Offer(NewOffer):
    """A product or service that leads are won for."""

    offer_id: str = Field(examples=["offer_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class OfferList(Shape):
    """One page of offers."""

    offers: list[Offer]
    pagination: Pagination
