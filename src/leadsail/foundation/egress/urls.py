"""Reading a URL in one strict way that leaves nothing to interpretation; policies are elsewhere.

Two readers that disagree about a URL are the classic hole, so what is unusual is refused instead of repaired:
RFC 3986 characters only, one spelling for every host, no credentials, no fragment.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address

from leadsail.foundation.egress.addresses import IPAddress
from leadsail.foundation.egress.errors import DestinationForbidden, ForbiddenReason

MAX_URL_LENGTH = 4096
MAX_NAME_LENGTH = 253  # RFC 1035, without the final dot
MAX_PORT = 65535
DEFAULT_PORTS = {"http": 80, "https": 443}

CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
SHAPE = re.compile(r"(?P<scheme>[^:/?#]+)://(?P<authority>[^/?#]*)(?P<target>[^#]*)(?P<fragment>#.*)?")
AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._\-]+)(?::(?P<port>[1-9][0-9]{0,4}))?")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
# A last label like this makes the host a number for many resolvers (WHATWG URL, "ends in a number").
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class HostPort:
    """Where to connect: a lower-case name or a canonical IP address without brackets, and a port."""

    host: str
    port: int


@dataclass(frozen=True)
class ParsedUrl:
    """A URL in its only spelling."""

    scheme: str
    place: HostPort
    target: str

    def __str__(self) -> str:
        host = f"[{self.place.host}]" if ":" in self.place.host else self.place.host
        return f"{self.scheme}://{host}:{self.place.port}{self.target}"


def parse_url(url: str) -> ParsedUrl:
    """The parts of `url`; raises `DestinationForbidden` for anything but the plain form."""
    shape = SHAPE.fullmatch(url)
    if shape is None or len(url) > MAX_URL_LENGTH or not CHARACTERS.fullmatch(url):
        raise DestinationForbidden(ForbiddenReason.URL_MALFORMED)
    scheme = shape["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise DestinationForbidden(ForbiddenReason.SCHEME_NOT_ALLOWED)
    if "@" in shape["authority"]:
        raise DestinationForbidden(ForbiddenReason.CREDENTIALS_IN_URL)
    if shape["fragment"] is not None:
        raise DestinationForbidden(ForbiddenReason.FRAGMENT_IN_URL)
    target = shape["target"]
    place = parse_authority(shape["authority"], default_port=DEFAULT_PORTS[scheme])
    return ParsedUrl(scheme, place, target if target.startswith("/") else f"/{target}")


def parse_authority(authority: str, *, default_port: int | None = None) -> HostPort:
    """Host and port out of `host:port`; a missing port is refused unless there is a default."""
    parts = AUTHORITY.fullmatch(authority)
    if parts is None:
        raise DestinationForbidden(ForbiddenReason.URL_MALFORMED)
    port = int(parts["port"]) if parts["port"] else default_port
    if port is None or port > MAX_PORT:
        raise DestinationForbidden(ForbiddenReason.URL_MALFORMED)
    return HostPort(canonical_host(parts["host"]), port)


def canonical_host(host: str) -> str:
    """The one spelling of `host`; IPv4 in any notation but four plain decimals is refused."""
    lowered = host.lower()
    try:
        if lowered.startswith("["):
            return str(IPv6Address(lowered[1:-1]))
        if NUMBER.fullmatch(lowered.rpartition(".")[2]):
            return str(IPv4Address(lowered))
    except AddressValueError as unreadable:
        raise DestinationForbidden(ForbiddenReason.URL_MALFORMED) from unreadable
    if len(lowered) > MAX_NAME_LENGTH or not all(map(LABEL.fullmatch, lowered.split("."))):
        raise DestinationForbidden(ForbiddenReason.URL_MALFORMED)
    return lowered


def literal_address(host: str) -> IPAddress | None:
    """The address that a canonical host spells out, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
