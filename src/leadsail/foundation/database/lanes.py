"""A few connections that keep their statements prepared, for the reads that everybody waits for.

Asyncpg's pool costs as much per read as the read itself (35 of 70 microseconds of processor time, measured), since it
wraps, shields and books every connection it lends. A lane lends nothing: it runs one guarded function at a time.
Waiters are served in the order they came.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

Connect = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]


class _Lane:
    def __init__(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        self.connection = connection
        self._statements: dict[str, PreparedStatement[asyncpg.Record]] = {}

    async def fetchrow(self, query: str, args: tuple[object, ...]) -> asyncpg.Record | None:
        statement = self._statements.get(query)
        if statement is None:
            statement = self._statements[query] = await self.connection.prepare(query)
        return await statement.fetchrow(*args)


class Lanes:
    """At most `count` connections, made when they are needed and thrown away when one fails."""

    def __init__(self, connect: Connect, count: int) -> None:
        self._connect = connect
        self._idle: list[_Lane] = []
        self._unused = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """The first row of a guarded function, or None. `query` is one of a few constants."""
        lane = await self._take()
        try:
            row = await lane.fetchrow(query, args)
        except BaseException:
            self._drop(lane)
            raise
        self._idle.append(lane)
        self._wake()
        return row

    async def close(self) -> None:
        """Close what is idle; a lane in use is dropped when its read fails or ends."""
        idle, self._idle = self._idle, []
        for lane in idle:
            await lane.connection.close(timeout=2)

    async def _take(self) -> _Lane:
        while True:
            while self._idle:
                lane = self._idle.pop()
                if not lane.connection.is_closed():
                    return lane
                self._unused += 1
            if self._unused:
                return await self._make()
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                # Whoever was woken and leaves passes the turn on.
                if turn.done() and not turn.cancelled():
                    self._wake()
                raise

    async def _make(self) -> _Lane:
        self._unused -= 1
        try:
            return _Lane(await self._connect())
        except BaseException:
            self._unused += 1
            self._wake()
            raise

    def _drop(self, lane: _Lane) -> None:
        # After a cancelled or failed read nobody knows what the connection still expects.
        lane.connection.terminate()
        self._unused += 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
