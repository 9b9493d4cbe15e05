"""The first thing a request meets: an id, limits, the key, the rate; and the last: headers, a log line, a count.

Plain ASGI, because it stands before every answer and each layer of it would be paid on every request.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from leadsail.foundation.clock import Clock
from leadsail.foundation.errors import (
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    PlatformError,
    RateLimited,
    RequestTimedOut,
    Unauthorized,
    Unavailable,
)
from leadsail.foundation.logs import AccessLog, Logger
from leadsail.foundation.metrics import Metrics
from leadsail.foundation.web.answers import failure
from leadsail.foundation.web.caller import Authenticator, Caller, introduce
from leadsail.foundation.web.failures import as_refusal
from leadsail.foundation.web.rate_limit import RateLimiter, Verdict

API = "/api/"
_CLIENT_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_ROUTE_KEY = "leadsail.route"
_LONGEST_LENGTH = 15
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How much of the platform one request may take."""

    body_bytes: int = 1_048_576
    body_seconds: float = 10.0
    seconds: float = 30.0


HeaderList = list[tuple[bytes, bytes]]
RawAnswer = tuple[int, HeaderList, bytes]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A read so hot that it is answered before the framework is asked: GET of `prefix` and one more path segment.

    The same path is a route of the application too, which documents it; both end in the same function. `answer` is
    given the caller, the segment and the `If-None-Match` header.
    """

    prefix: str
    template: str
    answer: Callable[[Caller, str, bytes | None], Awaitable[RawAnswer]]


def name_route(scope: Scope, template: str) -> None:
    """Say which route a request took, for the log and the metrics."""
    scope[_ROUTE_KEY] = template


def without_deadline(scope: Scope) -> None:
    """Let this request last, as a stream of events does."""
    scope["leadsail.deadline"].reschedule(None)


@dataclass(frozen=True, slots=True)
class Instruments:
    """What a front door tells time, logs and counts with."""

    clock: Clock
    log: Logger
    access_log: AccessLog
    metrics: Metrics


class _Exchange:
    """One request on its way: adds the headers, remembers the status, holds the body to its size and its time."""

    __slots__ = (
        "_arrived", "_body_until", "_headers", "_limits", "_receive", "_received", "_send", "request_id", "status"
    )  # fmt: skip

    def __init__(self, receive: Receive, send: Send, request_id: bytes, limits: RequestLimits) -> None:
        self.request_id = request_id
        self.status = 0
        self._headers: list[tuple[bytes, bytes]] = [(b"x-request-id", request_id)]
        self._receive = receive
        self._received = 0
        self._arrived = False
        self._body_until: float | None = None
        self._send = send
        self._limits = limits

    def add_header(self, name: bytes, value: str) -> None:
        self._headers.append((name, value.encode("latin-1")))

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        await self._send(message)

    async def receive(self) -> Message:
        if self._arrived:  # What comes now is at most the news that the client has left.
            return await self._receive()
        message = await self._receive_in_time()
        self._arrived = not message.get("more_body", False)
        self._received += len(message.get("body", b""))
        if self._received > self._limits.body_bytes:
            raise _too_large(self._limits.body_bytes)
        return message

    async def _receive_in_time(self) -> Message:
        if self._body_until is None:
            self._body_until = asyncio.get_running_loop().time() + self._limits.body_seconds
        try:
            async with asyncio.timeout_at(self._body_until):
                return await self._receive()
        except TimeoutError:
            raise RequestTimedOut from None


class FrontDoor:
    """Wraps the application; see the module."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        instruments: Instruments,
        authenticator: Authenticator,
        limiter: RateLimiter,
        limits: RequestLimits,
        shortcuts: Sequence[Shortcut] = (),
    ) -> None:
        self._app = app
        self._clock = instruments.clock
        self._log = instruments.log
        self._access_log = instruments.access_log
        self._metrics = instruments.metrics
        self._authenticator = authenticator
        self._limiter = limiter
        self._policy = limiter.policy if limiter.enabled else ""
        self._limits = limits
        self._shortcuts = shortcuts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._clock.monotonic()
        exchange = _Exchange(receive, send, _request_id(scope), self._limits)
        try:
            caller = await self._admit(scope, exchange, started)
            shortcut = self._shortcut(scope) if caller is not None else None
            if caller is not None and shortcut is not None:
                await _take(shortcut, caller, scope, exchange)
            else:
                async with asyncio.timeout(self._limits.seconds) as deadline:
                    scope["leadsail.deadline"] = deadline
                    await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - whatever happened, the caller gets an answer
            await self._answer_failure(scope, exchange, error)
        finally:
            self._note(scope, exchange, self._clock.monotonic() - started)

    async def _admit(self, scope: Scope, exchange: _Exchange, now: float) -> Caller | None:
        """Let the request in or refuse it; answers who is asking, where a key is needed at all."""
        headers = dict(scope["headers"])
        _refuse_oversize(headers, self._limits.body_bytes)
        if not scope["path"].startswith(API):
            _refuse_unprintable(scope)
            return None
        key = headers.get(b"x-api-key")
        caller = await self._authenticator.identify(key.decode("latin-1")) if key else None
        if self._limiter.enabled:
            # Who has no key shares a limit with whoever else comes from that address, so guessing keys is slow.
            self._limit_rate(caller.key_id if caller else _address(scope), exchange, now)
        if caller is None:
            raise Unauthorized
        introduce(scope, caller)
        _refuse_unprintable(scope)
        return caller

    def _shortcut(self, scope: Scope) -> Shortcut | None:
        path: str = scope["path"]
        for shortcut in self._shortcuts:
            if path.startswith(shortcut.prefix) and scope["method"] == "GET":
                segment = path[len(shortcut.prefix) :]
                if segment and "/" not in segment:
                    return shortcut
        return None

    def _limit_rate(self, who: str, exchange: _Exchange, now: float) -> None:
        verdict: Verdict = self._limiter.take(who, now)
        exchange.add_header(b"ratelimit-policy", self._policy)
        exchange.add_header(b"ratelimit", f'"default";r={verdict.remaining};t={verdict.reset}')
        if not verdict.allowed:
            raise RateLimited(retry_after=verdict.retry_after)

    async def _answer_failure(self, scope: Scope, exchange: _Exchange, error: Exception) -> None:
        refusal = Unavailable() if isinstance(error, TimeoutError) else as_refusal(error)
        if refusal.status >= 500:
            self._log.error("request failed", exc=error, request_id=exchange.request_id.decode(), route=_route(scope))
        if exchange.status == 0:
            await failure(refusal)(scope, exchange.receive, exchange.send)

    def _note(self, scope: Scope, exchange: _Exchange, seconds: float) -> None:
        route = _route(scope)
        caller = scope.get("leadsail.caller")
        who = (caller.tenant_id, caller.key_id) if isinstance(caller, Caller) else None
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.observe_request(method, route, exchange.status, seconds)
        self._access_log.write(method, route, exchange.status, seconds, exchange.request_id.decode(), who)


