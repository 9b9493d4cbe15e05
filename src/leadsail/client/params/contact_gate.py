"""Parameters of contact gate. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import (
    ContactPurpose,
)
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class ContactCheck(TypedDict, total=False):
    """May this lead, or this number, be called or texted now, or at `at`?"""

    lead_id: str | None
    phone: str | None
    """Instead of the lead's own number, or without a lead"""
    channel: Required[Literal["call", "sms"]]
    campaign_id: str | None
    """Without it the lead's own campaign; without any, only the law is asked"""
    purpose: ContactPurpose
    """`callback`: the lead asked for it; `reply`: the lead wrote or called within a day"""
    at: datetime | str | None
    """Any instant; now when left out"""
