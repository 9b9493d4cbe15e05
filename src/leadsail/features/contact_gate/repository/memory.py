"""The SQL that tells this database from a copy of it, and ties it to its journal."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from leadsail.foundation.database import Database

_Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Life:
    """Which server process line this database lives in: a copy elsewhere, or of an earlier moment, has another."""

    system_identifier: int
    timeline: int


@dataclass(frozen=True, slots=True)
class Link:
    """What the database knows of its journal and of itself."""

    journal_id: str | None
    """None until the first start."""
    life: Life | None
    """The life in which the link was made."""
    position: int
    journaled: int


class MemoryRepository:
    """The link between this database and its journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def link(self) -> Link:
        """What is stored of the journal."""
        row = await self._database.fetchrow(
            "select journal_id, system_identifier, timeline, position, journaled from journal_link"
        )
        if row is None:
            raise RuntimeError("the table journal_link has lost its only row; restore the database")
        linked = row["journal_id"] is not None
        life = Life(row["system_identifier"], row["timeline"]) if linked else None
        return Link(row["journal_id"], life, row["position"], row["journaled"])

    async def life(self) -> Life:
        """Where this database really lives."""
        row = await self._database.fetchrow("select system_identifier, timeline from this_database()")
        if row is None:
            raise RuntimeError("the database did not say which one it is")
        return Life(row["system_identifier"], row["timeline"])

    async def connect(self, journal_id: str, life: Life, position: int, journaled: int, at: datetime) -> None:
        """Tie this database to this journal, anew where it was tied before."""
        await self._database.fetch(
            "update journal_link set journal_id = $1, system_identifier = $2, timeline = $3, position = $4,"
            " journaled = $5, linked_at = $6",
            journal_id, life.system_identifier, life.timeline, position, journaled, at,
        )  # fmt: skip

    async def advance(self, journal_id: str, position: int) -> None:
        """Note that everything in the journal up to here is known; never moves back."""
        await self._database.fetch(
            "update journal_link set position = $2 where journal_id = $1 and position < $2", journal_id, position
        )

    async def begin_era(self, at: datetime) -> None:
        """Seal what an earlier life has decided to its end, and count transactions anew."""
        await self._database.fetch("select begin_era($1)", at)

    async def last_seal(self) -> int:
        """The number of the last seal; 0 before the first."""
        number: int = await self._database.fetchval("select coalesce(max(number), 0) from decision_seal")
        return number

    async def heads(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """The heads of these seals, as far as there are such seals."""
        rows = await self._database.fetch("select number, head from decision_seal where number = any ($1)", numbers)
        return {row["number"]: row["head"] for row in rows}

    @asynccontextmanager
    async def unjournaled(self, limit: int) -> AsyncIterator[list[tuple[int, bytes]]]:
        """The next heads that the journal may lack, for whoever writes them there, one process at a time.

        They count as written when the block ends well. Empty where another process is at it.
        """
        async with self._database.pool.acquire() as connection, connection.transaction():
            heads = await _next_heads(connection, limit)
            yield heads
            if heads:
                await connection.execute("update journal_link set journaled = $1", heads[-1][0])


async def _next_heads(connection: _Connection, limit: int) -> list[tuple[int, bytes]]:
    if not await connection.fetchval("select pg_try_advisory_xact_lock(hashtextextended('journal heads', 0))"):
        return []
    rows = await connection.fetch(
        "select number, head from decision_seal where number > (select journaled from journal_link)"
        " order by number limit $1",
        limit,
    )
    return [(row["number"], row["head"]) for row in rows]
