"""The SQL of the field library beyond that of every configuration record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadsail.foundation.database import Work


class FieldRepository:
    """The fields of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add_missing(self, bodies: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Store those of the fields whose key is not taken, in one statement."""
        await self._work.execute(
            "insert into field (tenant_id, key, body, created_at, updated_at)"
            " select $1, body ->> 'key', body, $3, $3 from jsonb_array_elements($2::jsonb) as body"
            " on conflict (tenant_id, key) do nothing",
            self._work.tenant_id, bodies, now,
        )  # fmt: skip

    async def count(self) -> int:
        """How many fields there are, archived ones included."""
        counted: int = await self._work.fetchval(
            "select count(*) from field where tenant_id = $1", self._work.tenant_id
        )
        return counted
