import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TypeAlias

import asyncpg
import pytest

from leadsail.foundation.job_queue import Job, JobHandlers, JobSpec, NameStats, NewJob
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Working: TypeAlias = Callable[..., AbstractAsyncContextManager[None]]

HOUR = timedelta(hours=1)


async def names(connection: Connection) -> list[str]:
    """The names of all jobs in the order in which they were added."""
    return [row["entrypoint"] for row in await connection.fetch("select entrypoint from queue.pgqueuer order by id")]


async def pick(connection: Connection, job_id: int) -> None:
    """What a worker does first, without a worker."""
    await connection.execute("update queue.pgqueuer set status = 'picked' where id = $1", job_id)


async def hold(connection: Connection, job_id: int) -> None:
    """What a worker does last when nothing helps."""
    await connection.execute("update queue.pgqueuer set status = 'failed' where id = $1", job_id)


class TestEnqueueing:
    async def test_a_job_is_rolled_back_with_its_fact(self, connection: Connection, queue: PgQueuerQueue) -> None:
        async with connection.transaction():
            await queue.enqueue(connection, NewJob("kept"))
        transaction = connection.transaction()
        await transaction.start()
        await queue.enqueue(connection, NewJob("undone"))
        await transaction.rollback()

        assert await names(connection) == ["kept"]

    async def test_each_of_many_gets_its_id(self, connection: Connection, queue: PgQueuerQueue) -> None:
        jobs = [NewJob("seal", {"n": 0}), NewJob("call", {"n": 1}, key="a"), NewJob("seal", {"n": 2})]

        ids = await queue.enqueue_many(connection, jobs)

        stored = await connection.fetch("select id, payload from queue.pgqueuer")
        assert {row["id"]: json.loads(row["payload"])["n"] for row in stored} == {ids[0]: 0, ids[1]: 1, ids[2]: 2}

    async def test_none_of_many_is_nothing(self, connection: Connection, queue: PgQueuerQueue) -> None:
        assert await queue.enqueue_many(connection, []) == []

    async def test_a_connection_that_reads_json_itself_serves_as_well(
        self, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        """The product's pool translates jsonb, which must not reach into the queue's columns."""
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)

        await queue.enqueue(connection, NewJob("seal", {"id": "int_1"}))

        row = await connection.fetchrow("select payload, headers from queue.pgqueuer")
        assert row is not None
        assert (row["payload"], row["headers"]) == (b'{"id":"int_1"}', None)

    async def test_a_payload_that_is_not_json_is_refused(self, connection: Connection, queue: PgQueuerQueue) -> None:
        with pytest.raises(TypeError):
            await queue.enqueue(connection, NewJob("seal", {"when": object()}))  # type: ignore[dict-item]


