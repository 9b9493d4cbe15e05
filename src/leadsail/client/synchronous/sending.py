# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""Sends requests and sends them again where that helps."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
class SyncSender:
    """The one place from which requests leave."""

    connection: Connection
    http: httpx2.Client
    retries: Retries
    timeout: float
    sleep: Callable[[float], None] = time.sleep

    def send(self, request: Request) -> Answer:
        """The platform's answer; raises `LeadSailError` once repeating does not help any more."""
        earlier = 0
        while True:
            try:
                return Answer.of(self._once(request))
            except LeadSailError as failure:
                self._pause_or_raise(failure, request, earlier, self.retries)
            earlier += 1

    @contextmanager
    def stream(self, request: Request, retries: Retries) -> Iterator[httpx2.Response]:
        """A successful response, not read yet; only its beginning is tried again."""
        with ExitStack() as stack:
            yield self._opened(request, retries, stack)

    def _opened(self, request: Request, retries: Retries, stack: ExitStack) -> httpx2.Response:
        earlier = 0
        while True:
            try:
                with plain_failures():
                    response = self._begin(request)
                    stack.callback(response.close)
                    if response.is_success:
                        return response
                    response.read()
                raise refusal(response)
            except LeadSailError as failure:
                self._pause_or_raise(failure, request, earlier, retries)
            earlier += 1

    def _once(self, request: Request) -> httpx2.Response:
        built = self._built(request, silence=self.timeout)
        with plain_failures():
            # The key must reach nobody but the platform, so no redirection is followed.
            return self.http.send(built, auth=self.connection.auth, follow_redirects=False)

    def _begin(self, request: Request) -> httpx2.Response:
        built = self._built(request, silence=_STREAM_SILENCE)
        return self.http.send(built, auth=self.connection.auth, follow_redirects=False, stream=True)

    def _built(self, request: Request, *, silence: float) -> httpx2.Request:
        return self.http.build_request(
            request.method,
            self.connection.base_url + request.path,
            params=request.query or None,
            headers={"User-Agent": _USER_AGENT, "Accept": "application/json, text/event-stream", **request.headers},
            content=request.content,
            timeout=httpx2.Timeout(self.timeout, read=silence, connect=min(self.timeout, _CONNECTING)),
        )

    def _pause_or_raise(self, failure: LeadSailError, request: Request, earlier: int, retries: Retries) -> None:
        delay = retries.delay(failure, earlier, repeatable=request.repeatable)
        if delay is None:
            raise failure
        self.sleep(delay)
