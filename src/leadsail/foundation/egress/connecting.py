"""The connect-time guard: resolve once, judge every address, dial exactly a judged one, verify who answered.

Everything before this point can be fooled by a name that changes its address; this cannot.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

import httpcore2

from leadsail.foundation.egress.addresses import IPAddress
from leadsail.foundation.egress.errors import DestinationForbidden, EgressFailed, ForbiddenReason
from leadsail.foundation.egress.policies import Policy
from leadsail.foundation.egress.urls import HostPort, literal_address

# Enough for a host with one dead address; more would only stretch the time to connect.
MAX_ADDRESSES_TRIED = 3
RESOLVER_THREADS = 16


class Resolver(Protocol):
    """Turns a name into addresses."""

    async def resolve(self, host: str) -> Sequence[IPAddress]:
        """All addresses of `host`, best first; empty or `OSError` when there are none."""
        ...


class Connector(Protocol):
    """Opens a TCP connection to an address, never to a name."""

    async def connect(self, address: IPAddress, port: int, *, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        """A connected stream; raises `httpcore2.ConnectError` or `httpcore2.ConnectTimeout`."""
        ...


class SystemResolver:
    """The operating system's resolver, on threads of its own: slow name servers hold up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="leadsail-resolver")

    async def resolve(self, host: str) -> Sequence[IPAddress]:
        """See `Resolver`."""
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)
        return [ip_address(address) for address in found]


class TcpConnector:
    """Real connections."""

    def __init__(self) -> None:
        self._backend = httpcore2.AnyIOBackend()

    async def connect(self, address: IPAddress, port: int, *, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        """See `Connector`."""
        return await self._backend.connect_tcp(str(address), port, timeout=seconds)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """What the HTTP library calls for every new connection; TLS and the Host header keep the name."""

    def __init__(self, policy: Policy, *, resolver: Resolver, connector: Connector) -> None:
        self._policy = policy
        self._resolver = resolver
        self._connector = connector

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,  # noqa: ARG002 - the library's signature
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the library's signature
    ) -> httpcore2.AsyncNetworkStream:
        """A stream to a judged address of `host`; `timeout` covers the look-up and every attempt."""
        try:
            async with asyncio.timeout(timeout):
                self._policy.check_place(HostPort(host, port))
                addresses = await self._addresses_of(host)
                self._policy.check_addresses(addresses)
                return await self._first_to_answer(addresses[:MAX_ADDRESSES_TRIED], port, timeout)
        except TimeoutError as late:
            raise httpcore2.ConnectTimeout from late

    async def _addresses_of(self, host: str) -> Sequence[IPAddress]:
        literal = literal_address(host)
        if literal is not None:
            return [literal]
        try:
            addresses = await self._resolver.resolve(host)
        except OSError as unknown:
            raise EgressFailed("The URL's host name could not be resolved; check its spelling") from unknown
        if not addresses:
            raise EgressFailed("The URL's host name has no address; check its spelling")
        return addresses

    async def _first_to_answer(
        self, addresses: Sequence[IPAddress], port: int, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        share = None if seconds is None else seconds / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._dial(address, port, share)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._dial(addresses[-1], port, share)

    async def _dial(self, address: IPAddress, port: int, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        stream = await self._connector.connect(address, port, seconds=seconds)
        # Dialing "any address" reaches a concrete one; only an operator's host can ask for that.
        if not address.is_unspecified and _peer_of(stream) != (address, port):
            await stream.aclose()
            raise DestinationForbidden(ForbiddenReason.ADDRESS_NOT_PUBLIC)
        return stream


def _look_up(host: str) -> list[str]:
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in answers]


def _peer_of(stream: httpcore2.AsyncNetworkStream) -> tuple[IPAddress, int]:
    host, port, *_ = stream.get_extra_info("server_addr")
    return ip_address(host), port
