import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, TypeAlias

import asyncpg
import pytest

from leadsail.foundation.job_queue import Job, JobHandlers, JobSpec, NewJob, RetryPolicy, every
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Working: TypeAlias = Callable[..., AbstractAsyncContextManager[None]]
Until: TypeAlias = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]

SECOND = timedelta(seconds=1)
SOON = timedelta(seconds=0.1)
AT_ONCE = RetryPolicy(max_attempts=3, first_delay=timedelta(0))
PHONE = "+14155550123"


class Recorder:
    """A handler that keeps the jobs it was given, and fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.jobs: list[Job] = []
        self._failures = list(failures)

    async def __call__(self, job: Job) -> None:
        self.jobs.append(job)
        if self._failures:
            raise self._failures.pop(0)


def seal_with(handler: Callable[[Job], Awaitable[None]], **spec: Any) -> JobHandlers:
    """Handlers for jobs of the name `seal` alone."""
    return JobHandlers([JobSpec("seal", handler, **spec)])


@pytest.fixture
def empty(connection: Connection, until: Until) -> Callable[[], Awaitable[None]]:
    """Wait until no job is left."""

    async def condition() -> bool:
        left: int = await connection.fetchval("select count(*) from queue.pgqueuer")
        return left == 0

    return lambda: until(condition)


@pytest.fixture
def held(connection: Connection, queue: PgQueuerQueue, until: Until) -> Callable[[], Awaitable[None]]:
    """Wait until one job is held."""

    async def condition() -> bool:
        return (await queue.stats(connection)).held == 1

    return lambda: until(condition)


Wait: TypeAlias = Callable[[], Awaitable[None]]


class TestDoingJobs:
    async def test_a_handler_is_given_what_was_enqueued(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        handler = Recorder()
        job_id = await queue.enqueue(connection, NewJob("seal", {"interaction_id": "int_1"}))

        async with working(seal_with(handler)):
            await empty()

        assert handler.jobs == [Job(job_id, "seal", {"interaction_id": "int_1"}, attempt=1)]

    async def test_a_job_added_later_is_done_too(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        handler = Recorder()

        async with working(seal_with(handler), poll=timedelta(hours=1)):
            for n in range(2):
                await queue.enqueue(connection, NewJob("seal", {"n": n}))
                await empty()

        assert [job.payload for job in handler.jobs] == [{"n": 0}, {"n": 1}]

    async def test_a_job_waits_until_it_is_due(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        handler = Recorder()
        await queue.enqueue(connection, NewJob("seal", {"n": "late"}, after=SECOND))
        await queue.enqueue(connection, NewJob("seal", {"n": "now"}))

        async with working(seal_with(handler)):
            await empty()

        assert [job.payload["n"] for job in handler.jobs] == ["now", "late"]

    async def test_a_higher_priority_goes_first(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        handler = Recorder()
        await queue.enqueue_many(connection, [NewJob("seal", priority=n) for n in (0, 2, 1)])
        before = await connection.fetch("select id from queue.pgqueuer order by priority desc")

        async with working(seal_with(handler, concurrency=1)):
            await empty()

        assert [job.id for job in handler.jobs] == [row["id"] for row in before]

    async def test_two_workers_share_jobs_and_do_none_twice(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        first, second = Recorder(), Recorder()
        ids = await queue.enqueue_many(connection, [NewJob("seal")] * 300)

        async with working(seal_with(first)), working(seal_with(second)):
            await empty()

        assert sorted(job.id for job in first.jobs + second.jobs) == ids

    async def test_concurrency_is_bounded_over_all_workers(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        at_once, most = 0, 0

        async def count(_: Job) -> None:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.02)
            at_once -= 1

        await queue.enqueue_many(connection, [NewJob("seal")] * 20)

        async with working(seal_with(count, concurrency=3)), working(seal_with(count, concurrency=3)):
            await empty()

        assert 1 <= most <= 3


class TestFailing:
    async def test_a_failed_job_is_tried_again(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        handler = Recorder(ValueError(), ValueError())
        await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(handler, retry=AT_ONCE), poll=SOON):
            await empty()

        assert [job.attempt for job in handler.jobs] == [1, 2, 3]

    async def test_the_wait_in_between_is_kept_in_the_database(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, until: Until
    ) -> None:
        await queue.enqueue(connection, NewJob("seal"))
        retry = RetryPolicy(first_delay=timedelta(hours=2), max_delay=timedelta(hours=9))

        async def tried() -> bool:
            attempts: int = await connection.fetchval("select attempts from queue.pgqueuer")
            return attempts == 1

        async with working(seal_with(Recorder(ValueError()), retry=retry)):
            await until(tried)

        delay = await connection.fetchval("select execute_after - updated from queue.pgqueuer")
        assert delay == timedelta(hours=2)

    async def test_after_the_last_attempt_it_is_held(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait
    ) -> None:
        failures = [ValueError(PHONE) for _ in range(3)]
        job_id = await queue.enqueue(connection, NewJob("seal", {"interaction_id": "int_1"}))

        async with working(seal_with(Recorder(*failures), retry=AT_ONCE), poll=SOON):
            await held()

        (letter,) = await queue.dead_letters(connection)
        assert (letter.id, letter.name, letter.attempts) == (job_id, "seal", 3)
        assert letter.payload == {"interaction_id": "int_1"}
        assert letter.error.startswith("ValueError < test_pgqueuer_worker.py:")

    async def test_a_requeued_dead_letter_is_done(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait, empty: Wait
    ) -> None:
        handler = Recorder(ValueError())
        job_id = await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(handler, retry=RetryPolicy(max_attempts=1)), poll=SOON):
            await held()
            await queue.requeue(connection, [job_id])
            await empty()

        assert [job.attempt for job in handler.jobs] == [1, 1]

    async def test_an_error_that_time_cannot_mend_is_held_at_once(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait
    ) -> None:
        class GoneError(Exception):
            retryable = False

        handler = Recorder(GoneError())
        await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(handler)):
            await held()

        assert len(handler.jobs) == 1

    @pytest.mark.parametrize("poison", [b"not json", b"[1]", b"\xff", None])
    async def test_poison_is_held_and_the_others_are_done(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait, poison: bytes | None
    ) -> None:
        handler = Recorder()
        ids = await queue.enqueue_many(connection, [NewJob("seal")] * 3)
        await connection.execute("update queue.pgqueuer set payload = $2 where id = $1", ids[0], poison)

        async with working(seal_with(handler)):
            await held()

        assert [job.id for job in handler.jobs] == ids[1:]

    async def test_a_hanging_handler_is_ended(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait
    ) -> None:
        async def hang(_: Job) -> None:
            await asyncio.Event().wait()

        await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(hang, time_limit=SOON, retry=RetryPolicy(max_attempts=1))):
            await held()

        (letter,) = await queue.dead_letters(connection)
        assert letter.error.startswith("TimeoutError")

    async def test_a_handler_that_cancels_itself_is_tried_again_and_then_held(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait
    ) -> None:
        async def cancel(_: Job) -> None:
            raise asyncio.CancelledError

        await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(cancel, retry=AT_ONCE), poll=SOON):
            await held()

        (letter,) = await queue.dead_letters(connection)
        assert letter.attempts == 3

    async def test_a_name_without_a_handler_is_held(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait
    ) -> None:
        await queue.enqueue_many(connection, [NewJob("unheard of"), NewJob("seal", after=timedelta(hours=1))])

        async with working(seal_with(Recorder()), unknown_after=timedelta(0), housekeeping=SECOND):
            await held()

        (letter,) = await queue.dead_letters(connection)
        assert (letter.name, letter.error) == ("unheard of", "no worker has a handler of this name")

    async def test_what_a_handler_says_is_neither_logged_nor_stored(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, held: Wait, logger: Any,
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        """Messages quote what they are about, such as a lead's phone number."""
        await queue.enqueue(connection, NewJob("seal", {"phone": PHONE}))

        async with working(seal_with(Recorder(ValueError(PHONE), ValueError(PHONE), ValueError(PHONE)), retry=AT_ONCE)):
            await held()

        stored = await connection.fetch("select traceback::text from queue.pgqueuer_log where traceback is not null")
        lines = [call.kwargs | {"exc": None} for call in logger._logger.calls]
        assert len(stored) == len(lines) == 3
        assert PHONE not in f"{stored} {lines} {caplog.text}"


