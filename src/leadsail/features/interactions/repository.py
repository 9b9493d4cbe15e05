"""The SQL of interactions, their turns and their events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.foundation.database import Work

COLUMNS = (
    "interaction_id, lead_id, campaign_id, client_id, offer_id, type, status, phone, telephony, call, sms, summary,"
    " error_code, error_message, extra, sequence, turns, sealed, ended_at, created_at, updated_at"
)


class InteractionRepository:
    """The interactions of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, values: Mapping[str, Any]) -> None:
        """Store a new interaction; keys of `values` are column names."""
        marks = ", ".join(f"${position}" for position in range(2, len(values) + 2))
        await self._work.execute(
            f"insert into interaction (tenant_id, {', '.join(values)}) values ($1, {marks})",
            self._work.tenant_id,
            *values.values(),
        )

    async def lead_of(self, interaction_id: str) -> str | None:
        """The lead that an interaction is with; None when there is no such interaction."""
        lead_id: str | None = await self._work.fetchval(
            "select lead_id from interaction where tenant_id = $1 and interaction_id = $2",
            self._work.tenant_id,
            interaction_id,
        )
        return lead_id

    async def lock(self, interaction_id: str) -> asyncpg.Record | None:
        """The interaction's row, nobody else's until the unit of work ends."""
        return await self._work.fetchrow(
            f"select {COLUMNS} from interaction where tenant_id = $1 and interaction_id = $2 for update",
            self._work.tenant_id,
            interaction_id,
        )

    async def save(self, interaction_id: str, values: Mapping[str, Any]) -> None:
        """Replace columns of a locked interaction; its sealed form is void from then on."""
        sets = ", ".join(f"{name} = ${position}" for position, name in enumerate(values, start=3))
        await self._work.execute(
            f"update interaction set sealed = null, {sets} where tenant_id = $1 and interaction_id = $2",
            self._work.tenant_id,
            interaction_id,
            *values.values(),
        )

    async def append(self, interaction_id: str, turn: Mapping[str, Any], now: datetime) -> asyncpg.Record | None:
        """Add a turn and its event; `number`, `sequence` and `ended`, or None when there is no such interaction."""
        return await self._work.fetchrow(
            "select number, sequence, ended from append_turn($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            self._work.tenant_id,
            interaction_id,
            turn["at"],
            turn["role"],
            turn["source"],
            turn["speaker"],
            turn["message"],
            turn["extra"],
            now,
        )

    async def add_event(
        self, interaction_id: str, sequence: int, kind: str, data: Mapping[str, Any], now: datetime
    ) -> None:
        """Store what changed, and wake whoever follows the interaction once this commits."""
        await self._work.execute(
            "insert into interaction_event (tenant_id, interaction_id, sequence, type, data, at)"
            " values ($1, $2, $3, $4, $5, $6)",
            self._work.tenant_id,
            interaction_id,
            sequence,
            kind,
            data,
            now,
        )
        await self._work.execute("select pg_notify('interaction', $1)", interaction_id)

    async def transcript(self, interaction_id: str) -> list[list[Any]]:
        """All turns, in order, as `rules.told_turn` reads them."""
        turns: list[list[Any]] = await self._work.fetchval(
            "select transcript_of($1, $2)", self._work.tenant_id, interaction_id
        )
        return turns

    async def seal(self, interaction_id: str, text: str) -> None:
        """Store the finished document."""
        await self._work.execute(
            "update interaction set sealed = $3 where tenant_id = $1 and interaction_id = $2",
            self._work.tenant_id,
            interaction_id,
            text,
        )

    async def of_lead(self, lead_id: str) -> list[asyncpg.Record]:
        """Every interaction's row of a lead, oldest first."""
        return await self._work.fetch(
            f"select {COLUMNS} from interaction where tenant_id = $1 and lead_id = $2"
            " order by created_at, interaction_id",
            self._work.tenant_id,
            lead_id,
        )
