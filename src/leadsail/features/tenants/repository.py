"""The SQL of tenants and their keys."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg

from leadsail.foundation.database import Work

_TENANT = "tenant_id, name, country, timezone, version, created_at, updated_at"
_KEY = "key_id, name, kind, hint, scopes, created_by, created_at, expires_at, revoked_at, last_used_at"


class TenantRepository:
    """The tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, *, name: str, country: str, timezone: str, now: datetime) -> None:
        """Store the tenant that the unit of work is named after."""
        await self._work.execute(
            "insert into tenant (tenant_id, name, country, timezone, created_at, updated_at)"
            " values ($1, $2, $3, $4, $5, $5)",
            self._work.tenant_id, name, country, timezone, now,
        )  # fmt: skip

    async def get(self, *, lock: bool = False) -> asyncpg.Record | None:
        """The tenant's row."""
        query = f"select {_TENANT} from tenant where tenant_id = $1{' for update' if lock else ''}"
        return await self._work.fetchrow(query, self._work.tenant_id)

    async def save(self, values: Mapping[str, str], now: datetime) -> asyncpg.Record | None:
        """Replace name, country and time zone."""
        return await self._work.fetchrow(
            "update tenant set name = $2, country = $3, timezone = $4, updated_at = $5, version = version + 1"
            f" where tenant_id = $1 returning {_TENANT}",
            self._work.tenant_id, values["name"], values["country"], values["timezone"], now,
        )  # fmt: skip


class KeyRepository:
    """The API keys of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, values: Mapping[str, object], key_hash: bytes) -> None:
        """Store a key by its hash."""
        columns = ["tenant_id", *values, "key_hash"]
        marks = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
        await self._work.execute(
            f"insert into api_key ({', '.join(columns)}) values ({marks})",
            self._work.tenant_id, *values.values(), key_hash,
        )  # fmt: skip

    async def all(self) -> list[asyncpg.Record]:
        """Every key, newest first."""
        query = f"select {_KEY} from api_key where tenant_id = $1 order by created_at desc, key_id desc"
        return await self._work.fetch(query, self._work.tenant_id)

    async def revoke(self, key_id: str, now: datetime) -> asyncpg.Record | None:
        """Mark a key as revoked; the first time counts."""
        return await self._work.fetchrow(
            "update api_key set revoked_at = coalesce(revoked_at, $3)"
            f" where tenant_id = $1 and key_id = $2 returning {_KEY}",
            self._work.tenant_id, key_id, now,
        )  # fmt: skip

    async def note_use(self, key_id: str, at: datetime) -> None:
        """Remember when a key was last used; never moves back."""
        await self._work.execute(
            "update api_key set last_used_at = greatest(last_used_at, $3) where tenant_id = $1 and key_id = $2",
            self._work.tenant_id, key_id, at,
        )  # fmt: skip
