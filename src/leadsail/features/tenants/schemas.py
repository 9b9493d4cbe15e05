"""Tenants and API keys as clients send and read them."""

from typing import Literal

from pydantic import Field

from leadsail.foundation.web.fields import Country, Name, Zone
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Scope = Literal["read", "write", "call", "sms", "admin"]
Kind = Literal["live", "test"]


class Tenant(Shape):
    """An organisation on this installation."""

    tenant_id: str = Field(examples=["org_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    name: str = Field(examples=["Sunny Solar"])
    country: Country = Field(description="Phone numbers without a country are read as this one's", examples=["US"])
    timezone: Zone = Field(
        description="Where a lead is assumed to be when nothing tells", examples=["America/New_York"]
    )
    created_at: Timestamp
    updated_at: Timestamp


class TenantChange(Shape):
    """A change of the tenant's own settings."""

    name: Name | None = None
    country: Country | None = None
    timezone: Zone | None = None


class NewKey(Shape):
    """An API key to be made."""

    name: Name = Field(description="What the key is for", examples=["CRM sync"])
    kind: Kind = Field(default="live", description="A `test` key reaches sandbox numbers only")
    scopes: list[Scope] | None = Field(
        default=None,
        min_length=1,
        description="Without it: everything but `admin`",
        examples=[["read", "write"]],
    )
    expires_at: Maybe[Timestamp] = None


class ApiKey(Shape):
    """An API key, without the key."""

    key_id: str = Field(examples=["key_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    name: str
    kind: Kind
    hint: str = Field(description="Prefix and last four characters", examples=["ls_live_…x7Qd"])
    scopes: list[Scope]
    created_by: str
    created_at: Timestamp
    expires_at: Maybe[Timestamp] = None
    revoked_at: Maybe[Timestamp] = None
    last_used_at: Maybe[Timestamp] = None


class MintedKey(ApiKey):
    """A key that was just made; `key` is shown here and never again."""

    key: str = Field(examples=["ls_live_…"])


class ApiKeyList(Shape):
    """All keys of the tenant, newest first."""

    api_keys: list[ApiKey]
