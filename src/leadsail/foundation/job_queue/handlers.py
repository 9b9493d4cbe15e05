"""What a worker can do: handlers by job name, how often each is tried, and work the calendar asks for."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from leadsail.foundation.job_queue.jobs import Job

Handler: TypeAlias = Callable[[Job], Awaitable[None]]
PeriodicHandler: TypeAlias = Callable[[], Awaitable[None]]

_LARGEST_EXPONENT = 60  # beyond it only the cap decides, and a float could overflow


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a failing job is tried, and how long it rests between: `first_delay`, growing by `factor`."""

    max_attempts: int = 5
    first_delay: timedelta = timedelta(seconds=1)
    factor: float = 2.0
    max_delay: timedelta = timedelta(minutes=5)

    def __post_init__(self) -> None:
        if self.max_attempts < 1 or self.factor < 1:
            raise ValueError("A job is tried at least once (max_attempts) and its delays never shrink (factor)")

    def delay_after(self, attempt: int) -> timedelta | None:
        """How long to rest after failed attempt number `attempt` (from 1); None when it was the last."""
        if attempt >= self.max_attempts:
            return None
        growth = self.factor ** min(attempt - 1, _LARGEST_EXPONENT)
        return min(self.max_delay, timedelta(seconds=min(growth * self.first_delay.total_seconds(), 1e9)))


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One kind of job: its name, the handler that does it, and its limits.

    A failing handler is tried again as `retry` says, unless its exception has a false attribute `retryable`.
    `concurrency` bounds how many run at once over all workers (0: no bound); `time_limit` ends a hanging one.
    """

    name: str
    handler: Handler
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    concurrency: int = 0
    time_limit: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PeriodicWork:
    """Work that exactly one of all workers does when `schedule`, a cron expression in UTC, comes round."""

    name: str
    schedule: str
    handler: PeriodicHandler
    time_limit: timedelta = timedelta(minutes=5)


def every(name: str, period: timedelta | str, handler: PeriodicHandler) -> PeriodicWork:
    """Periodic work by a cron expression, or by a period that divides a minute, an hour or a day.

    A tick that fails is logged and not repeated: the next one comes by itself.
    """
    return PeriodicWork(name, period if isinstance(period, str) else _cron(period), handler)


def _cron(period: timedelta) -> str:
    """`period` in cron's words, where a sixth field is the seconds; ValueError when they cannot say it."""
    seconds = period.total_seconds()
    for unit, units_in_larger, pattern in (
        (1, 60, "* * * * * */{}"),
        (60, 60, "*/{} * * * *"),
        (3600, 24, "0 */{} * * *"),
    ):
        count = seconds / unit
        if count in range(1, units_in_larger) and units_in_larger % count == 0:
            return pattern.format(int(count))
    raise ValueError(f"{period} does not divide a minute, an hour or a day; give one that does, or cron")


class JobHandlers:
    """Everything a worker can do. All workers of one database are given the same handlers.

    Raises ValueError when two handlers claim one name.
    """

    def __init__(self, jobs: Iterable[JobSpec] = (), periodic: Iterable[PeriodicWork] = ()) -> None:
        self.jobs = tuple(jobs)
        self.periodic = tuple(periodic)
        _refuse_doubles("job", [spec.name for spec in self.jobs])
        _refuse_doubles("periodic work", [work.name for work in self.periodic])


def _refuse_doubles(kind: str, names: list[str]) -> None:
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise ValueError(f"Two handlers claim the {kind} {', '.join(doubles)}; give each its own name")