class TestKeys:
    async def test_a_waiting_job_of_the_same_key_is_joined(self, connection: Connection, queue: PgQueuerQueue) -> None:
        first = await queue.enqueue(connection, NewJob("seal", {"n": 1}, key="int_1"))

        second = await queue.enqueue(connection, NewJob("seal", {"n": 2}, key="int_1", priority=5))

        rows = await connection.fetch("select id, priority, payload from queue.pgqueuer")
        assert second == first
        assert [tuple(row) for row in rows] == [(first, 5, b'{"n":1}')]

    async def test_the_same_key_under_another_name_is_another_job(
        self, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        await queue.enqueue(connection, NewJob("seal", key="int_1"))
        await queue.enqueue(connection, NewJob("deliver", key="int_1"))

        assert await names(connection) == ["seal", "deliver"]

    async def test_one_call_may_name_a_key_twice(self, connection: Connection, queue: PgQueuerQueue) -> None:
        first, other, again = await queue.enqueue_many(
            connection, [NewJob("seal", {"n": 1}, key="b"), NewJob("seal", key="a"), NewJob("seal", {"n": 2}, key="b")]
        )

        assert first == again != other
        assert await connection.fetchval("select payload from queue.pgqueuer where id = $1", first) == b'{"n":1}'

    async def test_a_started_job_frees_its_key(self, connection: Connection, queue: PgQueuerQueue) -> None:
        """What changes while the job runs would be missed if the running job stood for it."""
        started = await queue.enqueue(connection, NewJob("seal", key="int_1"))
        await pick(connection, started)

        waiting = await queue.enqueue(connection, NewJob("seal", key="int_1"))

        assert waiting != started

    async def test_a_job_that_waits_again_takes_its_key_back(
        self, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        job_id = await queue.enqueue(connection, NewJob("seal", key="int_1"))
        await pick(connection, job_id)
        await connection.execute("update queue.pgqueuer set status = 'queued'")

        assert await queue.enqueue(connection, NewJob("seal", key="int_1")) == job_id

    async def test_a_key_taken_meanwhile_stays_with_its_new_job(
        self, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        older = await queue.enqueue(connection, NewJob("seal", key="int_1"))
        await pick(connection, older)
        newer = await queue.enqueue(connection, NewJob("seal", key="int_1"))
        await connection.execute("update queue.pgqueuer set status = 'queued' where id = $1", older)

        assert await queue.enqueue(connection, NewJob("seal", key="int_1")) == newer

    async def test_a_joined_job_does_not_start_before_the_commit(
        self, url: str, connection: Connection, queue: PgQueuerQueue, working: Working
    ) -> None:
        """It could otherwise run before the change it was joined for is visible, and nobody would run it again."""
        seen: list[str] = []
        started = {"seal": asyncio.Event(), "other": asyncio.Event()}

        async def see(job: Job) -> None:
            seen.append(job.name)
            started[job.name].set()

        handlers = JobHandlers([JobSpec("seal", see), JobSpec("other", see)])
        await queue.enqueue(connection, NewJob("seal", key="int_1", priority=9))
        writer = await asyncpg.connect(url)
        async with writer.transaction():
            await queue.enqueue(writer, NewJob("seal", key="int_1"))
            async with working(handlers), asyncio.timeout(30):
                await queue.enqueue(connection, NewJob("other"))
                await started["other"].wait()
        async with working(handlers), asyncio.timeout(30):
            await started["seal"].wait()
        await writer.close()

        assert seen == ["other", "seal"]


class TestCancelling:
    async def test_waiting_and_held_jobs_are_removed(self, connection: Connection, queue: PgQueuerQueue) -> None:
        waiting = await queue.enqueue(connection, NewJob("call", after=HOUR))
        held = await queue.enqueue(connection, NewJob("seal"))
        await hold(connection, held)

        canceled = await queue.cancel(connection, [waiting, held, waiting])

        assert sorted(canceled) == [waiting, held]
        assert await names(connection) == []

    async def test_a_running_job_runs_on(self, connection: Connection, queue: PgQueuerQueue) -> None:
        running = await queue.enqueue(connection, NewJob("call"))
        await pick(connection, running)

        assert await queue.cancel(connection, [running]) == []
        assert await names(connection) == ["call"]

    async def test_a_rollback_brings_the_job_back(self, connection: Connection, queue: PgQueuerQueue) -> None:
        job_id = await queue.enqueue(connection, NewJob("call"))
        transaction = connection.transaction()
        await transaction.start()
        await queue.cancel(connection, [job_id])
        await transaction.rollback()

        assert await names(connection) == ["call"]


class TestDeadLetters:
    async def test_a_requeued_one_is_as_if_never_tried(self, connection: Connection, queue: PgQueuerQueue) -> None:
        job_id = await queue.enqueue(connection, NewJob("seal", after=HOUR))
        await connection.execute("update queue.pgqueuer set status = 'failed', attempts = 4")

        assert await queue.requeue(connection, [job_id]) == [job_id]

        row = await connection.fetchrow("select status, attempts, execute_after <= now() as due from queue.pgqueuer")
        assert row is not None
        assert tuple(row) == ("queued", 0, True)

    async def test_only_held_jobs_are_requeued(self, connection: Connection, queue: PgQueuerQueue) -> None:
        waiting = await queue.enqueue(connection, NewJob("seal", after=HOUR))

        assert await queue.requeue(connection, [waiting]) == []

    async def test_two_of_one_key_are_requeued_together(self, connection: Connection, queue: PgQueuerQueue) -> None:
        ids = []
        for _ in range(2):
            ids.append(await queue.enqueue(connection, NewJob("seal", key="int_1")))
            await pick(connection, ids[-1])
            await hold(connection, ids[-1])

        assert sorted(await queue.requeue(connection, ids)) == ids

    async def test_one_with_an_unreadable_payload_is_listed(self, connection: Connection, queue: PgQueuerQueue) -> None:
        job_id = await queue.enqueue(connection, NewJob("seal"))
        await connection.execute("update queue.pgqueuer set status = 'failed', payload = 'not json'")

        (letter,) = await queue.dead_letters(connection)

        assert (letter.id, letter.payload, letter.attempts) == (job_id, {}, 0)

    async def test_the_latest_come_first_and_no_more_than_asked_for(
        self, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        ids = await queue.enqueue_many(connection, [NewJob("seal")] * 3)
        for place, job_id in enumerate(ids):
            await connection.execute(
                "update queue.pgqueuer set status = 'failed', updated = now() + $2 * interval '1 s' where id = $1",
                job_id,
                place,
            )

        letters = await queue.dead_letters(connection, limit=2)

        assert [letter.id for letter in letters] == [ids[2], ids[1]]


class TestStats:
    async def test_each_name_is_counted_by_state(self, connection: Connection, queue: PgQueuerQueue) -> None:
        ids = await queue.enqueue_many(connection, [NewJob("seal", after=HOUR)] * 4 + [NewJob("call", after=HOUR)])
        await pick(connection, ids[0])
        await hold(connection, ids[1])

        stats = await queue.stats(connection)

        assert stats.names == (NameStats("call", 1, 0, 0, 0.0), NameStats("seal", 2, 1, 1, 0.0))
        assert (stats.held, stats.oldest_due_seconds) == (1, 0.0)

    async def test_the_oldest_due_job_tells_how_late_the_queue_is(
        self, connection: Connection, queue: PgQueuerQueue
    ) -> None:
        await queue.enqueue_many(connection, [NewJob("call"), NewJob("call", after=-HOUR), NewJob("seal", after=HOUR)])

        stats = await queue.stats(connection)

        assert stats.oldest_due_seconds >= HOUR.total_seconds()

    async def test_an_empty_queue_is_not_late(self, connection: Connection, queue: PgQueuerQueue) -> None:
        stats = await queue.stats(connection)

        assert (stats.names, stats.held, stats.oldest_due_seconds) == ((), 0, 0.0)
