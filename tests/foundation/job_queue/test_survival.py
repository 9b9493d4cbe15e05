"""What is left of the queue when a worker or the database is killed in the middle of the work."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.job_queue import Job, JobHandlers, JobSpec, NewJob, WorkerLostError
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_schema import install
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker, WorkerLimits
from leadsail.foundation.logs import Logger

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Until: TypeAlias = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]

PROGRAM = Path(__file__).with_name("worker_process.py")
QUICK = WorkerLimits(heartbeat_timeout=timedelta(seconds=1), poll=timedelta(seconds=0.2))


@asynccontextmanager
async def worker_process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own, killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(sys.executable, str(PROGRAM), url)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def done(server: EmbeddedPostgres, database: str) -> AsyncIterator[None]:
    """The table that the worker process writes to."""
    owner = await asyncpg.connect(server.url("leadsail_owner", database))
    await owner.execute("create table done (job_id bigint, attempt int); grant all on done to leadsail_app")
    yield
    await owner.execute("drop table done")
    await owner.close()


@pytest.fixture
async def own_server(open_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server that the test may kill, with the queue installed."""
    server = EmbeddedPostgres(open_folder / "mortal")
    await server.start()
    owner = await asyncpg.connect(server.url("leadsail_owner"))
    await install(owner)
    await owner.close()
    yield server
    await server.stop()


@pytest.mark.usefixtures("done")
class TestAKilledWorker:
    async def test_another_worker_does_all_that_is_left(
        self, url: str, connection: Connection, queue: PgQueuerQueue, until: Until
    ) -> None:
        ids = await queue.enqueue_many(connection, [NewJob("work")] * 200)

        async def some_are_done() -> bool:
            count: int = await connection.fetchval("select count(*) from done")
            return count >= 60

        async def none_is_left() -> bool:
            count: int = await connection.fetchval("select count(*) from queue.pgqueuer")
            return count == 0

        async with worker_process(url) as first:
            await until(some_are_done)
            first.kill()
            await first.wait()
        cut_off = await connection.fetchval("select count(*) from queue.pgqueuer where status = 'picked'")
        async with worker_process(url):
            await until(none_is_left)

        rows = await connection.fetch("select distinct job_id from done order by job_id")
        assert cut_off > 0
        assert [row["job_id"] for row in rows] == ids

    async def test_a_job_that_kills_its_workers_is_held_in_the_end(
        self, url: str, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        await queue.enqueue(connection, NewJob("deadly"))

        async with asyncio.timeout(60):
            while not (await queue.stats(connection)).held:
                async with worker_process(url) as worker:
                    ended = asyncio.create_task(worker.wait())
                    while not ended.done() and not (await queue.stats(connection)).held:
                        await asyncio.wait([ended], timeout=0.05)

        (letter,) = await queue.dead_letters(connection)
        assert (letter.name, letter.error) == ("deadly", "given up after 5 starts, each cut off or failed")


class TestALostDatabase:
    async def test_the_worker_ends_and_a_fresh_one_finishes(
        self, own_server: EmbeddedPostgres, logger: Logger, queue: PgQueuerQueue, until: Until
    ) -> None:
        started = asyncio.Event()
        finished: list[int] = []
        stuck = asyncio.Event()

        async def first_time(_: Job) -> None:
            started.set()
            await stuck.wait()

        async def second_time(job: Job) -> None:
            finished.append(job.id)

        connection = await asyncpg.connect(own_server.url())
        ids = await queue.enqueue_many(connection, [NewJob("work")] * 20)
        worker = PgQueuerWorker(own_server.url(), logger, limits=QUICK)
        run = asyncio.create_task(worker.run(JobHandlers([JobSpec("work", first_time)]), asyncio.Event()))
        async with asyncio.timeout(30):
            await started.wait()
        assert own_server.process is not None

        own_server.process.kill()

        async with asyncio.timeout(30):
            with pytest.raises(WorkerLostError):
                await run
        await own_server.wait()
        await own_server.start()
        stop = asyncio.Event()
        run = asyncio.create_task(worker.run(JobHandlers([JobSpec("work", second_time)]), stop))
        connection = await asyncpg.connect(own_server.url())

        async def none_is_left() -> bool:
            count: int = await connection.fetchval("select count(*) from queue.pgqueuer")
            return count == 0

        await until(none_is_left)
        stop.set()
        await run
        await connection.close()
        assert sorted(finished) == ids

    async def test_a_worker_that_finds_no_database_says_so(self, open_folder: Path, logger: Logger) -> None:
        worker = PgQueuerWorker(f"postgresql://leadsail_app@/leadsail?host={open_folder}", logger)

        with pytest.raises(WorkerLostError, match="start a new one"):
            await worker.run(JobHandlers(), asyncio.Event())

    async def test_a_worker_whose_connection_is_cut_ends(
        self, url: str, database: str, server: EmbeddedPostgres, logger: Logger, until: Until
    ) -> None:
        run = asyncio.create_task(PgQueuerWorker(url, logger).run(JobHandlers(), asyncio.Event()))
        superuser = await asyncpg.connect(server.url("postgres", database))

        async def cut() -> bool:
            cut: int = await superuser.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'leadsail worker' and datname = current_database()"
            )
            return cut > 0

        await until(cut)

        with pytest.raises(WorkerLostError):
            await run
        await superuser.close()