class TestStopping:
    async def test_running_jobs_are_finished_first(
        self, connection: Connection, queue: PgQueuerQueue, working: Working
    ) -> None:
        started, finished = asyncio.Event(), asyncio.Event()

        async def work(_: Job) -> None:
            started.set()
            await asyncio.sleep(1.5)
            finished.set()

        await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(work)), asyncio.timeout(30):
            await started.wait()

        assert finished.is_set()
        assert await connection.fetchval("select count(*) from queue.pgqueuer") == 0

    async def test_a_job_that_takes_too_long_waits_for_another_worker(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, empty: Wait
    ) -> None:
        started = asyncio.Event()

        async def endless(_: Job) -> None:
            started.set()
            await asyncio.Event().wait()

        after, once = Recorder(), RetryPolicy(max_attempts=1)
        await queue.enqueue(connection, NewJob("seal"))

        async with working(seal_with(endless, retry=once), grace=SOON), asyncio.timeout(30):
            await started.wait()
        async with working(seal_with(after)):
            await empty()

        assert [job.attempt for job in after.jobs] == [2]

    async def test_a_cancelled_worker_hands_its_job_back(
        self, url: str, connection: Connection, queue: PgQueuerQueue, logger: Any
    ) -> None:
        started = asyncio.Event()

        async def endless(_: Job) -> None:
            started.set()
            await asyncio.Event().wait()

        await queue.enqueue(connection, NewJob("seal"))
        run = asyncio.create_task(PgQueuerWorker(url, logger).run(seal_with(endless), asyncio.Event()))
        async with asyncio.timeout(30):
            await started.wait()

        run.cancel()

        with pytest.raises(asyncio.CancelledError):
            await run
        assert await connection.fetchval("select status::text from queue.pgqueuer") == "queued"

    async def test_a_worker_without_work_stops_too(self, working: Working) -> None:
        async with working(JobHandlers()):
            pass


