"""What stands in for the internet: name servers made of a table, connectors that never leave the machine, servers."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_address

import httpcore2

from leadsail.foundation.egress import IPAddress, TcpConnector

# Building the usual context reads all of the system's certificates; these tests need none of them.
TRUST_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
LOOPBACK = ip_address("127.0.0.1")


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


# Many containers have no IPv6 at all; there is then no such address to guard.
HAS_IPV6 = _has_ipv6()


class TableResolver:
    """Answers from a table; a name with several answers gives the next one each time, the last for ever."""

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._names = {name: list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    async def resolve(self, host: str) -> list[IPAddress]:
        self.asked.append(host)
        if host not in self._names:
            raise OSError(errno.ENOENT, "no such name")
        answers = self._names[host]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ip_address(address) for address in answer]


class ClaimedStream(httpcore2.AsyncNetworkStream):
    """A connection to this machine that says it leads elsewhere."""

    def __init__(self, inner: httpcore2.AsyncNetworkStream, peer: tuple[str, int]) -> None:
        self._inner = inner
        self._peer = peer
        self.closed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - inherited
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - inherited
        await self._inner.write(buffer, timeout)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - inherited
    ) -> httpcore2.AsyncNetworkStream:
        return await self._inner.start_tls(ssl_context, server_hostname, timeout)

    async def aclose(self) -> None:
        self.closed = True
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> object:
        return self._peer if info == "server_addr" else self._inner.get_extra_info(info)


class ForwardingConnector:
    """Records where it was asked to connect, and connects to one local server instead."""

    def __init__(
        self,
        local_port: int,
        *,
        dead: Sequence[str] = (),
        silent: Sequence[str] = (),
        peer: str | None = None,
    ) -> None:
        self._local_port = local_port
        self._dead = dead
        self._silent = silent
        self._peer = peer
        self.dialed: list[tuple[str, int]] = []
        self.streams: list[ClaimedStream] = []

    async def connect(self, address: IPAddress, port: int, *, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        self.dialed.append((str(address), port))
        if str(address) in self._dead:
            raise httpcore2.ConnectError
        if str(address) in self._silent:
            await asyncio.sleep(seconds or 0)
            raise httpcore2.ConnectTimeout
        inner = await TcpConnector().connect(LOOPBACK, self._local_port, seconds=seconds)
        self.streams.append(ClaimedStream(inner, (self._peer or str(address), port)))
        return self.streams[-1]


class StuckConnector:
    """Never gets through."""

    async def connect(self, address: IPAddress, port: int, *, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        await asyncio.Event().wait()
        raise AssertionError(address, port, seconds)


class LoopbackConnector:
    """Really connects, but to local canaries alone, whatever the port; records and refuses everything else."""

    def __init__(self, canary_port: int) -> None:
        self._canary_port = canary_port
        self.dialed: list[tuple[str, int]] = []

    async def connect(self, address: IPAddress, port: int, *, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        self.dialed.append((str(address), port))
        local = getattr(address, "ipv4_mapped", None) or address
        if not (local.is_loopback or local.is_unspecified):
            raise httpcore2.ConnectError("tests stay on this machine")
        return await TcpConnector().connect(address, self._canary_port, seconds=seconds)


Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class LocalServer:
    """A small HTTP server that gives one reply to every request and remembers what it was sent."""

    def __init__(self, reply: bytes | Reply) -> None:
        self.reply = reply
        self.port = 0
        self.connections = 0
        self._talks: set[asyncio.Task[object]] = set()
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.left = asyncio.Event()

    @asynccontextmanager
    async def listening(
        self, tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> AsyncIterator["LocalServer"]:
        server = await asyncio.start_server(self._serve, host, port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        talks = [talk for talk in self._talks if talk.cancel()]
        await asyncio.gather(*talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        self.connections += 1
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()
            self.left.set()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(_length_in(head)))
        if callable(self.reply):
            await self.reply(writer)
            return False
        writer.write(self.reply)
        await writer.drain()
        return b"Connection: close" not in self.reply


def _length_in(head: str) -> int:
    lengths = [line.split(":")[1] for line in head.lower().splitlines() if line.startswith("content-length:")]
    return int(lengths[0]) if lengths else 0


def reply(*lines: str, body: bytes = b"", status: str = "200 OK", length: int | None = None) -> bytes:
    """A complete HTTP/1.1 answer."""
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *lines, "", ""]
    return "\r\n".join(head).encode() + body


class Canaries:
    """Servers on several local addresses, all on one port, that count who came."""

    ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.127.127.127", *(["::1"] if HAS_IPV6 else []))

    def __init__(self) -> None:
        self.port = 0
        self._servers = {address: LocalServer(reply("Connection: close")) for address in self.ADDRESSES}

    @property
    def visits(self) -> dict[str, int]:
        return {address: server.connections for address, server in self._servers.items()}

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Canaries"]:
        async with AsyncExitStack() as stack:
            for address, server in self._servers.items():
                await stack.enter_async_context(server.listening(host=address, port=self.port))
                self.port = server.port
            yield self
