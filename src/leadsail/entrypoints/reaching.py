"""The database for a command that is run by hand, whether the platform is up or not."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from leadsail.entrypoints.database_address import DatabaseAddress, database_address
from leadsail.entrypoints.installation import inspect, master_key_for
from leadsail.entrypoints.journal_place import journal_of
from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.foundation.clock import Clock, SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.embedded_postgres import DataFolderInUseError, EmbeddedPostgres
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.settings import Settings


@asynccontextmanager
async def reached_database(
    settings: Settings, *, may_create: bool = False, alone: bool = False
) -> AsyncIterator[DatabaseAddress]:
    """Its address, for as long as it answers there: a server that does not run is started and stopped again.

    Raises `Refusal` where there is no database yet, unless one may be created; and, where it must be had `alone`, what
    the embedded server raises when `leadsail up` runs it.
    """
    address = database_address(settings)
    if settings.database_url is not None:
        yield address
        return
    server = EmbeddedPostgres(settings.data_dir)
    if not may_create and not server.cluster.exists():
        raise Refusal(f"There is no database in {settings.data_dir}; make one with leadsail up, or name its --data-dir")
    try:
        await server.start()
    except DataFolderInUseError:
        if alone:
            raise
        yield address  # `leadsail up` runs it
        return
    try:
        yield address
    finally:
        await server.stop()


@asynccontextmanager
async def reached_platform(
    settings: Settings, clock: Clock | None = None, warn: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Platform]:
    """The platform's services, on a database of this release; `warn` is told what is odd. Raises `Refusal`."""
    async with reached_database(settings) as address:
        installed = await inspect(address.app)
        if not installed.is_current:
            raise Refusal("The database is not at this release's schema; run: leadsail db migrate")
        queue = PgQueuerQueue()
        database = Database(address.app.url, queue, role=address.app.role, size=2)
        await database.open()
        try:
            yield wire(
                database=database,
                queue=queue,
                clock=clock or SystemClock(),
                master_key=master_key_for(settings, installed),
                journal=journal_of(settings, warn),
                rules_dir=settings.rules_dir,
            )
        finally:
            await database.close()
