"""Parameters of tenants. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import (
    Scope,
)
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class TenantChange(TypedDict, total=False):
    """A change of the tenant's own settings."""

    name: str | None
    country: str | None
    timezone: str | None


@with_config(PARAMETERS)
class NewKey(TypedDict, total=False):
    """An API key to be made."""

    name: Required[str]
    """What the key is for"""
    kind: Literal["live", "test"]
    """A `test` key reaches sandbox numbers only"""
    scopes: list[Scope] | None
    """Without it: everything but `admin`"""
    expires_at: datetime | str | None
