"""The SQL of what a tenant sets for all its contacts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.foundation.database import Work


class PolicyRepository:
    """The one policy of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self) -> asyncpg.Record | None:
        """The policy; None until somebody sets one."""
        query = "select body, version, updated_at from contact_policy where tenant_id = $1"
        return await self._work.fetchrow(query, self._work.tenant_id)

    async def locked(self, now: datetime) -> asyncpg.Record:
        """The policy, kept from other changes until the unit of work ends; an empty one of version 0 where none was."""
        await self._work.execute(
            "insert into contact_policy (tenant_id, body, version, created_at, updated_at)"
            " values ($1, '{}', 0, $2, $2) on conflict do nothing",
            self._work.tenant_id, now,
        )  # fmt: skip
        query = "select body, version, updated_at from contact_policy where tenant_id = $1 for update"
        row = await self._work.fetchrow(query, self._work.tenant_id)
        if row is None:
            raise LookupError("the contact policy is gone")
        return row

    async def save(self, body: Mapping[str, Any], now: datetime) -> asyncpg.Record | None:
        """Replace the policy; its version grows by one."""
        return await self._work.fetchrow(
            "update contact_policy set body = $2, updated_at = $3, version = version + 1 where tenant_id = $1"
            " returning body, version, updated_at",
            self._work.tenant_id, body, now,
        )  # fmt: skip
