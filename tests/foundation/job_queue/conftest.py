"""A database with nothing but the queue for each test, a connection as the product has it, and workers on it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import asyncpg
import pytest
import structlog

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.job_queue import JobHandlers
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_schema import install
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker, WorkerLimits
from leadsail.foundation.logs import Logger

Working: TypeAlias = Callable[..., AbstractAsyncContextManager[None]]
Until: TypeAlias = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def fresh_database(server: EmbeddedPostgres, name: str) -> AsyncIterator[str]:
    """An empty database that belongs to the owner role."""
    superuser = await asyncpg.connect(server.url("postgres", "postgres"))
    await superuser.execute(f"create database {name} owner leadsail_owner")
    yield name
    await superuser.execute(f"drop database {name} with (force)")
    await superuser.close()


@pytest.fixture
async def empty_database(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """The name of a database without anything in it."""
    async with fresh_database(server, "without_queue") as name:
        yield name


@pytest.fixture(scope="session")
async def database(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """The name of a database with nothing but the queue."""
    async with fresh_database(server, "with_queue") as name:
        owner = await asyncpg.connect(server.url("leadsail_owner", name))
        await install(owner)
        await owner.close()
        yield name


@pytest.fixture
async def url(server: EmbeddedPostgres, database: str) -> str:
    """The address of the database with an empty queue, as the application's role."""
    owner = await asyncpg.connect(server.url("leadsail_owner", database))
    await owner.execute("truncate queue.pgqueuer, queue.pgqueuer_log, queue.pgqueuer_schedules")
    await owner.close()
    return server.url("leadsail_app", database)


@pytest.fixture
async def connection(url: str) -> AsyncIterator[Connection]:
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
    keeps_all = structlog.make_filtering_bound_logger(logging.DEBUG)
    quiet: Logger = structlog.wrap_logger(structlog.testing.CapturingLogger(), processors=[], wrapper_class=keeps_all)
    return quiet


@pytest.fixture
def working(url: str, logger: Logger) -> Working:
    """A context in which a worker with the given handlers and limits is at work; at its end it stops in order."""

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
            while not await condition():  # noqa: ASYNC110 - the condition is in the database
                await asyncio.sleep(0.02)

    return wait
