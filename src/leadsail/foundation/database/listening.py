"""Wakes whoever waits for a row to change: one LISTEN connection a process, and notifications that carry only ids.

A notification is a hint. Who waits looks for itself at least once a second, so a lost connection delays and loses
nothing.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress

import asyncpg

from leadsail.foundation.database.database import Database

_RECONNECT_SECONDS = 1.0


class Bell:
    """Rings for an id when PostgreSQL's `channel` names it."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def wait(self, name: str, seconds: float) -> None:
        """Return when `name` rings, or after `seconds`."""
        event = asyncio.Event()
        self._waiting[name].add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting[name].discard(event)
            if not self._waiting[name]:
                del self._waiting[name]

    def ring(self, name: str) -> None:
        """Wake everybody who waits for `name`."""
        for event in self._waiting.get(name, ()):
            event.set()

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the connection breaks."""
        while True:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection = await self._database.connect()
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(self._channel, lambda _c, _p, _n, name: self.ring(str(name)))
            await lost.wait()
        finally:
            connection.terminate()
