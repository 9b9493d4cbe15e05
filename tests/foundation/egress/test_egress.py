"""Requests, answers and the caps on both."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from leadsail.foundation.egress import (
    Egress,
    EgressFailed,
    EgressLimits,
    EgressRequest,
    EgressResponse,
    EgressTimeout,
    RequestMalformed,
    ResponseTooLarge,
)
from tests.foundation.egress.doubles import (
    TRUST_NOBODY,
    ForwardingConnector,
    LocalServer,
    Reply,
    StuckConnector,
    TableResolver,
    reply,
)

NAME = "hooks.buyer.example"
URL = f"http://{NAME}/"
RESOLVER = TableResolver({NAME: [["1.1.1.1"]]})
SMALL = EgressLimits(body_bytes=10_000, header_bytes=2_000)

Scene = tuple[Egress, LocalServer]
Stage = Callable[..., AbstractAsyncContextManager[Scene]]


@pytest.fixture
def stage() -> Stage:
    """A public server that always gives the same reply, and an egress that reaches it."""

    @asynccontextmanager
    async def built(answer: bytes | Reply, limits: EgressLimits = SMALL) -> AsyncIterator[Scene]:
        async with LocalServer(answer).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=RESOLVER, connector=connector, limits=limits, tls=TRUST_NOBODY) as egress:
                yield egress, server

    return built


async def get(egress: Egress, url: str = URL) -> EgressResponse:
    return await egress.send(EgressRequest("GET", url), destination="public")


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 1000)
        await writer.drain()


async def endless_head(writer: asyncio.StreamWriter) -> None:
    """Header lines without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-Line: " + b"x" * 1000 + b"\r\n")
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """A body that is always almost there."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def silent(writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await writer.wait_closed()


async def hanging_up(writer: asyncio.StreamWriter) -> None:
    """A connection closed in the middle of the body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()


class TestSend:
    async def test_delivers_method_headers_and_content(self, stage: Stage) -> None:
        request = EgressRequest("POST", f"{URL}hook?a=%2F", {"X-Signature": "v1,abc"}, b'{"lead":1}')
        async with stage(reply("X-Trace: 7", body=b"thanks", status="202 Accepted")) as (egress, server):
            response = await egress.send(request, destination="public")

        assert response == EgressResponse(202, response.headers, b"thanks")
        assert response.headers["x-trace"] == "7"
        assert server.heads[0].startswith("POST /hook?a=%2F HTTP/1.1\r\n")
        assert "x-signature: v1,abc\r\n" in server.heads[0].lower()
        assert server.bodies == [b'{"lead":1}']

    @pytest.mark.parametrize("status", ["400 Bad", "404 Not Found", "500 Oops", "503 Later"])
    async def test_hands_back_any_status_as_an_answer(self, stage: Stage, status: str) -> None:
        async with stage(reply(status=status)) as (egress, _server):
            response = await get(egress)

        assert response.status == int(status[:3])

    async def test_sends_no_cookie_that_an_answer_set(self, stage: Stage) -> None:
        """Two tenants may use the same host; neither may see the other's session."""
        async with stage(reply("Set-Cookie: session=secret")) as (egress, server):
            await get(egress)
            await get(egress)

        assert [head for head in server.heads if "cookie" in head.lower()] == []

    async def test_decompresses_the_body(self, stage: Stage) -> None:
        packed = reply("Content-Encoding: gzip", body=gzip.compress(b"hello"))
        async with stage(packed) as (egress, _server):
            response = await get(egress)

        assert response.body == b"hello"

    async def test_reads_no_body_where_there_is_none(self, stage: Stage) -> None:
        async with stage(reply("Connection: close", length=10**9)) as (egress, _server):
            response = await egress.send(EgressRequest("HEAD", URL), destination="public")

        assert response.body == b""

    @pytest.mark.parametrize("method", ["CONNECT", "TRACE", "get", "", "GET ", "GET / HTTP/1.1\r\nX:"])
    async def test_refuses_methods_that_are_not_ours(self, stage: Stage, method: str) -> None:
        async with stage(reply()) as (egress, server):
            with pytest.raises(RequestMalformed, match="method"):
                await egress.send(EgressRequest(method, URL), destination="public")

        assert server.connections == 0

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Host", "127.0.0.1"),
            ("host", "127.0.0.1"),
            ("Content-Length", "0"),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "upgrade"),
            ("Upgrade", "websocket"),
            ("Proxy-Authorization", "Basic x"),
            ("X-Bad", "a\r\nHost: 127.0.0.1"),
            ("X-Bad", "a\nb"),
            ("X-Bad", "a\x00b"),
            ("X-Bad", "ü"),
            ("X-Bad\r\nHost", "127.0.0.1"),
            ("X Bad", "a"),
            ("X-Bad:", "a"),
            ("", "a"),
        ],
    )
    async def test_refuses_headers_that_steer_the_connection(self, stage: Stage, name: str, value: str) -> None:
        async with stage(reply()) as (egress, server):
            with pytest.raises(RequestMalformed, match="header"):
                await egress.send(EgressRequest("GET", URL, {name: value}), destination="public")

        assert server.connections == 0

    def test_shows_no_secret_when_printed(self) -> None:
        request = EgressRequest("GET", f"{URL}?token=secret", {"Authorization": "secret"}, b"secret")

        assert "secret" not in repr(request)
        assert "secret" not in repr(EgressResponse(200, {}, b"secret"))


