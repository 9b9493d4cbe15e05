"""What api and worker have in common at their start: the database is waited for, then the services are built on it."""

import asyncpg

from leadsail.entrypoints.database_address import database_address
from leadsail.entrypoints.installation import Installation, inspect, master_key_for
from leadsail.entrypoints.journal_place import journal_of
from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.foundation.clock import Clock, SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.logs import Logger
from leadsail.foundation.settings import Settings

GRACE_SECONDS = 8
"""What running requests and jobs get to finish at a stop; `leadsail up` insists after ten."""

_AWAY = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


async def prepared_platform(settings: Settings, log: Logger) -> Platform:
    """The platform on its database, which is waited for. Raises `Refusal` when it is of another release."""
    clock = SystemClock()
    installed = await _installed(settings, log, clock)
    if not installed.is_current:
        raise Refusal("The database is not at this release's schema; run: leadsail db migrate")
    login = database_address(settings).app
    queue = PgQueuerQueue()
    database = Database(login.url, queue, role=login.role, size=settings.database.connections)
    return wire(
        database=database,
        queue=queue,
        clock=clock,
        master_key=master_key_for(settings, installed),
        journal=journal_of(settings, log.warning),
        rules_dir=settings.rules_dir,
    )


async def _installed(settings: Settings, log: Logger, clock: Clock) -> Installation:
    while True:
        try:
            return await inspect(database_address(settings).app)
        except _AWAY as error:
            log.warning("waiting for the database", error=type(error).__qualname__)
            await clock.sleep(1)
