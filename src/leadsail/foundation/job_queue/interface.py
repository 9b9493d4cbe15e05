"""The queue as the rest of the platform sees it. Who implements it is decided in the entrypoints."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from leadsail.foundation.job_queue.handlers import JobHandlers
from leadsail.foundation.job_queue.jobs import DeadLetter, JobId, NewJob, QueueStats

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"


class WorkerLostError(ConnectionError):
    """A worker's database went away; start a new worker, which waits for nothing but the database."""


class JobQueue(Protocol):
    """Every method works on the caller's connection and inside the caller's transaction, if there is one.

    What the transaction rolls back was never enqueued, cancelled or requeued.
    """

    async def enqueue(self, connection: Connection, job: NewJob) -> JobId:
        """Add `job`; its id, or that of the waiting job with the same name and key.

        A waiting job that is joined like this keeps its payload and its time, takes the higher priority, and
        is not started before the caller's transaction ends: it will see everything this transaction writes.
        """
        ...

    async def enqueue_many(self, connection: Connection, jobs: Sequence[NewJob]) -> list[JobId]:
        """As `enqueue` for all `jobs` in one round trip; one id for each, in the same order."""
        ...

    async def cancel(self, connection: Connection, ids: Iterable[JobId]) -> list[JobId]:
        """Remove the jobs that wait or are held; their ids. A running one is not among them and runs on."""
        ...

    async def requeue(self, connection: Connection, ids: Iterable[JobId]) -> list[JobId]:
        """Queue dead letters again, as if never tried; the ids of those that were held."""
        ...

    async def stats(self, connection: Connection) -> QueueStats:
        """What waits, runs and is held, for each job name."""
        ...

    async def dead_letters(self, connection: Connection, limit: int = 100) -> list[DeadLetter]:
        """The held jobs, the latest first."""
        ...


class JobWorker(Protocol):
    """One process's share of the work; any number of them serve one database."""

    async def run(self, handlers: JobHandlers, stop: asyncio.Event) -> None:
        """Do due jobs until `stop` is set, then finish or hand back what is running, and return.

        Raises `WorkerLostError` when the database goes away. Any other exception also means: start a new one.
        """
        ...
