"""Parameters of consents. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Any, Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class NewConsent(TypedDict, total=False):
    """A consent to be recorded, for a number or for the number that a lead has now."""

    kind: Required[Literal["express", "written", "automated_call"]]
    """By word, in writing, or in writing to calls that a machine makes"""
    text: Required[str]
    """What was shown or said"""
    given_at: Required[datetime | str]
    channels: list[Literal["call", "sms"]]
    """What the agreement names; empty covers every channel"""
    sellers: list[str]
    """The businesses that it names"""
    page_url: str | None
    ip_address: str | None
    trusted_form_cert_url: str | None
    jornaya_lead_id: str | None
    expires_at: datetime | str | None
    phone: str | None
    lead_id: str | None


@with_config(PARAMETERS)
class ConsentImport(TypedDict, total=False):
    """Consents to be recorded at once: as `items`, or as the lines of a table in `csv`."""

    items: list[dict[str, Any]] | None
    """Each as one consent is recorded"""
    csv: str | None
    """Comma-separated values. The first line names the fields; several channels or sellers stand in one cell with
    semicolons between them
    """


@with_config(PARAMETERS)
class Withdrawal(TypedDict, total=False):
    """Why a consent does not count any more."""

    reason: Required[str]
