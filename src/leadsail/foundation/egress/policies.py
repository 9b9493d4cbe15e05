"""The two classes of destination, as decisions; the guard asks them at every connect."""

from collections.abc import Collection, Iterable
from typing import Protocol

from leadsail.foundation.egress.addresses import IPAddress, is_public
from leadsail.foundation.egress.errors import DestinationForbidden, ForbiddenReason
from leadsail.foundation.egress.urls import HostPort, literal_address, parse_authority, parse_url

PUBLIC_PORTS = frozenset({80, 443})

# Names that mean something near by, never a host on the internet: RFC 6761, RFC 6762, ICANN 2024, RFC 8375.
LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")


class Policy(Protocol):
    """Says where we connect; each method returns quietly or raises `DestinationForbidden`."""

    def check_place(self, place: HostPort) -> None:
        """Judge host and port as written, before the name is resolved."""
        ...

    def check_addresses(self, addresses: Collection[IPAddress]) -> None:
        """Judge all addresses of the name together: one bad address condemns the name."""
        ...


class PublicPolicy:
    """For every URL that a tenant or vendor gave: public internet addresses on web ports."""

    def __init__(self, ports: Collection[int] = PUBLIC_PORTS) -> None:
        self._ports = frozenset(ports)

    def check_place(self, place: HostPort) -> None:
        """See `Policy`."""
        if place.port not in self._ports:
            raise DestinationForbidden(ForbiddenReason.PORT_NOT_ALLOWED)
        address = literal_address(place.host)
        if address is not None:
            self.check_addresses([address])
        elif not _is_public_name(place.host):
            raise DestinationForbidden(ForbiddenReason.HOST_NOT_PUBLIC)

    def check_addresses(self, addresses: Collection[IPAddress]) -> None:
        """See `Policy`."""
        if not all(map(is_public, addresses)):
            raise DestinationForbidden(ForbiddenReason.ADDRESS_NOT_PUBLIC)


class OperatorPolicy:
    """For hosts that the server's own configuration names: exactly those, at any address."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self._places = frozenset(_configured_place(host) for host in hosts)

    def check_place(self, place: HostPort) -> None:
        """See `Policy`."""
        if place not in self._places:
            raise DestinationForbidden(ForbiddenReason.NOT_AN_OPERATOR_HOST)

    def check_addresses(self, addresses: Collection[IPAddress]) -> None:
        """Whoever configured the host answers for its addresses."""


def check_public_url(url: str, *, ports: Collection[int] = PUBLIC_PORTS) -> None:
    """Refuse a URL that could never be connected to, for an early answer when it is saved.

    This is a courtesy, not the guard: a name is judged when it is connected to.
    """
    PublicPolicy(ports).check_place(parse_url(url).place)


def _is_public_name(host: str) -> bool:
    return "." in host and not any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES)


def _configured_place(host: str) -> HostPort:
    try:
        return parse_authority(host)
    except DestinationForbidden as unreadable:
        raise ValueError(f"Operator host {host!r} cannot be read; write it as host:port") from unreadable
