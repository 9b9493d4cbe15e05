"""The SQL of holds: those of a tenant and its campaigns, and those of the whole installation."""

from datetime import datetime

import asyncpg

from leadsail.foundation.database import Database, Work

_OWN = (
    "hold_id, case when campaign_id is null then 'tenant' else 'campaign' end as scope, null as code, campaign_id,"
    " reason, placed_by, placed_at, lifted_by, lifted_at, lift_reason"
)
_PLATFORM = (
    "hold_id, 'platform' as scope, code, null as campaign_id,"
    " reason, placed_by, placed_at, lifted_by, lifted_at, lift_reason"
)


class HoldRepository:
    """The holds that bind the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def place(
        self, hold_id: str, campaign_id: str | None, *, reason: str, by: str, at: datetime
    ) -> asyncpg.Record | None:
        """Store a hold; None where one is in force already."""
        return await self._work.fetchrow(
            "insert into contact_hold (tenant_id, hold_id, campaign_id, reason, placed_by, placed_at)"
            " values ($1, $2, $3, $4, $5, $6)"
            " on conflict (tenant_id, campaign_id) where lifted_at is null do nothing"
            f" returning {_OWN}",
            self._work.tenant_id, hold_id, campaign_id, reason, by, at,
        )  # fmt: skip

    async def own_in_force(self, campaign_id: str | None) -> asyncpg.Record | None:
        """The hold of exactly this campaign, or of the tenant as a whole."""
        return await self._work.fetchrow(
            f"select {_OWN} from contact_hold"
            " where tenant_id = $1 and campaign_id is not distinct from $2 and lifted_at is null",
            self._work.tenant_id, campaign_id,
        )  # fmt: skip

    async def lift(self, campaign_id: str | None, *, reason: str, by: str, at: datetime) -> asyncpg.Record | None:
        """Lift that same hold; nothing happens where there is none."""
        return await self._work.fetchrow(
            "update contact_hold set lifted_by = $3, lifted_at = $4, lift_reason = $5"
            " where tenant_id = $1 and campaign_id is not distinct from $2 and lifted_at is null"
            f" returning {_OWN}",
            self._work.tenant_id, campaign_id, by, at, reason,
        )  # fmt: skip

    async def binding(self, campaign_id: str | None) -> list[asyncpg.Record]:
        """Every hold that stands against a contact of this campaign now, in one query."""
        return await self._work.fetch(
            "select code as cause, reason from platform_hold where lifted_at is null"
            " union all"
            " select case when campaign_id is null then 'tenant' else 'campaign' end, reason from contact_hold"
            " where tenant_id = $1 and lifted_at is null and (campaign_id is null or campaign_id = $2)",
            self._work.tenant_id, campaign_id,
        )  # fmt: skip

    async def page(self, *, in_force: bool | None, after: str | None, limit: int) -> list[asyncpg.Record]:
        """The tenant's holds, and those of the platform that are in force; the newest first."""
        return await self._work.fetch(
            "select * from ("
            f"select {_OWN} from contact_hold where tenant_id = $1"
            f" union all select {_PLATFORM} from platform_hold where lifted_at is null"
            ") held where ($2::boolean is null or (lifted_at is null) = $2)"
            ' and ($3::text is null or hold_id collate "C" < $3)'
            ' order by hold_id collate "C" desc limit $4',
            self._work.tenant_id, in_force, after, limit,
        )  # fmt: skip


class PlatformHoldRepository:
    """The holds of the whole installation, for which no tenant is named."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def place(self, hold_id: str, code: str, *, reason: str, by: str, at: datetime) -> asyncpg.Record | None:
        """Store a hold; None where one of this kind is in force already."""
        return await self._database.fetchrow(
            "insert into platform_hold (hold_id, code, reason, placed_by, placed_at) values ($1, $2, $3, $4, $5)"
            f" on conflict (code) where lifted_at is null do nothing returning {_PLATFORM}",
            hold_id, code, reason, by, at,
        )  # fmt: skip

    async def in_force(self) -> list[asyncpg.Record]:
        """What is held now, the oldest first."""
        return await self._database.fetch(
            f"select {_PLATFORM} from platform_hold where lifted_at is null order by placed_at"
        )

    async def lift(self, code: str, *, reason: str, by: str, at: datetime) -> list[asyncpg.Record]:
        """Lift the hold of this kind; nothing happens where there is none."""
        return await self._database.fetch(
            "update platform_hold set lifted_by = $2, lifted_at = $3, lift_reason = $4"
            f" where code = $1 and lifted_at is null returning {_PLATFORM}",
            code, by, at, reason,
        )  # fmt: skip
