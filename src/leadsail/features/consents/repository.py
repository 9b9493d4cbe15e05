"""The SQL of recorded consents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.foundation.database import Work

_COLUMNS = "consent_id, source, body, given_at, withdrawn_at, withdrawal, created_by, created_at"


class ConsentRepository:
    """The recorded consents of the tenant whose unit of work this is. What was erased is not shown."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, rows: Sequence[Mapping[str, Any]]) -> dict[bytes, str]:
        """Store consents; answers the ids of the new ones by evidence hash, without those that were known before."""
        names = ("consent_id", "phone_hash", "evidence_hash", "source", "body", "given_at", "created_by", "created_at")
        columns = [[row[name] for row in rows] for name in names]
        added = await self._work.fetch(
            f"insert into consent (tenant_id, {', '.join(names)})"
            " select $1, * from unnest($2::text[], $3::bytea[], $4::bytea[], $5::text[], $6::jsonb[],"
            " $7::timestamptz[], $8::text[], $9::timestamptz[])"
            " on conflict do nothing returning consent_id, evidence_hash",
            self._work.tenant_id, *columns,
        )  # fmt: skip
        return {row["evidence_hash"]: row["consent_id"] for row in added}

    async def with_evidence(self, hashes: Sequence[bytes]) -> dict[bytes, asyncpg.Record]:
        """The consents with this evidence that are in force or were withdrawn, by its hash; also erased ones."""
        rows = await self._work.fetch(
            f"select evidence_hash, {_COLUMNS} from consent where tenant_id = $1 and evidence_hash = any ($2)"
            " and (body is not null or withdrawn_at is not null)",
            self._work.tenant_id, list(hashes),
        )  # fmt: skip
        return {row["evidence_hash"]: row for row in rows}

    async def get(self, consent_id: str, *, lock: bool = False) -> asyncpg.Record | None:
        """One consent, kept from changing until the unit of work ends where `lock` is set."""
        return await self._work.fetchrow(
            f"select {_COLUMNS} from consent where tenant_id = $1 and consent_id = $2 and body is not null"
            f"{' for update' if lock else ''}",
            self._work.tenant_id, consent_id,
        )  # fmt: skip

    async def withdraw(self, consent_id: str, withdrawal: Mapping[str, Any], now: datetime) -> None:
        """Note that a consent counts no more."""
        await self._work.execute(
            "update consent set withdrawn_at = $3, withdrawal = $4 where tenant_id = $1 and consent_id = $2",
            self._work.tenant_id, consent_id, now, withdrawal,
        )  # fmt: skip

    async def of_numbers(self, hashes: Sequence[bytes]) -> list[asyncpg.Record]:
        """What was recorded for these numbers and not withdrawn, latest given first."""
        return await self._work.fetch(
            f"select phone_hash, {_COLUMNS} from consent where tenant_id = $1 and phone_hash = any ($2)"
            " and withdrawn_at is null and body is not null order by given_at desc, consent_id desc",
            self._work.tenant_id, list(hashes),
        )  # fmt: skip

    async def is_here(self, consent_id: str) -> bool:
        """Whether there is such a consent, erased or not."""
        query = "select exists (select from consent where tenant_id = $1 and consent_id = $2)"
        return bool(await self._work.fetchval(query, self._work.tenant_id, consent_id))

    async def page(
        self, hashes: Sequence[bytes] | None, lead_id: str | None, after: str | None, limit: int
    ) -> list[asyncpg.Record]:
        """At most `limit` consents of this number and this lead, newest first, that come after the consent `after`."""
        return await self._work.fetch(
            f"select {_COLUMNS} from consent where tenant_id = $1 and body is not null"
            " and ($2::bytea[] is null or phone_hash = any ($2)) and ($3::text is null or lead_id = $3)"
            " and ($4::text is null or (created_at, consent_id) <"
            " (select c.created_at, c.consent_id from consent c where c.tenant_id = $1 and c.consent_id = $4))"
            " order by created_at desc, consent_id desc limit $5",
            self._work.tenant_id, hashes, lead_id, after, limit,
        )  # fmt: skip

    async def clear(self, hashes: Sequence[bytes], lead_id: str) -> list[asyncpg.Record]:
        """Forget what these consents say of anybody; answers what is left of them, in one order.

        The rows are locked in that order first, so that two who erase one person do not wait for each other.
        """
        rows = await self._work.fetch(
            "select consent_id, evidence_hash, body ->> 'kind' as kind, source, given_at, withdrawn_at from consent"
            " where tenant_id = $1 and (phone_hash = any ($2) or lead_id = $3) and body is not null"
            " order by consent_id for update",
            self._work.tenant_id, list(hashes), lead_id,
        )  # fmt: skip
        await self._work.execute(
            "update consent set body = null, withdrawal = null where tenant_id = $1 and consent_id = any ($2)",
            self._work.tenant_id, [row["consent_id"] for row in rows],
        )  # fmt: skip
        return rows
