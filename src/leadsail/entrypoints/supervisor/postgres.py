"""The embedded PostgreSQL under supervision: whatever ends it, it is started again."""

import asyncio
from typing import Protocol

from leadsail.entrypoints.supervisor.backoff import Backoff
from leadsail.entrypoints.supervisor.child import Say
from leadsail.foundation.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError


class DatabaseServer(Protocol):
    """The database as far as it is ours to run."""

    async def start(self) -> None:
        """Return once it answers."""
        ...

    async def keep_running(self) -> None:
        """Start it again whenever it ends."""
        ...

    async def stop(self) -> None:
        """Stop it in order."""
        ...


class Embedded:
    """Our own server."""

    def __init__(self, server: EmbeddedPostgres, say: Say) -> None:
        self._server = server
        self._say = say

    async def start(self) -> None:
        """See `DatabaseServer`."""
        first = not self._server.cluster.exists()
        self._say(f"starting PostgreSQL {self._server.version}{', for the first time' if first else ''}")
        await self._server.start()

    async def keep_running(self) -> None:
        """See `DatabaseServer`. Api and worker answer "not now" meanwhile and find it again by themselves."""
        backoff = Backoff()
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await self._server.wait()
            self._say(f"PostgreSQL ended, starting it again; its log: {self._server.log.path}")
            await asyncio.sleep(backoff.after(loop.time() - began))
            try:
                await self._server.start()
            except EmbeddedPostgresError as error:
                self._say(str(error))

    async def stop(self) -> None:
        """See `DatabaseServer`."""
        await self._server.stop()


class Foreign:
    """The operator's own server, which somebody else runs."""

    async def start(self) -> None:
        """See `DatabaseServer`."""

    async def keep_running(self) -> None:
        """See `DatabaseServer`."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """See `DatabaseServer`."""
