"""PgQueuer's driver over a pool, with one order imposed: nothing is notified before somebody listens."""

import asyncio

from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.ports.driver import NotifyCallback

from leadsail.foundation.job_queue.pgqueuer_housekeeping import Pool


class ListeningFirst(AsyncpgPoolDriver):
    """A worker asks itself over NOTIFY whether it still hears, and ends when no answer comes in ten seconds.

    PgQueuer asks while it is still setting up its listener: on a busy machine the question can overtake the LISTEN,
    and a healthy worker would end. Here the question waits.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._listening = asyncio.Event()

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """See `pgqueuer.ports.driver.Driver`."""
        await super().add_listener(channel, callback)
        self._listening.set()

    async def notify(self, channel: str, payload: str) -> None:
        """See `pgqueuer.ports.driver.Driver`; returns only once there is a listener."""
        await self._listening.wait()
        await super().notify(channel, payload)
