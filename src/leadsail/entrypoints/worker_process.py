"""The worker process, from its settings to its end."""

import asyncio
from datetime import timedelta

from leadsail.entrypoints.database_address import database_address
from leadsail.entrypoints.jobs import handlers
from leadsail.entrypoints.lifeline import Lifeline
from leadsail.entrypoints.process_start import GRACE_SECONDS, prepared_platform
from leadsail.entrypoints.sealing import Sealer
from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.service.memory import MemoryService
from leadsail.foundation.database.heartbeat import Heartbeat
from leadsail.foundation.job_queue import WorkerLostError
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker, WorkerLimits
from leadsail.foundation.logs import Logger, configure_logs
from leadsail.foundation.settings import Settings

_NEXT_WORKER_SECONDS = 0.5


async def run_worker(settings: Settings, lifeline: Lifeline) -> None:
    """Do jobs until told to stop; a database that goes away is waited for."""
    await lifeline.begin()
    log = configure_logs("worker", level=settings.log_level)
    platform = await prepared_platform(settings, log)
    stop = asyncio.Event()
    watching = lifeline.on_end(stop.set)
    await platform.database.open()
    beating = asyncio.create_task(Heartbeat(platform.database, platform.clock, lambda *_: None).run())
    sealer = Sealer(platform.service(MemoryService), platform.clock, log)
    await sealer.look()
    sealing = asyncio.create_task(sealer.run())
    log.info("started")
    try:
        await _work(settings, platform, log, stop)
    finally:
        beating.cancel()
        await _cancelled(sealing)
        watching.cancel()
        await platform.database.close()
    log.info("stopped")


async def _work(settings: Settings, platform: Platform, log: Logger, stop: asyncio.Event) -> None:
    login = database_address(settings).app
    limits = WorkerLimits(grace=timedelta(seconds=GRACE_SECONDS))
    while not stop.is_set():
        try:
            await PgQueuerWorker(login.url, log, role=login.role, limits=limits).run(handlers(platform), stop)
        except WorkerLostError:
            log.warning("the database went away")
            await platform.clock.sleep(_NEXT_WORKER_SECONDS)


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Stop a task and wait until it has stopped: what it has begun in the database is undone before that is closed."""
    task.cancel()
    await asyncio.wait([task])
