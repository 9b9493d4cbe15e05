"""A unit of work: the statements of one tenant that commit together, with the jobs they make necessary."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from leadsail.foundation.database.lanes import Lanes
from leadsail.foundation.job_queue import JobId, JobQueue, NewJob

_TENANT_ID = re.compile(r"org_[a-z0-9]+")


class Work:
    """Everything done through it takes effect together, or not at all; row-level security sees `tenant_id`.

    A connection is taken at the first statement, not before, so that nobody holds one while a slow body arrives.
    `actor` says on whose behalf (an API key's id, `cli`, `worker`), for the records that keep it.
    """

    def __init__(
        self, pool: asyncpg.Pool[asyncpg.Record], queue: JobQueue, single: Lanes, tenant_id: str, actor: str
    ) -> None:
        if not _TENANT_ID.fullmatch(tenant_id):
            raise ValueError(f"{tenant_id!r} is not a tenant id")
        self.tenant_id = tenant_id
        self.actor = actor
        self._pool = pool
        self._queue = queue
        self._single = single
        self._connection: asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | None = None
        self._over = False

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """All rows."""
        return await (await self._begun()).fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await (await self._begun()).fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:
        """The first value of the first row, or None."""
        return await (await self._begun()).fetchval(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement; answers PostgreSQL's command tag."""
        return await (await self._begun()).execute(query, *args)

    async def only(self, query: str, *args: object) -> asyncpg.Record | None:
        """The single statement of this unit of work, in one round trip where no transaction is open yet.

        It must name its tenant itself. No other statement may follow, since this one has then already committed.
        """
        if self._connection is not None:
            return await self.fetchrow(query, *args)
        self._over = True
        return await self._single.fetchrow(query, *args)

    async def enqueue(self, job: NewJob) -> JobId:
        """Add a job that exists exactly if this unit of work commits."""
        return await self._queue.enqueue(await self._begun(), job)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail by itself: undone when the block raises, while the rest lives on."""
        connection = await self._begun()
        await connection.execute("savepoint part")
        try:
            yield
        except BaseException:
            await connection.execute("rollback to savepoint part")
            raise
        await connection.execute("release savepoint part")

    async def commit(self) -> None:
        """Make it so. Called at the edge, never by a service."""
        connection, self._over = self._connection, True
        if connection is not None:
            # PostgreSQL answers the commit of a failed transaction with success, and undoes it.
            if await connection.execute("commit") != "COMMIT":
                raise RuntimeError("a statement of this unit of work had failed, so nothing of it was stored")
            self._connection = None
            await self._pool.release(connection)

    async def close(self) -> None:
        """Undo what was not committed and give the connection back; a connection in doubt is thrown away."""
        connection, self._connection, self._over = self._connection, None, True
        if connection is None:
            return
        try:
            await asyncio.wait_for(asyncio.shield(connection.execute("rollback")), timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection.terminate()
        except BaseException:
            connection.terminate()
            raise
        finally:
            await self._pool.release(connection)

    async def _begun(self) -> asyncpg.pool.PoolConnectionProxy[asyncpg.Record]:
        if self._over:
            raise RuntimeError("this unit of work is over; open a new one")
        if self._connection is None:
            connection = await self._pool.acquire(timeout=10)
            self._connection = connection
            # The id is checked above, so it can stand in the text and both statements share one round trip.
            await connection.execute(f"begin; set local app.tenant = '{self.tenant_id}'")
        return self._connection
