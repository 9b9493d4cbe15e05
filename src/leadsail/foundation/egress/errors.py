"""What can go wrong with an outgoing request. No sentence here tells anything about our own network.

EgressError
├── RequestMalformed      the caller's method or headers cannot be sent
├── DestinationForbidden  we do not connect there; `reason` says why
├── EgressTimeout         no (whole) answer in time
├── ResponseTooLarge      the answer passed a size cap
└── EgressFailed          no name, no connection, no valid certificate, or an answer that is not HTTP
"""

from enum import StrEnum
from typing import ClassVar


class EgressError(Exception):
    """An outgoing request that brought no answer.

    `retryable` says whether the same request can succeed later. `may_have_arrived` says whether the other
    side may have acted on it: a request with an effect (placing a call) is repeated only where this is False.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, may_have_arrived: bool = False) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


class RequestMalformed(EgressError):
    """The method or a header cannot be sent; the message names which."""


class ForbiddenReason(StrEnum):
    """Why we do not connect; safe to show to whoever gave the URL."""

    URL_MALFORMED = "url_malformed"
    SCHEME_NOT_ALLOWED = "scheme_not_allowed"
    CREDENTIALS_IN_URL = "credentials_in_url"
    FRAGMENT_IN_URL = "fragment_in_url"
    PORT_NOT_ALLOWED = "port_not_allowed"
    HOST_NOT_PUBLIC = "host_not_public"
    ADDRESS_NOT_PUBLIC = "address_not_public"
    NOT_AN_OPERATOR_HOST = "not_an_operator_host"


SENTENCES = {
    ForbiddenReason.URL_MALFORMED: (
        "The URL cannot be read; use http(s)://host/path, with a host name in ASCII (xn-- form) or a plain"
        " IP address, and percent-encode everything else"
    ),
    ForbiddenReason.SCHEME_NOT_ALLOWED: "The URL must begin with https:// or http://",
    ForbiddenReason.CREDENTIALS_IN_URL: "The URL must not hold a user name or password; use a header",
    ForbiddenReason.FRAGMENT_IN_URL: "The URL must not hold a fragment; remove '#' and what follows it",
    ForbiddenReason.PORT_NOT_ALLOWED: "The URL names a port that is not allowed; leave the port out",
    ForbiddenReason.HOST_NOT_PUBLIC: "The URL's host is not a public host name; use a fully qualified one",
    ForbiddenReason.ADDRESS_NOT_PUBLIC: (
        "The URL's host does not lead to public internet addresses alone; only those are connected to"
    ),
    ForbiddenReason.NOT_AN_OPERATOR_HOST: (
        "The URL's host and port are not among the hosts in the server's configuration; add host:port there"
    ),
}


class DestinationForbidden(EgressError):
    """We do not connect to this URL; nothing was sent."""

    def __init__(self, reason: ForbiddenReason) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason


class EgressTimeout(EgressError):
    """The time for connecting or for the whole exchange ran out."""

    retryable = True


class ResponseTooLarge(EgressError):
    """The answer's head or body passed its cap; the rest was not read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, may_have_arrived=True)


class EgressFailed(EgressError):
    """The host could not be found or reached, or its answer could not be read."""

    retryable = True
