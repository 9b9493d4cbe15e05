"""The error tree of the client: catch wide or narrow.

LeadSailError
├── ConfigurationError            the client cannot be made: no key, or an address that is none
├── ConnectionFailedError         no answer, or half of one
│   └── TimedOutError
├── MalformedAnswerError          an answer that is not of this API: a proxy, a captive portal, another program
└── ApiError                      the platform refused; `status`, `code`, `message`, `details`, `request_id`
    ├── InvalidInputError    400  `details` has one line a fault
    ├── UnauthorizedError    401
    ├── ForbiddenError       403
    ├── NotFoundError        404
    ├── ConflictError        409
    ├── UnprocessableError   422
    ├── RateLimitedError     429
    └── ServerError          5xx
        └── UnavailableError 503
"""

from collections.abc import Sequence
from http import HTTPStatus


class LeadSailError(Exception):
    """Whatever goes wrong in this client is one of these."""


class ConfigurationError(LeadSailError):
    """The client cannot be made from what it was given."""


class ConnectionFailedError(LeadSailError):
    """No answer came, or not all of it. `sent` tells whether the platform may have received the request."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class TimedOutError(ConnectionFailedError):
    """The answer took longer than `timeout`."""


class MalformedAnswerError(LeadSailError):
    """Something answered, but not as this API does. Mostly `base_url` points to another program or a proxy."""

    def __init__(self, message: str, *, status: int, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id


class ApiError(LeadSailError):
    """The platform refused; `code` and `details` say why (see the API reference)."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        details: Sequence[str] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        lines = "".join(f"\n  {line}" for line in details)
        traced = f" (request {request_id})" if request_id else ""
        super().__init__(f"{status} {code}: {message}{traced}{lines}")
        self.status = status
        self.code = code
        self.message = message
        self.details = list(details)
        self.request_id = request_id
        self.retry_after = retry_after
        """Seconds after which trying again may help; None when the platform did not say."""


class InvalidInputError(ApiError):
    """400: what was sent cannot be used; `details` has one line a fault, beginning with the field."""


class UnauthorizedError(ApiError):
    """401: no key, an unknown key or a revoked one."""


class ForbiddenError(ApiError):
    """403: the key lacks the scope for this."""


class NotFoundError(ApiError):
    """404: no such record in this tenant."""


class ConflictError(ApiError):
    """409: the present state forbids it; with `if_match`, somebody changed the record meanwhile."""


class UnprocessableError(ApiError):
    """422: understood, but not done; with an idempotency key, it was used for another request."""


class RateLimitedError(ApiError):
    """429: too many requests with this key."""


class ServerError(ApiError):
    """5xx: something went wrong on the platform's side."""


class UnavailableError(ServerError):
    """503: the platform cannot serve now; trying again later helps."""


_BY_STATUS: dict[int, type[ApiError]] = {
    HTTPStatus.BAD_REQUEST: InvalidInputError,
    HTTPStatus.UNAUTHORIZED: UnauthorizedError,
    HTTPStatus.FORBIDDEN: ForbiddenError,
    HTTPStatus.NOT_FOUND: NotFoundError,
    HTTPStatus.CONFLICT: ConflictError,
    HTTPStatus.UNPROCESSABLE_ENTITY: UnprocessableError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitedError,
    HTTPStatus.SERVICE_UNAVAILABLE: UnavailableError,
}


def api_error_for(status: int) -> type[ApiError]:
    """The class that tells a refusal with this status."""
    return _BY_STATUS.get(status) or (ServerError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ApiError)
