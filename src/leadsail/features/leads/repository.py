"""The SQL of leads, their submissions and what is left of an erased one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from leadsail.features.leads.models import LeadFilter, Person
from leadsail.foundation.database import Work

_COLUMNS = "lead_id, version, body, campaign, created_at, updated_at"
_UNKNOWN_CURSOR = "LS001"


class UnknownCursorError(LookupError):
    """The cursor names no lead that is or ever was here."""


class LeadRepository:
    """The leads of the tenant whose unit of work this is."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(
        self, lead_id: str, submission_id: str, body: Mapping[str, Any], now: datetime, *, alone: bool
    ) -> str:
        """Store a lead with its first submission: `created`, `unknown_campaign` or `archived_campaign`.

        `alone` says that nothing else happens in the unit of work, which then takes a single round trip.
        """
        run = self._work.only if alone else self._work.fetchrow
        row = await run(
            "select create_lead($1, $2, $3, $4, $5) as outcome",
            self._work.tenant_id, lead_id, submission_id, body, now,
        )  # fmt: skip
        return str(row and row["outcome"])

    async def get(self, lead_id: str, *, alone: bool = False) -> asyncpg.Record | None:
        """A lead with its campaign's names of today. `alone` as in `add`."""
        run = self._work.only if alone else self._work.fetchrow
        return await run(f"select {_COLUMNS} from read_lead($1, $2)", self._work.tenant_id, lead_id)

    async def lock(self, lead_id: str, *, to_erase: bool = False) -> asyncpg.Record | None:
        """Body, version and age of a lead, kept from other changes until the unit of work ends.

        Only `to_erase` also keeps others from adding to it.
        """
        strength = "update" if to_erase else "no key update"
        return await self._work.fetchrow(
            f"select body, version, created_at from lead where tenant_id = $1 and lead_id = $2 for {strength}",
            self._work.tenant_id, lead_id,
        )  # fmt: skip

    async def save(self, lead_id: str, body: Mapping[str, Any], now: datetime) -> None:
        """Replace a lead's body; its version grows by one."""
        await self._work.execute(
            "update lead set body = lead_with_questions($1, $3), updated_at = $4, version = version + 1"
            " where tenant_id = $1 and lead_id = $2",
            self._work.tenant_id, lead_id, body, now,
        )  # fmt: skip

    async def is_known_contact(self, body: Mapping[str, Any], besides: str) -> bool:
        """Whether another lead of the body's campaign has its phone or e-mail."""
        return bool(
            await self._work.fetchval(
                "select is_known_contact($1, $2, $3, $4, $5)",
                self._work.tenant_id, body["campaignId"], body["phone"], body["email"], besides,
            )
        )  # fmt: skip

    async def campaign_state(self, campaign_id: str) -> str:
        """Whether a lead can be put into a campaign: `open`, `unknown_campaign` or `archived_campaign`."""
        archived = await self._work.fetchval(
            "select archived_at is not null from campaign where tenant_id = $1 and campaign_id = $2",
            self._work.tenant_id, campaign_id,
        )  # fmt: skip
        return {None: "unknown_campaign", True: "archived_campaign", False: "open"}[archived]

    async def people(self, phones: Sequence[str]) -> list[Person]:
        """Who is behind each of these numbers, in one query; each number is named once."""
        query = "select phone, numbers from people_of($1, $2)"
        rows = await self._work.fetch(query, self._work.tenant_id, list(phones))
        return [Person(row["phone"], tuple(row["numbers"])) for row in rows]

    async def hold_people(self, phones: Sequence[str]) -> tuple[str, ...]:
        """Keep everybody else from deciding about the people behind these numbers; answers all their numbers."""
        return tuple(await self._work.fetchval("select hold_people($1, $2)", self._work.tenant_id, list(phones)))

    async def locked_with_phone(self, phone: str) -> list[asyncpg.Record]:
        """The leads with this number, in one order, kept from changing until the unit of work ends."""
        return await self._work.fetch(
            "select lead_id, body from lead where tenant_id = $1 and phone = $2 order by lead_id for update",
            self._work.tenant_id, phone,
        )  # fmt: skip

    async def phone_of(self, lead_id: str) -> str | None:
        """A lead's number, without a lock."""
        query = "select phone from lead where tenant_id = $1 and lead_id = $2"
        phone: str | None = await self._work.fetchval(query, self._work.tenant_id, lead_id)
        return phone

    async def bodies(self, lead_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """What is stored of these leads, by id; unknown ids are absent."""
        query = "select lead_id, body from lead where tenant_id = $1 and lead_id = any ($2)"
        rows = await self._work.fetch(query, self._work.tenant_id, list(lead_ids))
        return {row["lead_id"]: row["body"] for row in rows}

    async def newest_with_phone(self, phone: str) -> asyncpg.Record | None:
        """The lead that came last with this number."""
        return await self._work.fetchrow(
            "select lead_id, body from lead where tenant_id = $1 and phone = $2"
            " order by created_at desc, lead_id limit 1",
            self._work.tenant_id, phone,
        )  # fmt: skip

    async def page(self, wanted: LeadFilter, after: str | None, limit: int) -> list[asyncpg.Record]:
        """At most `limit` leads, newest first, that come after the lead `after`. Raises `UnknownCursorError`."""
        try:
            return await self._work.fetch(
                f"select {_COLUMNS} from list_leads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                self._work.tenant_id, wanted.campaigns, wanted.clients, wanted.offers, wanted.status,
                *wanted.patterns, wanted.since, wanted.until, after, limit,
            )  # fmt: skip
        except asyncpg.PostgresError as error:
            if error.sqlstate == _UNKNOWN_CURSOR:
                raise UnknownCursorError from None
            raise

    async def submissions(self, lead_id: str, *, limit: int, offset: int) -> tuple[list[asyncpg.Record], int]:
        """One page of a lead's submissions, newest first, and how many there are."""
        rows = await self._work.fetch(
            "select submission_id, lead_id, number as submission_number, campaign, status, type, created_at, updated_at"
            " from submission where tenant_id = $1 and lead_id = $2 order by number desc limit $3 offset $4",
            self._work.tenant_id, lead_id, limit, offset,
        )  # fmt: skip
        total = await self._work.fetchval(
            "select count(*) from submission where tenant_id = $1 and lead_id = $2", self._work.tenant_id, lead_id
        )
        return rows, total

    async def erase(self, lead_id: str, remains: Mapping[str, object]) -> None:
        """Delete a lead with all that hangs on it, and keep what remains."""
        columns = ["tenant_id", "lead_id", *remains]
        marks = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
        await self._work.execute(
            f"insert into erasure ({', '.join(columns)}) values ({marks})",
            self._work.tenant_id, lead_id, *remains.values(),
        )  # fmt: skip
        await self._work.execute(
            "delete from lead where tenant_id = $1 and lead_id = $2", self._work.tenant_id, lead_id
        )
