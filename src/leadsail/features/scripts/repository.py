"""The SQL of flow versions; the records themselves are kept by `RecordService`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.foundation.database import Work


class FlowVersionRepository:
    """What the tenant's flows said at each of their versions."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def keep(self, flow_id: str, version: int, body: Mapping[str, Any], now: datetime) -> None:
        """Store a version; one that is stored already stays as it is."""
        await self._work.execute(
            "insert into flow_version (tenant_id, flow_id, flow_version, body, created_at)"
            " values ($1, $2, $3, $4, $5) on conflict (tenant_id, flow_id, flow_version) do nothing",
            self._work.tenant_id, flow_id, version, body, now,
        )  # fmt: skip

    async def page(self, flow_id: str, *, limit: int, offset: int) -> list[asyncpg.Record]:
        """One page of a flow's versions, newest first, without what they say."""
        return await self._work.fetch(
            "select flow_version as version, created_at from flow_version"
            " where tenant_id = $1 and flow_id = $2 order by flow_version desc limit $3 offset $4",
            self._work.tenant_id, flow_id, limit, offset,
        )  # fmt: skip

    async def get(self, flow_id: str, version: int) -> asyncpg.Record | None:
        """One version with what it says."""
        return await self._work.fetchrow(
            "select flow_id, flow_version as version, body ->> 'yaml' as yaml, created_at from flow_version"
            " where tenant_id = $1 and flow_id = $2 and flow_version = $3",
            self._work.tenant_id, flow_id, version,
        )  # fmt: skip
