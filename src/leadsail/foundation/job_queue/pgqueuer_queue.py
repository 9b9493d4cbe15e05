"""The queue's methods as plain SQL on PgQueuer's tables, each a single statement on the caller's connection.

PgQueuer's own methods are made for connections that it owns, and lock, log or answer too little.
"""

from collections.abc import Iterable, Sequence

import asyncpg
from pydantic import JsonValue

from leadsail.foundation.job_queue.interface import Connection
from leadsail.foundation.job_queue.jobs import (
    BadPayloadError,
    DeadLetter,
    JobId,
    NameStats,
    NewJob,
    QueueStats,
)
from leadsail.foundation.job_queue.payload import pack, unpack

# Joining a waiting job locks its row until the caller's transaction ends, and no worker picks a locked row:
# the job will see what the caller writes. To do nothing would lose the wake-up if it is picked in between.
_ENQUEUE = """
insert into queue.pgqueuer as job (priority, entrypoint, payload, execute_after, dedupe_key, status)
select priority, name, payload, now() + after, key, 'queued'
from unnest($1::int[], $2::text[], $3::bytea[], $4::interval[], $5::text[])
    with ordinality as new (priority, name, payload, after, key, place)
order by place
on conflict (dedupe_key) where status in ('queued', 'picked') and dedupe_key is not null
do update set priority = greatest(job.priority, excluded.priority)
returning id
"""

_CANCEL = "delete from queue.pgqueuer where id = any($1::bigint[]) and status in ('queued', 'failed') returning id"

_REQUEUE = """
update queue.pgqueuer set status = 'queued', execute_after = now(), updated = now(), attempts = 0
where id = any($1::bigint[]) and status = 'failed'
returning id
"""

_STATS = """
select entrypoint as name,
    count(*) filter (where status = 'queued') as queued,
    count(*) filter (where status = 'picked') as running,
    count(*) filter (where status = 'failed') as held,
    extract(epoch from now() - least(
        min(execute_after) filter (where status = 'queued'), now()
    ))::float8 as oldest_due_seconds
from queue.pgqueuer group by entrypoint order by entrypoint
"""

_DEAD_LETTERS = """
select job.id, job.entrypoint, job.payload, job.updated, history.starts, history.errors
from queue.pgqueuer job
cross join lateral (
    select count(*) filter (where status = 'picked') as starts,
        array_agg(traceback ->> 'exception_message' order by id) filter (where status = 'failed') as errors
    from queue.pgqueuer_log where job_id = job.id
) history
where job.status = 'failed'
order by job.updated desc, job.id desc
limit $1
"""


class PgQueuerQueue:
    """The platform's `JobQueue`. It holds nothing: all state is in the database."""

    async def enqueue(self, connection: Connection, job: NewJob) -> JobId:
        """See `JobQueue`."""
        return (await self.enqueue_many(connection, [job]))[0]

    async def enqueue_many(self, connection: Connection, jobs: Sequence[NewJob]) -> list[JobId]:
        """See `JobQueue`."""
        identities = [_identity(job, place) for place, job in enumerate(jobs)]
        # A statement cannot join one waiting job twice, so each identity is sent once. The order is fixed:
        # callers that lock the same rows in different orders would wait for each other.
        distinct = dict(sorted(dict(zip(reversed(identities), reversed(jobs), strict=True)).items()))
        new = list(distinct.values())
        rows = await connection.fetch(
            _ENQUEUE,
            [job.priority for job in new],
            [job.name for job in new],
            [pack(job.payload) for job in new],
            [job.after for job in new],
            [_dedupe_key(job) for job in new],
        )
        ids = dict(zip(distinct, _ids(rows), strict=True))
        return [ids[identity] for identity in identities]

    async def cancel(self, connection: Connection, ids: Iterable[JobId]) -> list[JobId]:
        """See `JobQueue`."""
        return _ids(await connection.fetch(_CANCEL, list(ids)))

    async def requeue(self, connection: Connection, ids: Iterable[JobId]) -> list[JobId]:
        """See `JobQueue`."""
        return _ids(await connection.fetch(_REQUEUE, list(ids)))

    async def stats(self, connection: Connection) -> QueueStats:
        """See `JobQueue`."""
        return QueueStats(tuple(NameStats(**row) for row in await connection.fetch(_STATS)))

    async def dead_letters(self, connection: Connection, limit: int = 100) -> list[DeadLetter]:
        """See `JobQueue`."""
        return [_dead_letter(row) for row in await connection.fetch(_DEAD_LETTERS, limit)]


def _dedupe_key(job: NewJob) -> str | None:
    """PgQueuer's key is unique over all names, ours within one."""
    return None if job.key is None else f"{job.name}:{job.key}"


def _identity(job: NewJob, place: int) -> tuple[str, int]:
    """Equal for two jobs exactly if they are the same work: unkeyed jobs never are, whatever their place."""
    key = _dedupe_key(job)
    return ("", place) if key is None else (key, 0)


def _ids(rows: Sequence[asyncpg.Record]) -> list[JobId]:
    return [JobId(row["id"]) for row in rows]


def _dead_letter(row: asyncpg.Record) -> DeadLetter:
    return DeadLetter(
        id=JobId(row["id"]),
        name=row["entrypoint"],
        payload=_readable(row["payload"]),
        attempts=row["starts"],
        error=(row["errors"] or ["no record of the failure"])[-1],
        held_since=row["updated"],
    )


def _readable(stored: bytes | None) -> dict[str, JsonValue]:
    """A payload that cannot be read is often why the job is held, and must not hide it."""
    try:
        return unpack(stored)
    except BadPayloadError:
        return {}
