from datetime import timedelta

import pytest

from leadsail.foundation.job_queue import BadPayloadError, Job, JobHandlers, JobId, JobSpec, RetryPolicy, every


async def do_nothing(*_: object) -> None:
    """Handle anything."""


class TestRetrying:
    def test_delays_grow_until_the_last_attempt(self) -> None:
        policy = RetryPolicy(max_attempts=4, first_delay=timedelta(seconds=2), factor=3)

        delays = [policy.delay_after(attempt) for attempt in range(1, 5)]

        assert delays == [timedelta(seconds=2), timedelta(seconds=6), timedelta(seconds=18), None]

    def test_delays_stop_growing_at_the_cap(self) -> None:
        policy = RetryPolicy(max_attempts=100_000, max_delay=timedelta(minutes=5))

        assert policy.delay_after(99_999) == timedelta(minutes=5)

    @pytest.mark.parametrize("wrong", [{"max_attempts": 0}, {"factor": 0.5}])
    def test_a_policy_that_cannot_work_is_refused(self, wrong: dict[str, float]) -> None:
        with pytest.raises(ValueError, match="at least once"):
            RetryPolicy(**wrong)  # type: ignore[arg-type]


class TestPeriodicWork:
    @pytest.mark.parametrize(
        ("period", "cron"),
        [
            (timedelta(seconds=1), "* * * * * */1"),
            (timedelta(seconds=30), "* * * * * */30"),
            (timedelta(minutes=1), "*/1 * * * *"),
            (timedelta(minutes=20), "*/20 * * * *"),
            (timedelta(hours=1), "0 */1 * * *"),
            (timedelta(hours=6), "0 */6 * * *"),
        ],
    )
    def test_a_period_becomes_a_cron_expression(self, period: timedelta, cron: str) -> None:
        assert every("tick", period, do_nothing).schedule == cron

    def test_a_cron_expression_is_taken_as_it_is(self) -> None:
        assert every("tick", "15 3 * * 1", do_nothing).schedule == "15 3 * * 1"

    @pytest.mark.parametrize(
        "period", [timedelta(0), timedelta(seconds=7), timedelta(seconds=0.5), timedelta(hours=5), timedelta(-1)]
    )
    def test_a_period_that_no_clock_shows_is_refused(self, period: timedelta) -> None:
        with pytest.raises(ValueError, match="does not divide"):
            every("tick", period, do_nothing)


class TestRegistering:
    def test_two_handlers_of_one_name_are_refused(self) -> None:
        with pytest.raises(ValueError, match="seal"):
            JobHandlers([JobSpec("seal", do_nothing), JobSpec("seal", do_nothing)])

    def test_two_periodic_works_of_one_name_are_refused(self) -> None:
        tick = every("tick", timedelta(minutes=1), do_nothing)

        with pytest.raises(ValueError, match="tick"):
            JobHandlers(periodic=[tick, tick])


class TestReadingAPayload:
    def test_a_handler_reads_an_id(self) -> None:
        job = Job(JobId(1), "seal", {"interaction_id": "int_1"}, attempt=1)

        assert job.text("interaction_id") == "int_1"

    @pytest.mark.parametrize("payload", [{}, {"interaction_id": 7}, {"interaction_id": None}])
    def test_a_missing_id_is_not_worth_retrying(self, payload: dict[str, int | None]) -> None:
        job = Job(JobId(1), "seal", payload, attempt=1)

        with pytest.raises(BadPayloadError) as caught:
            job.text("interaction_id")

        assert not caught.value.retryable
