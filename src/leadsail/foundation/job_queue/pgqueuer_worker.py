"""One process's share of the jobs, done by PgQueuer: claiming, heart-beats, the calendar, and a clean end."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.errors import FailingListenerError
from pgqueuer.types import Channel

from leadsail.foundation.job_queue.handlers import JobHandlers, PeriodicWork, every
from leadsail.foundation.job_queue.interface import WorkerLostError
from leadsail.foundation.job_queue.pgqueuer_driver import ListeningFirst
from leadsail.foundation.job_queue.pgqueuer_housekeeping import Pool, hold_unknown, trim_log
from leadsail.foundation.job_queue.pgqueuer_runner import run_job, run_periodic
from leadsail.foundation.job_queue.pgqueuer_schema import SETTINGS, queries
from leadsail.foundation.logs import Logger

_CONNECTION_TROUBLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    FailingListenerError,
)
_LOST = "The job worker lost its database; start a new one"
_ROUNDS_TO_CUT_OFF = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """How a worker behaves; the defaults suit production."""

    concurrency: int = 50
    """Jobs at once in this process; at least 2."""
    heartbeat_timeout: timedelta = timedelta(seconds=30)
    """After this long without a sign of life another worker takes a job over."""
    poll: timedelta = timedelta(seconds=1)
    """How often to look without being notified, as for a retry or a dead worker's job."""
    grace: timedelta = timedelta(seconds=20)
    """What running jobs get to finish when the worker stops; then they are interrupted and wait again."""
    keep_log: timedelta = timedelta(hours=1)
    """How long the log of finished jobs is kept."""
    unknown_after: timedelta = timedelta(minutes=1)
    """How long a due job without a handler waits before it is held."""
    housekeeping: timedelta = timedelta(minutes=5)
    """How often the log is trimmed and unknown jobs are held; a period that `every` can keep."""


class PgQueuerWorker:
    """The platform's `JobWorker`.

    `url` and `role` are as for `Database`. The worker has a small pool of its own, so that jobs which use up
    all other connections cannot stop its heart-beat.
    """

    def __init__(
        self, url: str, logger: Logger, *, role: str | None = None, limits: WorkerLimits | None = None
    ) -> None:
        self._url = url
        self._logger = logger
        self._session = {"application_name": "leadsail worker", "timezone": "UTC", "jit": "off"}
        self._session |= {"role": role} if role else {}
        self._limits = limits or WorkerLimits()

    async def run(self, handlers: JobHandlers, stop: asyncio.Event) -> None:
        """See `JobWorker`."""
        lost = asyncio.Event()
        try:
            async with self._pool(lost) as pool:
                await self._serve(pool, handlers, stop, lost)
        except WorkerLostError:
            raise
        except _CONNECTION_TROUBLE as error:
            raise WorkerLostError(_LOST) from error

    @asynccontextmanager
    async def _pool(self, lost: asyncio.Event) -> AsyncIterator[Pool]:
        """Connections that live as long as the worker: `lost` is set as soon as one of them breaks."""

        async def watch(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
            connection.add_termination_listener(lambda _: lost.set())

        pool = await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=5,
            max_inactive_connection_lifetime=0,
            max_queries=sys.maxsize,
            timeout=10,
            command_timeout=30,
            server_settings=self._session,
            init=watch,
            reset=_nothing,
        )
        try:
            yield pool
        finally:
            pool.terminate()

    async def _serve(self, pool: Pool, handlers: JobHandlers, stop: asyncio.Event, lost: asyncio.Event) -> None:
        engine = self._engine(pool, handlers)
        running = asyncio.create_task(self._start(engine))
        try:
            await _first_of(running, stop, lost)
            engine.shutdown.set()
            await _first_of(running, lost, at_most=self._limits.grace)
        finally:
            engine.shutdown.set()
            if gone := lost.is_set():
                # The database may be back in a moment; nothing of what failed meanwhile may be written then.
                pool.terminate()
            await _cut_off(running)
        if gone:
            raise WorkerLostError(_LOST)
        if not running.cancelled():
            running.result()

    async def _start(self, engine: PgQueuer) -> None:
        await engine.run(
            dequeue_timeout=self._limits.poll,
            batch_size=self._limits.concurrency // 2,
            max_concurrent_tasks=self._limits.concurrency,
            shutdown_on_listener_failure=True,
            heartbeat_timeout=self._limits.heartbeat_timeout,
            log_aggregation_interval=timedelta(0),
        )

    def _engine(self, pool: Pool, handlers: JobHandlers) -> PgQueuer:
        driver = ListeningFirst(pool)
        engine = PgQueuer(driver, Channel(SETTINGS.channel), queries=queries(driver))
        for spec in handlers.jobs:
            register = engine.entrypoint(
                spec.name, concurrency_limit=spec.concurrency, accepts_context=False, on_failure="hold"
            )
            register(partial(run_job, spec, self._logger))
        for work in (*handlers.periodic, self._housekeeping(pool, handlers)):
            schedule = engine.schedule(work.name, work.schedule, accepts_context=False)
            schedule(partial(run_periodic, work, self._logger))
        return engine

    def _housekeeping(self, pool: Pool, handlers: JobHandlers) -> PeriodicWork:
        known = [spec.name for spec in handlers.jobs]

        async def keep_house() -> None:
            await hold_unknown(pool, known, self._limits.unknown_after)
            await trim_log(pool, self._limits.keep_log)

        return every("queue.housekeeping", self._limits.housekeeping, keep_house)


async def _first_of(running: asyncio.Task[None], *events: asyncio.Event, at_most: timedelta | None = None) -> None:
    """Wait until `running` is over, one of the events is set, or `at_most` has passed."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(
            [running, *waits],
            timeout=at_most.total_seconds() if at_most else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
    finally:
        for wait in waits:
            wait.cancel()


async def _cut_off(running: asyncio.Task[None]) -> None:
    """End `running`: the first cancellation ends its loops, further ones the jobs it then still waits for."""
    for _ in range(_ROUNDS_TO_CUT_OFF):
        if running.done():
            return
        running.cancel()
        await asyncio.wait([running], timeout=1)
    if not running.done():
        raise RuntimeError("A job does not let itself be interrupted; end this process")


async def _nothing(_: object) -> None:
    return None
