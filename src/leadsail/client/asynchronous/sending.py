"""Sends requests and sends them again where that helps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx2

from leadsail import __version__
from leadsail.client.answers import Answer, plain_failures, refusal
from leadsail.client.connection import Connection
from leadsail.client.errors import LeadSailError
from leadsail.client.requests import Request
from leadsail.client.retries import Retries

_USER_AGENT = f"leadsail-python/{__version__}"
_CONNECTING = 5.0
_STREAM_SILENCE = 45.0
"""Seconds without a sign of life after which a live stream is taken for dead; the platform gives one every 15."""


@dataclass(frozen=True, slots=True)
class AsyncSender:
    """The one place from which requests leave."""

    connection: Connection
    http: httpx2.AsyncClient
    retries: Retries
    timeout: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def send(self, request: Request) -> Answer:
        """The platform's answer; raises `LeadSailError` once repeating does not help any more."""
        earlier = 0
        while True:
            try:
                return Answer.of(await self._once(request))
            except LeadSailError as failure:
                await self._pause_or_raise(failure, request, earlier, self.retries)
            earlier += 1

    @asynccontextmanager
    async def stream(self, request: Request, retries: Retries) -> AsyncIterator[httpx2.Response]:
        """A successful response, not read yet; only its beginning is tried again."""
        async with AsyncExitStack() as stack:
            yield await self._opened(request, retries, stack)

    async def _opened(self, request: Request, retries: Retries, stack: AsyncExitStack) -> httpx2.Response:
        earlier = 0
        while True:
            try:
                with plain_failures():
                    response = await self._begin(request)
                    stack.push_async_callback(response.aclose)
                    if response.is_success:
                        return response
                    await response.aread()
                raise refusal(response)
            except LeadSailError as failure:
                await self._pause_or_raise(failure, request, earlier, retries)
            earlier += 1

    async def _once(self, request: Request) -> httpx2.Response:
        built = self._built(request, silence=self.timeout)
        with plain_failures():
            # The key must reach nobody but the platform, so no redirection is followed.
            return await self.http.send(built, auth=self.connection.auth, follow_redirects=False)

    async def _begin(self, request: Request) -> httpx2.Response:
        built = self._built(request, silence=_STREAM_SILENCE)
        return await self.http.send(built, auth=self.connection.auth, follow_redirects=False, stream=True)

    def _built(self, request: Request, *, silence: float) -> httpx2.Request:
        return self.http.build_request(
            request.method,
            self.connection.base_url + request.path,
            params=request.query or None,
            headers={"User-Agent": _USER_AGENT, "Accept": "application/json, text/event-stream", **request.headers},
            content=request.content,
            timeout=httpx2.Timeout(self.timeout, read=silence, connect=min(self.timeout, _CONNECTING)),
        )

    async def _pause_or_raise(self, failure: LeadSailError, request: Request, earlier: int, retries: Retries) -> None:
        delay = retries.delay(failure, earlier, repeatable=request.repeatable)
        if delay is None:
            raise failure
        await self.sleep(delay)
