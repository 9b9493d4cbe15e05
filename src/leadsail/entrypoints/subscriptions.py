"""Who hears what: every event of the platform and its listeners, on one page.

`inside` listeners run in the same unit of work as the fact; `after` names jobs that are committed with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from leadsail.foundation.event_bus import Listener


def subscriptions(
    services: Mapping[type, Any],
) -> tuple[dict[type, Sequence[Listener]], dict[type, Sequence[str]]]:
    """The listeners inside the unit of work, and the names of the jobs after it, by event."""
    del services
    inside: dict[type, Sequence[Listener]] = {}
    after: dict[type, Sequence[str]] = {}
    return inside, after