async def _take(shortcut: Shortcut, caller: Caller, scope: Scope, exchange: _Exchange) -> None:
    name_route(scope, shortcut.template)
    caller.require("read")
    unless = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
    status, headers, body = await shortcut.answer(caller, scope["path"][len(shortcut.prefix) :], unless)
    await exchange.send({"type": "http.response.start", "status": status, "headers": headers})
    await exchange.send({"type": "http.response.body", "body": body})


def _request_id(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _CLIENT_REQUEST_ID.fullmatch(value):
            return bytes(value)
    return b"req_" + uuid7().hex.encode()


def _route(scope: Scope) -> str:
    template = scope.get(_ROUTE_KEY)
    return template if isinstance(template, str) else "(none)"


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return f"address {client[0]}" if client else "address unknown"


def _too_large(limit: int) -> PlatformError:
    return PayloadTooLarge(f"The body is larger than {limit:,} bytes; send less at once")


def _refuse_oversize(headers: dict[bytes, bytes], limit: int) -> None:
    length = headers.get(b"content-length")
    if length is not None and (not length.isdigit() or len(length) > _LONGEST_LENGTH or int(length) > limit):
        raise _too_large(limit)


def _refuse_unprintable(scope: Scope) -> None:
    """No stored id holds control characters or broken UTF-8, and no filter can match them."""
    if not scope["path"].isprintable():
        raise NotFound
    query = scope["query_string"]
    if query and b"%" in query:
        try:
            text = unquote_to_bytes(query).decode()
        except UnicodeDecodeError:
            raise InvalidInput("query: not valid UTF-8") from None
        if "\0" in text:
            raise InvalidInput("query: must not contain the NUL character")
