"""The connection pool and the two ways to use it: a unit of work for one tenant, and calls of guarded functions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from leadsail.foundation.database.lanes import Lanes
from leadsail.foundation.database.work import Work
from leadsail.foundation.job_queue import JobQueue

_LANES = 4
_SESSION = {
    "search_path": "leadsail",
    "timezone": "UTC",
    "jit": "off",
    # A statement or a forgotten transaction never holds a row for longer than a caller would wait.
    "statement_timeout": "15s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
}


class Database:
    """A pool of connections to the platform's PostgreSQL, as the role that row-level security binds.

    `role` is taken at connection time when the URL's own user is another one that may become it.
    """

    def __init__(self, url: str, queue: JobQueue, *, role: str | None = None, size: int = 8) -> None:
        self._url = url
        self._queue = queue
        self._size = size
        self._session = _SESSION | ({"role": role} if role else {})
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._reads = Lanes(self._lane, _LANES)
        # A write waits for the disk; in lanes of its own it keeps no read waiting.
        self._writes = Lanes(self._lane, _LANES)

    async def open(self) -> None:
        """Make the pool. Connections are made when they are needed, so a server that is away does not stop a start.

        Opening what is open changes nothing.
        """
        if self._pool is not None:
            return
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._size,
            max_inactive_connection_lifetime=60,
            timeout=5,
            command_timeout=20,
            server_settings=self._session | {"application_name": "leadsail"},
            init=_read_json,
            # No statement of ours leaves session state behind, so the round trip that would clear it is saved.
            reset=_nothing,
        )

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self._reads.close()
        await self._writes.close()
        if self._pool:
            await self._pool.close()
            self._pool = None

    @property
    def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        """The open pool."""
        if self._pool is None:
            raise ConnectionError("the database is not open")
        return self._pool

    @asynccontextmanager
    async def work(self, tenant_id: str, actor: str) -> AsyncIterator[Work]:
        """One unit of work for `tenant_id`: committed when the block ends well, undone when it raises."""
        work = Work(self.pool, self._queue, self._writes, tenant_id, actor)
        try:
            yield work
            await work.commit()
        finally:
            await work.close()

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Rows of a guarded function, which names its tenant or needs none; tables show nothing here."""
        return await self.pool.fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """The first row of a guarded function, or None."""
        return await self.pool.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:
        """The first value of a guarded function's first row."""
        return await self.pool.fetchval(query, *args)

    async def hot(self, query: str, *args: object) -> asyncpg.Record | None:
        """As `fetchrow`, over connections that keep `query` prepared; for the few reads worth it."""
        return await self._reads.fetchrow(query, *args)

    async def connect(self) -> asyncpg.Connection[asyncpg.Record]:
        """A connection of one's own, outside the pool, for whoever must LISTEN."""
        return await asyncpg.connect(self._url, timeout=5, server_settings=self._session)

    async def _lane(self) -> asyncpg.Connection[asyncpg.Record]:
        session = self._session | {"application_name": "leadsail lane"}
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=20, server_settings=session)
        await _read_json(connection)
        return connection


async def _read_json(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_dumps, decoder=orjson.loads, format="text")


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


async def _nothing(_: object) -> None:
    return None
