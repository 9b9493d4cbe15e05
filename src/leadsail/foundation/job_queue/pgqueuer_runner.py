"""How one job is run: its handler within the time limit, and what becomes of the job if that fails."""

import asyncio
import traceback
from pathlib import PurePath

from pgqueuer import models
from pgqueuer.domain.errors import RetryRequested

from leadsail.foundation.job_queue.handlers import JobSpec, PeriodicWork
from leadsail.foundation.job_queue.jobs import Job, JobId
from leadsail.foundation.job_queue.payload import unpack
from leadsail.foundation.logs import Logger

_PLACES_SHOWN = 5
_STARTS_ALWAYS_GRANTED = 5  # so that a job which was merely beside one that killed the worker is not given up


class JobHeldError(Exception):
    """The job becomes a dead letter; the text is what its record says."""


async def run_job(spec: JobSpec, logger: Logger, job: models.Job) -> None:
    """Run `job` once as `spec` says.

    Only two exceptions leave: `RetryRequested`, after which the job waits again, and `JobHeldError`. Neither
    carries the handler's own message, because PgQueuer stores and logs them, and a message may quote a lead.
    """
    attempt = job.attempts + 1
    if attempt > max(spec.retry.max_attempts, _STARTS_ALWAYS_GRANTED):
        raise JobHeldError(f"given up after {job.attempts} starts, each cut off or failed")
    try:
        async with asyncio.timeout(spec.time_limit.total_seconds()):
            await spec.handler(Job(JobId(job.id), job.entrypoint, unpack(job.payload), attempt))
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - every job must come to an end
        if _is_being_stopped():
            # PgQueuer would take the cancellation for the job's own and delete it.
            raise RetryRequested(reason="interrupted") from None
        logger.warning("job failed", job=spec.name, job_id=job.id, attempt=attempt, exc=error)
        raise _next_step(spec, attempt, error) from None


async def run_periodic(work: PeriodicWork, logger: Logger, _: models.Schedule) -> None:
    """Do `work` for one tick; a failure ends with the tick."""
    try:
        async with asyncio.timeout(work.time_limit.total_seconds()):
            await work.handler()
    except Exception as error:  # noqa: BLE001 - the next tick comes whatever happened in this one
        logger.warning("periodic work failed", job=work.name, exc=error)


def _is_being_stopped() -> bool:
    """Whether somebody cancelled this task, rather than the handler itself raising CancelledError."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _next_step(spec: JobSpec, attempt: int, error: BaseException) -> Exception:
    delay = spec.retry.delay_after(attempt) if getattr(error, "retryable", True) else None
    return JobHeldError(_describe(error)) if delay is None else RetryRequested(delay, _describe(error))


def _describe(error: BaseException) -> str:
    """The kind of `error` and the places it came through, innermost first; never its message."""
    places = [
        f"{PurePath(frame.f_code.co_filename).name}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return " < ".join([type(error).__qualname__, *reversed(places[-_PLACES_SHOWN:])])