class TestPeriodicWork:
    async def test_one_of_many_workers_does_each_tick(self, url: str, working: Working) -> None:
        """While a tick is being done the calendar shows the next one, so the same entry twice is a tick done twice."""
        next_ones = []
        enough = asyncio.Event()

        async def tick() -> None:
            connection = await asyncpg.connect(url)
            next_ones.append(
                await connection.fetchval("select next_run from queue.pgqueuer_schedules where entrypoint = 'tick'")
            )
            await connection.close()
            if len(next_ones) >= 3:
                enough.set()

        handlers = JobHandlers(periodic=[every("tick", SECOND, tick)])
        async with working(handlers), working(handlers), working(handlers), asyncio.timeout(30):
            await enough.wait()

        assert len(set(next_ones)) == len(next_ones)

    async def test_a_tick_that_fails_is_followed_by_the_next(self, working: Working) -> None:
        ticks: list[int] = []
        again = asyncio.Event()

        async def tick() -> None:
            ticks.append(1)
            if len(ticks) == 2:
                again.set()
            raise ValueError

        async with working(JobHandlers(periodic=[every("tick", SECOND, tick)])), asyncio.timeout(30):
            await again.wait()

        assert len(ticks) >= 2


class TestHousekeeping:
    async def test_the_log_of_finished_jobs_goes_and_of_held_ones_stays(
        self, connection: Connection, queue: PgQueuerQueue, working: Working, until: Until
    ) -> None:
        ids = await queue.enqueue_many(connection, [NewJob("seal"), NewJob("seal")])

        async def one_fails(job: Job) -> None:
            if job.id == ids[0]:
                raise ValueError

        async def trimmed() -> bool:
            logged = await connection.fetch("select distinct job_id from queue.pgqueuer_log")
            return [row["job_id"] for row in logged] == ids[:1]

        handlers = seal_with(one_fails, retry=RetryPolicy(max_attempts=1))
        async with working(handlers, housekeeping=SECOND, keep_log=timedelta(0)):
            await until(trimmed)

        (letter,) = await queue.dead_letters(connection)
        assert letter.error.startswith("ValueError")
