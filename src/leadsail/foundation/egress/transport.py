"""From httpx2's messages to httpcore2's connections: a pool that connects only through the guard.

The usual httpx2 client is left out on purpose: it keeps cookies, reads proxies and credentials from the
environment, can follow redirects, and logs every URL.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, contextmanager

import httpcore2
import httpx2

from leadsail.foundation.egress.connecting import GuardedBackend
from leadsail.foundation.egress.errors import EgressFailed, EgressTimeout, RequestMalformed, ResponseTooLarge

MAX_CONNECTIONS = 200
KEEPALIVE_SECONDS = 5.0


class GuardedTransport(httpx2.AsyncBaseTransport):
    """One pool of connections; each destination class has its own, so that neither can use the other's."""

    def __init__(self, backend: GuardedBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            network_backend=backend,
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_SECONDS,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request` and read the head of its answer."""
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        body = WireBody(answer, request.extensions["body_bytes"])
        return httpx2.Response(answer.status, headers=answer.headers, stream=body)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class WireBody(httpx2.AsyncByteStream):
    """An answer's body as it arrives; stops at `cap` bytes, whatever the decompressor makes of them."""

    def __init__(self, answer: httpcore2.Response, cap: int) -> None:
        self._answer = answer
        self._cap = cap

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in capped(self._answer.aiter_stream(), self._cap):
            yield chunk

    async def aclose(self) -> None:
        """Give the connection back, or close it when the body was not read to its end."""
        await self._answer.aclose()


async def capped(chunks: AsyncGenerator[bytes], cap: int) -> AsyncIterator[bytes]:
    """`chunks` up to `cap` bytes; one more raises `ResponseTooLarge`."""
    size = 0
    async with aclosing(chunks):
        async for chunk in chunks:
            size += len(chunk)
            if size > cap:
                raise ResponseTooLarge(f"The answer's body is larger than {cap} bytes; the rest was not read")
            yield chunk


class Progress:
    """How far one exchange came, so that a failure can say whether the request may have arrived."""

    def __init__(self) -> None:
        self.sending = False

    async def trace(self, event: str, _details: Mapping[str, object]) -> None:
        """The HTTP library calls this at each step."""
        if event == "http11.send_request_headers.started":
            self.sending = True

    @contextmanager
    def typed_failures(self) -> Iterator[None]:
        """Turn what the HTTP library raises into our errors."""
        try:
            yield
        except httpcore2.TimeoutException as late:
            sentence = "The host did not answer in time" if self.sending else "The host was not reached in time"
            raise EgressTimeout(sentence, may_have_arrived=self.sending) from late
        except httpcore2.LocalProtocolError as malformed:
            raise RequestMalformed("The request cannot be sent as HTTP/1.1") from malformed
        except httpcore2.RemoteProtocolError as broken:
            raise _unreadable(broken) from broken
        except (httpcore2.NetworkError, httpx2.DecodingError, OSError) as failure:
            raise EgressFailed(_sentence_for(failure), may_have_arrived=self.sending) from failure


def _unreadable(broken: httpcore2.RemoteProtocolError) -> EgressFailed | ResponseTooLarge:
    # The parser marks "too much without an end" with the status that a server would answer to it.
    hint = getattr(next(iter(broken.args), None), "error_status_hint", None)
    if hint == httpx2.codes.REQUEST_HEADER_FIELDS_TOO_LARGE:
        return ResponseTooLarge("The answer's head is too large; the rest was not read")
    return EgressFailed("The host closed the connection or did not answer in HTTP", may_have_arrived=True)


def _sentence_for(failure: Exception) -> str:
    if isinstance(failure, httpx2.DecodingError):
        return "The answer's body could not be decompressed"
    if failure.args and isinstance(failure.args[0], ssl.SSLError):
        return "No secure connection to the host; check that its certificate is valid for its name"
    return "The connection to the host failed"
