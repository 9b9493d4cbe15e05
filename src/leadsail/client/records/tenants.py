"""Records of tenants. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal

from leadsail.client.choices import (
    Scope,
)
from leadsail.client.shapes import Record


class Tenant(Record):
    """An organisation on this installation."""

    tenant_id: str
    name: str
    country: str
    """Phone numbers without a country are read as this one's"""
    timezone: str
    """Where a lead is assumed to be when nothing tells"""
    created_at: datetime
    updated_at: datetime


class ApiKey(Record):
    """An API key, without the key."""

    key_id: str
    name: str
    kind: Literal["live", "test"]
    hint: str
    """Prefix and last four characters"""
    scopes: list[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class MintedKey(Record):
    """A key that was just made; `key` is shown here and never again."""

    key_id: str
    name: str
    kind: Literal["live", "test"]
    hint: str
    """Prefix and last four characters"""
    scopes: list[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    key: str
