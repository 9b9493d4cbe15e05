"""The background work of every worker that proves the past: once a second it compares with the journal, then seals."""

import asyncpg

from leadsail.features.contact_gate.service.memory import MemoryService
from leadsail.foundation.clock import Clock
from leadsail.foundation.errors import PlatformError
from leadsail.foundation.logs import Logger
from leadsail.ports.journal import JournalError

_EVERY_SECONDS = 1.0
_PASSING = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, PlatformError, JournalError)


class Sealer:
    """Any number of workers may run one; the database lets one of them seal at a time."""

    def __init__(self, memory: MemoryService, clock: Clock, log: Logger) -> None:
        self._memory = memory
        self._clock = clock
        self._log = log
        self._doubt: str | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            began = self._clock.monotonic()
            try:
                await self.tick()
            except _PASSING as error:
                self._log.warning("decisions could not be sealed", error=type(error).__qualname__)
            await self._clock.sleep(max(0.0, began + _EVERY_SECONDS - self._clock.monotonic()))

    async def look(self) -> bool:
        """Compare once, as every process does before it begins; whether all is well. What passes is only logged."""
        try:
            doubt = await self._memory.look()
        except _PASSING as error:
            self._log.warning("the journal could not be compared", error=type(error).__qualname__)
            return False
        self._tell(doubt.cause if doubt else None)
        return doubt is None

    async def tick(self) -> None:
        """Compare, and seal all that is due; nothing while there is doubt, since the chain may not be the right one."""
        if await self.look():
            while await self._memory.seal():
                pass

    def _tell(self, doubt: str | None) -> None:
        if doubt != self._doubt:
            if doubt:
                self._log.error("nobody is called or texted; leadsail doctor says why", code=doubt)
            else:
                self._log.info("contacts may go on")
        self._doubt = doubt