class TestStream:
    async def test_gives_the_head_before_the_body(self, stage: Stage) -> None:
        async with (
            stage(reply("X-Kind: wav", body=b"x" * 5000)) as (egress, _server),
            egress.stream(EgressRequest("GET", URL), destination="public") as answer,
        ):
            head = (answer.status, answer.headers["x-kind"])
            body = b"".join([chunk async for chunk in answer.chunks()])

        assert head == (200, "wav")
        assert body == b"x" * 5000

    async def test_left_before_the_end_hangs_up(self, stage: Stage) -> None:
        async with stage(endless) as (egress, server):
            async with egress.stream(EgressRequest("GET", URL), destination="public") as answer:
                status = answer.status
            await asyncio.wait_for(server.left.wait(), timeout=10)

        assert status == 200

    async def test_leaves_the_callers_own_timeout_alone(self, stage: Stage) -> None:
        async with stage(reply()) as (egress, _server):
            with pytest.raises(TimeoutError):
                async with egress.stream(EgressRequest("GET", URL), destination="public"):
                    raise TimeoutError


class TestSizeCaps:
    async def test_accepts_a_body_of_exactly_the_cap(self, stage: Stage) -> None:
        async with stage(reply(body=b"x" * SMALL.body_bytes)) as (egress, _server):
            response = await get(egress)

        assert len(response.body) == SMALL.body_bytes

    async def test_refuses_one_byte_more(self, stage: Stage) -> None:
        async with stage(reply(body=b"x" * (SMALL.body_bytes + 1))) as (egress, _server):
            with pytest.raises(ResponseTooLarge) as refusal:
                await get(egress)

        assert (refusal.value.retryable, refusal.value.may_have_arrived) == (False, True)

    async def test_allows_more_where_one_request_says_so(self, stage: Stage) -> None:
        large = EgressLimits(body_bytes=50_000)
        async with stage(reply(body=b"x" * 50_000)) as (egress, _server):
            response = await egress.send(EgressRequest("GET", URL), destination="public", limits=large)

        assert len(response.body) == 50_000

    async def test_stops_reading_an_endless_body(self, stage: Stage) -> None:
        async with stage(endless) as (egress, _server):
            with pytest.raises(ResponseTooLarge):
                await get(egress)

    async def test_stops_unpacking_a_bomb(self, stage: Stage) -> None:
        bomb = gzip.compress(bytes(50_000_000), 9)
        limits = EgressLimits(body_bytes=1_000_000)
        async with stage(reply("Content-Encoding: gzip", body=bomb), limits) as (egress, _server):
            with pytest.raises(ResponseTooLarge):
                await get(egress)

    async def test_counts_bytes_that_unpack_to_nothing(self, stage: Stage) -> None:
        """Empty blocks keep a decompressor busy for ever and give it nothing to count."""
        packer = zlib.compressobj(wbits=31)
        hollow = packer.flush(zlib.Z_SYNC_FLUSH) + b"\x00\x00\x00\xff\xff" * 20_000
        async with stage(reply("Content-Encoding: gzip", body=hollow)) as (egress, _server):
            with pytest.raises(ResponseTooLarge):
                await get(egress)

    async def test_refuses_layers_of_compression(self, stage: Stage) -> None:
        body = gzip.compress(gzip.compress(b"hello"))
        async with stage(reply("Content-Encoding: gzip, gzip", body=body)) as (egress, _server):
            with pytest.raises(EgressFailed, match="more than once"):
                await get(egress)

    async def test_refuses_a_body_that_is_not_what_it_says(self, stage: Stage) -> None:
        async with stage(reply("Content-Encoding: gzip", body=b"plain")) as (egress, _server):
            with pytest.raises(EgressFailed, match="decompressed"):
                await get(egress)

    async def test_refuses_a_head_above_the_cap(self, stage: Stage) -> None:
        async with stage(reply("X-Long: " + "x" * SMALL.header_bytes)) as (egress, _server):
            with pytest.raises(ResponseTooLarge, match="head"):
                await get(egress)

    async def test_stops_reading_an_endless_head(self, stage: Stage) -> None:
        async with stage(endless_head) as (egress, _server):
            with pytest.raises(ResponseTooLarge, match="head"):
                await get(egress)


