"""The typed Python client of the LeadSail API, for programs that wait (`LeadSail`) and that await (`AsyncLeadSail`).

It is a program of its own: it knows the platform by its HTTP API alone.
"""

from leadsail.client import params, records
from leadsail.client.asynchronous.client import AsyncLeadSail
from leadsail.client.asynchronous.lists import AsyncList
from leadsail.client.errors import (
    ApiError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    InvalidInputError,
    LeadSailError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
    UnprocessableError,
)
from leadsail.client.events import InteractionEvent
from leadsail.client.pages import Page
from leadsail.client.shapes import Meta
from leadsail.client.synchronous.client import LeadSail
from leadsail.client.synchronous.lists import SyncList

__all__ = [
    "ApiError",
    "AsyncLeadSail",
    "AsyncList",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "ForbiddenError",
    "InteractionEvent",
    "InvalidInputError",
    "LeadSail",
    "LeadSailError",
    "MalformedAnswerError",
    "Meta",
    "NotFoundError",
    "Page",
    "RateLimitedError",
    "ServerError",
    "SyncList",
    "TimedOutError",
    "UnauthorizedError",
    "UnavailableError",
    "UnprocessableError",
    "params",
    "records",
]
