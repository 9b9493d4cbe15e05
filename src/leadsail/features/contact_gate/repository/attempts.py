"""The SQL of contact attempts: what is planned, what was committed, and what a person has been through."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.foundation.database import Work

_COUNTED = "cleared_at is null and state in ('dialing', 'accepted', 'ringing', 'answered', 'ended', 'unknown')"
_UNDER_WAY = "state in ('dialing', 'accepted', 'ringing', 'answered', 'unknown')"
_COLUMNS = (
    "attempt_id, phone_hash, phone, lead_id, campaign_id, interaction_id, channel, purpose, sender, state, outcome,"
    " code, planned_at, committed_at, latest_start, lock_order, ended_at, created_at, updated_at"
)


class AttemptRepository:
    """The attempts of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, attempts: Sequence[Mapping[str, Any]]) -> None:
        """Store new attempts, all of them with the same columns, in one statement."""
        columns = ["attempt_id", "phone_hash", "phone", "lead_id", "campaign_id", "interaction_id", "channel",
                   "purpose", "sender", "state", "code", "sandbox", "planned_at", "created_at",
                   "updated_at"]  # fmt: skip
        types = ["text"] + ["bytea"] + ["text"] * 9 + ["boolean"] + ["timestamptz"] * 3
        lists = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, 2))
        await self._work.execute(
            f"insert into contact_attempt (tenant_id, {', '.join(columns)}) select $1, * from unnest({lists})",
            self._work.tenant_id,
            *([attempt.get(column) for attempt in attempts] for column in columns),
        )

    async def get(self, attempt_id: str, *, lock: bool = False) -> asyncpg.Record | None:
        """One attempt; `lock` keeps it from changing until the unit of work ends."""
        return await self._work.fetchrow(
            f"select {_COLUMNS} from contact_attempt where tenant_id = $1 and attempt_id = $2"
            + (" for update" if lock else ""),
            self._work.tenant_id, attempt_id,
        )  # fmt: skip

    async def of_interaction(self, interaction_id: str) -> list[asyncpg.Record]:
        """The attempts of one conversation, in order."""
        return await self._work.fetch(
            f"select {_COLUMNS} from contact_attempt where tenant_id = $1 and interaction_id = $2"
            " order by coalesce(committed_at, planned_at), attempt_id",
            self._work.tenant_id, interaction_id,
        )  # fmt: skip

    async def commit(self, attempt_id: str, now: datetime, latest_start: datetime | None) -> int:
        """Let an attempt go ahead; answers its place in the order in which number locks were held."""
        order: int = await self._work.fetchval(
            "update contact_attempt set state = 'dialing', committed_at = $3, updated_at = $3, latest_start = $4,"
            " lock_order = nextval('contact_order') where tenant_id = $1 and attempt_id = $2 returning lock_order",
            self._work.tenant_id, attempt_id, now, latest_start,
        )  # fmt: skip
        return order

    async def change(self, attempt_id: str, values: Mapping[str, Any]) -> None:
        """Set columns of one attempt."""
        sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(values, 3))
        await self._work.execute(
            f"update contact_attempt set {sets} where tenant_id = $1 and attempt_id = $2",
            self._work.tenant_id, attempt_id, *values.values(),
        )  # fmt: skip

    async def cancel_planned(self, hashes: Sequence[bytes], now: datetime) -> int:
        """Cancel what is planned for these numbers, confirmations of their opt-outs apart; answers how many."""
        rows = await self._work.fetch(
            "update contact_attempt set state = 'canceled', code = 'DO_NOT_CALL', ended_at = $3, updated_at = $3"
            " where tenant_id = $1 and phone_hash = any ($2) and state in ('planned', 'claimed')"
            " and purpose <> 'opt_out_confirmation' returning 1",
            self._work.tenant_id, list(hashes), now,
        )  # fmt: skip
        return len(rows)

    async def planned_confirmations(self, hashes: Sequence[bytes]) -> list[str]:
        """The attempts that are planned to confirm opt-outs of these numbers."""
        rows = await self._work.fetch(
            "select attempt_id from contact_attempt where tenant_id = $1 and phone_hash = any ($2)"
            " and state in ('planned', 'claimed') and purpose = 'opt_out_confirmation' order by planned_at, attempt_id",
            self._work.tenant_id, list(hashes),
        )  # fmt: skip
        return [row["attempt_id"] for row in rows]

    async def history(
        self, hashes: Sequence[bytes], since: datetime, campaign_ids: Sequence[str]
    ) -> list[asyncpg.Record]:
        """What was committed for these numbers since then, or ever for these campaigns; the newest first."""
        return await self._work.fetch(
            f"select phone_hash, lead_id, campaign_id, channel, purpose, committed_at, {_UNDER_WAY} as under_way"
            f" from contact_attempt where tenant_id = $1 and phone_hash = any ($2) and {_COUNTED}"
            f" and (committed_at >= $3 or campaign_id = any ($4) or {_UNDER_WAY}) order by committed_at desc",
            self._work.tenant_id, list(hashes), since, list(campaign_ids),
        )  # fmt: skip

    async def clear_sandbox(self, now: datetime) -> int:
        """Let no attempt with the sandbox's numbers count any more; what was planned is off. Answers how many."""
        rows = await self._work.fetch(
            "update contact_attempt set cleared_at = $2, updated_at = $2,"
            " state = case when state in ('planned', 'claimed') then 'canceled' else state end"
            " where tenant_id = $1 and sandbox and cleared_at is null returning 1",
            self._work.tenant_id, now,
        )  # fmt: skip
        return len(rows)

    async def forget(self, lead_id: str) -> None:
        """Take the plain number off the attempts of a lead that is being erased."""
        await self._work.execute(
            "update contact_attempt set phone = null, state = case when state in ('planned', 'claimed')"
            " then 'canceled' else state end where tenant_id = $1 and lead_id = $2",
            self._work.tenant_id, lead_id,
        )  # fmt: skip
