# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Your own tenant, and its API keys."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.records import ApiKey, MintedKey, Tenant
from leadsail.client.requests import patch, post, read
from leadsail.client.shapes import body_of
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Resource


class TenantResource(Resource):
    """The organisation that the key belongs to."""

    def get(self) -> Tenant:
        """Read it."""
        return self._send(read("tenant"), Tenant)

    def update(self, *, if_match: str | None = None, **change: Unpack[params.TenantChange]) -> Tenant:
        """Change its name, country or time zone. Needs the scope `admin`."""
        return self._send(patch("tenant", body=body_of(params.TenantChange, change), if_match=if_match), Tenant)


class ApiKeys(Resource):
    """The tenant's API keys. All of it needs the scope `admin`."""

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewKey]) -> MintedKey:
        """Make a key. The answer is the only place where it ever stands."""
        body = body_of(params.NewKey, new)
        return self._send(post("api-keys", body=body, idempotency_key=idempotency_key), MintedKey)

    def list(self) -> SyncList[ApiKey]:
        """All keys, newest first, without the keys themselves."""
        return self._list(ApiKey, "apiKeys", "api-keys", filters={})

    def revoke(self, key_id: str, /, *, idempotency_key: str | None = None) -> ApiKey:
        """Take a key back; it is refused everywhere within a second."""
        return self._send(post("api-keys", key_id, "revoke", idempotency_key=idempotency_key), ApiKey)
