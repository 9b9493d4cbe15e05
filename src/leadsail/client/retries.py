"""When a failed request is sent again, and how long to wait before. Nothing here waits or sends."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from leadsail.client.errors import ApiError, ConnectionFailedError, LeadSailError

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 8.0
_LONGEST_WISH = 60.0
_REFUSED_BEFORE_EFFECT = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


@dataclass(frozen=True, slots=True)
class Retries:
    """At most `most` repetitions. `jitter` gives numbers from 0 to 1, so that many clients do not come back at once."""

    most: int
    jitter: Callable[[], float]

    def delay(self, failure: LeadSailError, earlier: int, *, repeatable: bool) -> float | None:
        """Seconds to wait before the next attempt, after `earlier` repetitions; None means that there is none."""
        if earlier >= self.most or not helps(failure, repeatable=repeatable):
            return None
        wish = failure.retry_after if isinstance(failure, ApiError) else None
        if wish is None:
            return self.back_off(earlier)
        return wish if wish <= _LONGEST_WISH else None

    def back_off(self, earlier: int) -> float:
        """Half a second, doubled with every repetition up to eight, less a random quarter."""
        return min(_FIRST_DELAY * 2.0 ** min(earlier, 10), _LONGEST_DELAY) * (1 - 0.25 * self.jitter())


def helps(failure: LeadSailError, *, repeatable: bool) -> bool:
    """Whether sending the same again may succeed without a second effect.

    What is not `repeatable` is repeated only when it was refused before it took effect, or never arrived.
    """
    if isinstance(failure, ConnectionFailedError):
        return repeatable or not failure.sent
    if not isinstance(failure, ApiError):
        return False
    if failure.status in _REFUSED_BEFORE_EFFECT or failure.code == "IDEMPOTENCY_IN_PROGRESS":
        return True
    return repeatable and failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR
