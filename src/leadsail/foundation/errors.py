"""The error tree of the platform: every refusal knows its HTTP status, its wire code and what to say.

PlatformError
├── InvalidInput          400  what the caller sent cannot be used; one line a fault
├── Unauthorized          401  no key, unknown key, revoked key
├── Forbidden             403  the key lacks the scope
├── NotFound              404  no such record in this tenant, whatever the reason
├── StateRefusal               the request is well-formed, the present state forbids it (kept for idempotent repeats)
│   └── Conflict          409
├── IdempotencyKeyReused  422
├── IdempotencyInProgress 409
├── PayloadTooLarge       413
├── UnsupportedMediaType  415
├── RequestTimedOut       408
├── RateLimited           429
└── Unavailable           503  we cannot serve now; trying again later helps
"""

from collections.abc import Sequence
from http import HTTPStatus


class PlatformError(Exception):
    """A refusal with a place in the wire contract (contract 7.1)."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "INTERNAL_ERROR"
    message = "Something went wrong on our side"

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Sequence[str] = (),
        retry_after: int | None = None,
    ) -> None:
        self.message = message or self.message
        self.details = list(details)
        self.retry_after = retry_after
        super().__init__(self.message, *self.details)


class InvalidInput(PlatformError):
    """What was sent cannot be used; `details` holds one line a fault, beginning with the dotted field name."""

    status = HTTPStatus.BAD_REQUEST
    code = "VALIDATION_ERROR"
    message = "Invalid input data"

    def __init__(self, *faults: str) -> None:
        super().__init__(details=faults)


class Unauthorized(PlatformError):
    """There is no key, or none that opens anything."""

    status = HTTPStatus.UNAUTHORIZED
    code = "UNAUTHORIZED"
    message = "Authentication required"


class Forbidden(PlatformError):
    """The key is good, but not for this."""

    status = HTTPStatus.FORBIDDEN
    code = "FORBIDDEN"
    message = "This key lacks the scope for this"


class NotFound(PlatformError):
    """No such record in this tenant; the answer is the same whether it never was or is another tenant's."""

    status = HTTPStatus.NOT_FOUND
    code = "NOT_FOUND"
    message = "Resource not found"

    def __init__(self) -> None:
        super().__init__()


class MethodNotAllowed(PlatformError):
    """The path exists, the method does not."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "METHOD_NOT_ALLOWED"
    message = "This path does not offer this method"


class StateRefusal(PlatformError):
    """The present state forbids it; repeated with the same idempotency key, the same refusal comes back."""


class Conflict(StateRefusal):
    """Something else got there first, or the record is in a state that forbids this."""

    status = HTTPStatus.CONFLICT
    code = "CONFLICT"
    message = "The present state forbids this"


class IdempotencyKeyReused(PlatformError):
    """The key belongs to another request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "IDEMPOTENCY_KEY_REUSED"
    message = "This Idempotency-Key was used with another request; use a new key for a new request"


class IdempotencyInProgress(PlatformError):
    """The first request with this key has not been answered yet."""

    status = HTTPStatus.CONFLICT
    code = "IDEMPOTENCY_IN_PROGRESS"
    message = "The first request with this Idempotency-Key is still running; try again shortly"

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class PayloadTooLarge(PlatformError):
    """The body is larger than this endpoint takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "PAYLOAD_TOO_LARGE"
    message = "The body is too large"


class UnsupportedMediaType(PlatformError):
    """The body is not JSON."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "UNSUPPORTED_MEDIA_TYPE"
    message = "Send JSON with Content-Type: application/json"


class RequestTimedOut(PlatformError):
    """The request did not arrive whole in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "REQUEST_TIMEOUT"
    message = "The body did not arrive in time"


class RateLimited(PlatformError):
    """Too many requests with this key."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "RATE_LIMITED"
    message = "Too many requests; wait as long as Retry-After says"


class Unavailable(PlatformError):
    """We cannot serve now, for a reason that passes."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "UNAVAILABLE"
    message = "The platform cannot answer right now; try again shortly"

    def __init__(self, message: str | None = None, *, retry_after: int = 2) -> None:
        super().__init__(message, retry_after=retry_after)
