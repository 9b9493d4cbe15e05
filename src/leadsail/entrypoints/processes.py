"""The two processes of the platform, api and worker, from their settings to their end."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import asyncpg
import uvicorn

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.database_address import database_address
from leadsail.entrypoints.installation import inspect, master_key_for
from leadsail.entrypoints.jobs import handlers
from leadsail.entrypoints.lifeline import Lifeline
from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.database.heartbeat import Heartbeat
from leadsail.foundation.job_queue import WorkerLostError
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker, WorkerLimits
from leadsail.foundation.logs import Logger, configure_logs
from leadsail.foundation.settings import Settings
from leadsail.foundation.web.front_door import FrontDoor, RequestLimits

_GRACE_SECONDS = 8
"""What running requests and jobs get to finish at a stop; `leadsail up` insists after ten."""
_NEXT_WORKER_SECONDS = 0.5


async def run_api(settings: Settings, lifeline: Lifeline, listener: socket.socket) -> None:
    """Answer requests that arrive at `listener` until told to stop; running ones are finished first."""
    await lifeline.begin()
    log = configure_logs("api", level=settings.log_level)
    platform = await _platform(settings, log)

    def application() -> FrontDoor:
        return create_api(platform, log, _api_options(settings), stopping=lambda: server.should_exit)

    server = _Server(_uvicorn(settings, application))
    watching = lifeline.on_end(server.stop)
    log.info("started", port=listener.getsockname()[1])
    await server.serve(sockets=[listener])
    watching.cancel()
    log.info("stopped")


async def run_worker(settings: Settings, lifeline: Lifeline) -> None:
    """Do jobs until told to stop; a database that goes away is waited for."""
    await lifeline.begin()
    log = configure_logs("worker", level=settings.log_level)
    platform = await _platform(settings, log)
    stop = asyncio.Event()
    watching = lifeline.on_end(stop.set)
    await platform.database.open()
    beating = asyncio.create_task(Heartbeat(platform.database, platform.clock, lambda *_: None).run())
    log.info("started")
    try:
        await _work(settings, platform, log, stop)
    finally:
        beating.cancel()
        watching.cancel()
        await platform.database.close()
    log.info("stopped")


class _Server(uvicorn.Server):
    """Uvicorn, stopped by us: it would end with the signal's own exit status instead of 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """End in order; told again, drop what still runs."""
        self.force_exit = self.should_exit
        self.should_exit = True


async def _work(settings: Settings, platform: Platform, log: Logger, stop: asyncio.Event) -> None:
    login = database_address(settings).app
    limits = WorkerLimits(grace=timedelta(seconds=_GRACE_SECONDS))
    while not stop.is_set():
        try:
            await PgQueuerWorker(login.url, log, role=login.role, limits=limits).run(handlers(platform), stop)
        except WorkerLostError:
            log.warning("the database went away")
            await platform.clock.sleep(_NEXT_WORKER_SECONDS)


async def _platform(settings: Settings, log: Logger) -> Platform:
    login = database_address(settings).app
    clock = SystemClock()
    while True:
        try:
            installed = await inspect(login)
            break
        except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError) as error:
            log.warning("waiting for the database", error=type(error).__qualname__)
            await clock.sleep(1)
    if not installed.is_current:
        raise Refusal("The database is not at this release's schema; run: leadsail db migrate")
    key = master_key_for(settings, installed)
    queue = PgQueuerQueue()
    database = Database(login.url, queue, role=login.role, size=settings.database.connections)
    return wire(database=database, queue=queue, clock=clock, master_key=key)


def _api_options(settings: Settings) -> ApiOptions:
    return ApiOptions(
        base_url=settings.base_url,
        rate_per_second=settings.rate_limit.per_second,
        burst=settings.rate_limit.burst,
        access_log=settings.access_log,
        limits=RequestLimits(body_bytes=settings.limits.body_bytes, seconds=settings.limits.seconds),
    )


def _uvicorn(settings: Settings, application: Callable[[], FrontDoor]) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=True,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
