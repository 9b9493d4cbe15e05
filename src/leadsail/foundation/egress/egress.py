"""Sending a request to another host within limits. Which hosts are allowed is decided in `policies.py`."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Literal, Self

import httpcore2
import httpx2

from leadsail.foundation.egress.connecting import (
    Connector,
    GuardedBackend,
    Resolver,
    SystemResolver,
    TcpConnector,
)
from leadsail.foundation.egress.errors import EgressFailed, EgressTimeout, ResponseTooLarge
from leadsail.foundation.egress.messages import (
    EgressLimits,
    EgressRequest,
    EgressResponse,
    outgoing_headers,
)
from leadsail.foundation.egress.policies import PUBLIC_PORTS, OperatorPolicy, Policy, PublicPolicy
from leadsail.foundation.egress.transport import GuardedTransport, Progress, capped
from leadsail.foundation.egress.urls import parse_url

Destination = Literal["public", "operator"]
"""`public` for every URL that a tenant or vendor gave, `operator` for hosts in the server's configuration."""


class EgressStream:
    """An answer whose body is still to be read, once."""

    def __init__(self, answer: httpx2.Response, limits: EgressLimits, progress: Progress) -> None:
        self.status = answer.status_code
        self.headers: Mapping[str, str] = dict(answer.headers)
        self._answer = answer
        self._limits = limits
        self._progress = progress

    async def chunks(self) -> AsyncIterator[bytes]:
        """The decompressed body, piece by piece; raises `EgressError` when it cannot be had whole."""
        with self._progress.typed_failures():
            async for chunk in capped(self._answer.aiter_bytes(), self._limits.body_bytes):
                yield chunk


class Egress:
    """The one sender of HTTP requests; close it with `aclose` or use it as an async context manager.

    `operator_hosts` are `host:port` pairs of the server's own configuration. `resolver` and `connector` are
    seams for tests; whatever they do, the guard between them judges each address.
    """

    def __init__(
        self,
        *,
        operator_hosts: Collection[str] = (),
        public_ports: Collection[int] = PUBLIC_PORTS,
        limits: EgressLimits | None = None,
        resolver: Resolver | None = None,
        connector: Connector | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or EgressLimits()
        tls = tls or httpcore2.default_ssl_context()
        resolver = resolver or SystemResolver()
        connector = connector or TcpConnector()

        def transport(policy: Policy) -> GuardedTransport:
            return GuardedTransport(GuardedBackend(policy, resolver=resolver, connector=connector), tls)

        self._transports: dict[Destination, GuardedTransport] = {
            "public": transport(PublicPolicy(public_ports)),
            "operator": transport(OperatorPolicy(operator_hosts)),
        }

    async def send(
        self, request: EgressRequest, *, destination: Destination, limits: EgressLimits | None = None
    ) -> EgressResponse:
        """The whole answer to `request`, whatever its status; raises `EgressError` when there is none."""
        async with self.stream(request, destination=destination, limits=limits) as answer:
            body = b"".join([chunk async for chunk in answer.chunks()])
        return EgressResponse(answer.status, answer.headers, body)

    @asynccontextmanager
    async def stream(
        self, request: EgressRequest, *, destination: Destination, limits: EgressLimits | None = None
    ) -> AsyncIterator[EgressStream]:
        """As `send`, for large bodies: the answer's head now, its body while it arrives.

        The total time goes on while the caller handles the body.
        """
        limits = limits or self._limits
        progress = Progress()
        deadline = asyncio.timeout(limits.total_seconds)
        try:
            async with deadline, self._exchange(request, destination, limits, progress) as answer:
                yield EgressStream(answer, limits, progress)
        except TimeoutError as late:
            if not deadline.expired():
                raise
            raise EgressTimeout(
                f"The host did not answer within {limits.total_seconds} seconds",
                may_have_arrived=progress.sending,
            ) from late

    @asynccontextmanager
    async def _exchange(
        self, request: EgressRequest, destination: Destination, limits: EgressLimits, progress: Progress
    ) -> AsyncIterator[httpx2.Response]:
        message = httpx2.Request(
            request.method,
            str(parse_url(request.url)),
            headers=outgoing_headers(request),
            content=request.content,
            extensions=_extensions(limits, progress),
        )
        with progress.typed_failures():
            answer = await self._transports[destination].handle_async_request(message)
        try:
            _check_head(answer, limits)
            yield answer
        finally:
            await answer.aclose()

    async def aclose(self) -> None:
        """Close every connection; requests under way fail."""
        for transport in self._transports.values():
            await transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


def _extensions(limits: EgressLimits, progress: Progress) -> dict[str, object]:
    total = limits.total_seconds
    return {
        "timeout": {"connect": limits.connect_seconds, "read": total, "write": total, "pool": total},
        "trace": progress.trace,
        "body_bytes": limits.body_bytes,
    }


def _check_head(answer: httpx2.Response, limits: EgressLimits) -> None:
    # Four more bytes a line: the colon, the space and the line's end.
    size = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
    if size > limits.header_bytes:
        raise ResponseTooLarge(f"The answer's head is larger than {limits.header_bytes} bytes")
    # Layers of compression multiply: megabytes could become hours of work that yields not one byte to count.
    if len(answer.headers.get_list("content-encoding", split_commas=True)) > 1:
        raise EgressFailed("The answer is compressed more than once, which is not accepted", may_have_arrived=True)
