"""What goes into the egress module and what comes out: requests, answers, and the caps on an exchange."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from leadsail.foundation.egress.errors import RequestMalformed

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+\-.^_`|~]+")  # RFC 9110, token
HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
# These steer the connection or the framing of the message, which is the transport's business alone.
RESERVED_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
DEFAULT_HEADERS = {"User-Agent": "LeadSail", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True, kw_only=True)
class EgressLimits:
    """How long and how much one exchange may take; sizes in bytes."""

    connect_seconds: float = 5.0
    """Look-up and TCP connect together, and the TLS handshake once more."""
    total_seconds: float = 15.0
    """From the call until the last byte of the answer."""
    header_bytes: int = 32 * 1024
    """The answer's header lines."""
    body_bytes: int = 1024 * 1024
    """The answer's body, counted on the wire and again after decompression."""


@dataclass(frozen=True)
class EgressRequest:
    """One request. Its repr shows the method alone: URLs and headers hold secrets."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class EgressResponse:
    """A whole answer of any status, a redirect included: none is followed.

    Header names are in lower case, repeated headers joined with a comma. The body is decompressed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def outgoing_headers(request: EgressRequest) -> httpx2.Headers:
    """The request's headers over our defaults; raises `RequestMalformed` for what cannot be sent."""
    if request.method not in METHODS:
        raise RequestMalformed(f"The method must be one of {', '.join(sorted(METHODS))}")
    for name, value in request.headers.items():
        if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise RequestMalformed(f"The header {name!r} cannot be sent; use printable ASCII characters only")
        if name.lower() in RESERVED_HEADERS:
            raise RequestMalformed(f"The header {name!r} is set by the connection itself; leave it out")
    headers = httpx2.Headers(DEFAULT_HEADERS)
    headers.update(dict(request.headers))
    return headers
