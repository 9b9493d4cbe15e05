"""Facts that one feature publishes and others hear, either in the same unit of work or in a job after it.

Who hears what is data, given at construction and written down on one page of the entrypoints.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any, TypeAlias

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from leadsail.foundation.database import Work
from leadsail.foundation.job_queue import NewJob

Listener: TypeAlias = Callable[[Work, Any], Awaitable[None]]


class EventBus:
    """Carries events, which are frozen dataclasses, to whoever subscribed to exactly their type.

    `inside` listeners run at once, in order, in the publisher's unit of work: when one raises, everything is
    rolled back. For each job name in `after` a job is added to the same unit of work, so it exists exactly if
    the fact does. Its payload is the event's fields as JSON, and `tenant_id`.
    """

    def __init__(
        self,
        *,
        inside: Mapping[type, Sequence[Listener]] | None = None,
        after: Mapping[type, Sequence[str]] | None = None,
    ) -> None:
        self._inside = inside or {}
        self._after = after or {}
        _require_dataclasses([*self._inside, *self._after])

    async def publish(self, work: Work, event: object) -> None:
        """Tell everybody who subscribed to the type of `event`; nobody at all is fine."""
        for listener in self._inside.get(type(event), ()):
            await listener(work, event)
        for job_name in self._after.get(type(event), ()):
            await work.enqueue(NewJob(job_name, _payload(work, event)))


def _payload(work: Work, event: object) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = to_jsonable_python(event)
    return fields | {"tenant_id": work.tenant_id}


def _require_dataclasses(event_types: Iterable[type]) -> None:
    for event_type in event_types:
        if not is_dataclass(event_type):
            raise TypeError(f"{event_type.__name__} cannot be an event: make it a frozen dataclass")
