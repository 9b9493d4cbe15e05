"""The queue's values: what is asked for, what a handler is given, what an operator sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from pydantic import JsonValue

JobId = NewType("JobId", int)


class BadPayloadError(Exception):
    """The payload is not what the handler was written for; trying again cannot help."""

    retryable = False


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be done after the caller's transaction has committed.

    The payload holds ids and little else: what a handler needs it reads afresh, because the job may run late
    or twice. `key` names what the work is about: while a job of the same name and key waits, another is not
    added. Once that job has been started the key is free again, so a change made meanwhile is never missed.
    A job of a higher `priority` goes first.
    """

    name: str
    payload: Mapping[str, JsonValue] = field(default_factory=dict, repr=False)
    after: timedelta = timedelta(0)
    key: str | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """A job in its handler's hands; `attempt` counts from 1, starts cut off by a dying worker included."""

    id: JobId
    name: str
    payload: Mapping[str, JsonValue] = field(repr=False)
    attempt: int

    def text(self, field_name: str) -> str:
        """The payload's text under `field_name`, usually an id; raises `BadPayloadError` if there is none."""
        value = self.payload.get(field_name)
        if not isinstance(value, str):
            raise BadPayloadError(f"Job {self.id} ({self.name}) lacks the text field {field_name!r}")
        return value


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job held because trying again did not help; it waits for an operator to requeue or cancel it.

    `error` says what kind of failure it was and where, never its message, which may quote a lead.
    """

    id: JobId
    name: str
    payload: Mapping[str, JsonValue] = field(repr=False)
    attempts: int
    error: str
    held_since: datetime


@dataclass(frozen=True, slots=True)
class NameStats:
    """How many jobs of one name wait, run and are held, and for how long the oldest due one has waited."""

    name: str
    queued: int
    running: int
    held: int
    oldest_due_seconds: float


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The queue at one instant; names without any job are absent."""

    names: tuple[NameStats, ...]

    @property
    def held(self) -> int:
        """Dead letters of all names."""
        return sum(stats.held for stats in self.names)

    @property
    def oldest_due_seconds(self) -> float:
        """How late the queue is: 0 when nothing is due."""
        return max((stats.oldest_due_seconds for stats in self.names), default=0.0)