class TestTimeCaps:
    @pytest.mark.parametrize("behaviour", [silent, dripping])
    async def test_ends_an_exchange_that_takes_too_long(self, stage: Stage, behaviour: Reply) -> None:
        limits = EgressLimits(total_seconds=0.8)
        async with stage(behaviour, limits) as (egress, _server):
            with pytest.raises(EgressTimeout) as late:
                await get(egress)

        assert (late.value.retryable, late.value.may_have_arrived) == (True, True)

    @pytest.mark.parametrize(
        ("limits", "sentence"),
        [
            (EgressLimits(connect_seconds=0.05), "not reached in time"),
            (EgressLimits(total_seconds=0.05), r"within 0\.05 seconds"),
        ],
    )
    async def test_ends_a_connect_that_takes_too_long(self, limits: EgressLimits, sentence: str) -> None:
        async with Egress(resolver=RESOLVER, connector=StuckConnector(), limits=limits) as egress:
            with pytest.raises(EgressTimeout, match=sentence) as late:
                await get(egress)

        assert not late.value.may_have_arrived


class TestBrokenAnswer:
    @pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.9\r\n\r\n", b"\x00" * 100, b"HTTP/1.1 abc\r\n\r\n"])
    async def test_is_a_failure_when_it_is_not_http(self, stage: Stage, answer: bytes) -> None:
        async with stage(answer) as (egress, _server):
            with pytest.raises(EgressFailed) as failure:
                await get(egress)

        assert failure.value.may_have_arrived

    async def test_is_a_failure_when_cut_off(self, stage: Stage) -> None:
        async with stage(hanging_up) as (egress, _server):
            with pytest.raises(EgressFailed) as failure:
                await get(egress)

        assert (failure.value.retryable, failure.value.may_have_arrived) == (True, True)

    async def test_is_a_failure_when_there_is_none(self, stage: Stage) -> None:
        async with stage(reply("Connection: close")) as (egress, server):
            await get(egress)
            server.reply = _hang_up_at_once
            with pytest.raises(EgressFailed) as failure:
                await get(egress)

        assert failure.value.may_have_arrived


async def _hang_up_at_once(writer: asyncio.StreamWriter) -> None:
    writer.close()
