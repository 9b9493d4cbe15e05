"""A database with nothing but the queue for each test, a connection as the product has it, and workers on it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
import pytest
import structlog

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.job_queue import JobHandlers
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_schema import install
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker, WorkerLimits
from leadsail.foundation.logs import Logger

Working = Callable[..., AbstractAsyncContextManager[None]]
Until = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]

_numbers = itertools.count()


@pytest.fixture
async def database(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """The name of an empty database that belongs to the owner role."""
    name = f"queue_{next(_numbers)}"
    superuser = await asyncpg.connect(server.url("postgres", "postgres"))
    await superuser.execute(f"create database {name} owner leadsail_owner")
    yield name
    await superuser.execute(f"drop database {name} with (force)")
    await superuser.close()


@pytest.fixture
async def owner(server: EmbeddedPostgres, database: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of the owner role, which is no superuser."""
    connection = await asyncpg.connect(server.url("leadsail_owner", database))
    yield connection
    await connection.close()


@pytest.fixture
async def url(
    server: EmbeddedPostgres, database: str, owner: "asyncpg.Connection[asyncpg.Record]"
) -> str:
    """The address of a database with the queue installed, as the application's role."""
    await install(owner)
    return server.url("leadsail_app", database)


@pytest.fixture
async def connection(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of the application's role."""
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture
def queue() -> PgQueuerQueue:
    """The queue under test."""
    return PgQueuerQueue()


@pytest.fixture
def logger() -> Logger:
    """A logger that keeps what it is given, in `logger._logger.calls`."""
    quiet: Logger = structlog.wrap_logger(structlog.testing.CapturingLogger(), processors=[])
    return quiet


@pytest.fixture
def working(url: str, logger: Logger) -> Working:
    """`async with working(handlers, **limits)` has a worker at work, and stops it in order at the end."""

    @asynccontextmanager
    async def work(handlers: JobHandlers, **limits: object) -> AsyncIterator[None]:
        stop = asyncio.Event()
        worker = PgQueuerWorker(url, logger, limits=WorkerLimits(**limits))  # type: ignore[arg-type]
        run = asyncio.create_task(worker.run(handlers, stop))
        try:
            yield
        finally:
            stop.set()
            await run

    return work


@pytest.fixture
def until() -> Until:
    """Wait for a condition, with a deadline."""

    async def wait(condition: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(30):
            while not await condition():
                await asyncio.sleep(0.02)

    return wait
