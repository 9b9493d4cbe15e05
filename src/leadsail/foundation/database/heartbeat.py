"""Asks the database twice a second what time it is and whether any API key has changed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg

from leadsail.foundation.clock import Clock, SystemClock
from leadsail.foundation.database.database import Database

_EVERY_SECONDS = 0.5

Heard = Callable[[int, float], None]


class Heartbeat:
    """Keeps the clock on the database's time and passes the keys' epoch on; silence is simply not heard."""

    def __init__(self, database: Database, clock: Clock, heard: Heard) -> None:
        self._database = database
        self._clock = clock
        self._heard = heard

    async def beat(self) -> None:
        """Ask once; raises what the database raises."""
        asked_at = self._clock.monotonic()
        row = await self._database.fetchrow("select now, key_epoch from database_heartbeat()")
        if row is None:
            return
        if isinstance(self._clock, SystemClock):
            travelled = timedelta(seconds=(self._clock.monotonic() - asked_at) / 2)
            self._clock.follow(row["now"] + travelled)
        self._heard(row["key_epoch"], asked_at)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            try:
                async with asyncio.timeout(5):
                    await self.beat()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pass  # Whoever needs the database hears of it at once; here the next beat asks again.
            await asyncio.sleep(_EVERY_SECONDS)
