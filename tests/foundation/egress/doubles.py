"""What stands in for the internet: name servers made of a table, connectors that never leave the machine, servers."""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import httpcore2

from leadsail.foundation.egress import IPAddress, TcpConnector

LOOPBACK = ip_address("127.0.0.1")


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
        self.read = inner.read
        self.write = inner.write
        self.start_tls = inner.start_tls
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> object:
        return self._peer if info == "server_addr" else self._inner.get_extra_info(info)


class ForwardingConnector:
    """Records where it was asked to connect, and connects to one local server instead."""

    def __init__(self, local_port: int, *, dead: Sequence[str] = (), peer: str | None = None) -> None:
        self._local_port = local_port
        self._dead = dead
        self._peer = peer
        self.dialed: list[tuple[str, int]] = []
        self.streams: list[ClaimedStream] = []

    async def connect(self, address: IPAddress, port: int, *, seconds: float | None) -> httpcore2.AsyncNetworkStream:
        self.dialed.append((str(address), port))
        if str(address) in self._dead:
            raise httpcore2.ConnectError
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


class Canaries:
    """Servers on several local addresses, all on one port, that count who came."""

    ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.127.127.127", "::1")

    def __init__(self) -> None:
        self.port = 0
        self.visits = dict.fromkeys(self.ADDRESSES, 0)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Canaries"]:
        servers = [await self._listen(address) for address in self.ADDRESSES]
        yield self
        for server in servers:
            server.close()
            await server.wait_closed()

    async def _listen(self, address: str) -> asyncio.Server:
        async def sing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.visits[address] += 1
            await reader.readline()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(sing, address, self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server


Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class LocalServer:
    """A small HTTP server that gives one reply to every request and remembers what it was sent."""

    def __init__(self, reply: bytes | Reply) -> None:
        self._reply = reply
        self.port = 0
        self.connections = 0
        self.heads: list[str] = []
        self.bodies: list[bytes] = []

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["LocalServer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(_length_in(head)))
        if callable(self._reply):
            await self._reply(writer)
            return False
        writer.write(self._reply)
        await writer.drain()
        return b"Connection: close" not in self._reply


def _length_in(head: str) -> int:
    lengths = [line.split(":")[1] for line in head.lower().splitlines() if line.startswith("content-length:")]
    return int(lengths[0]) if lengths else 0


def reply(*lines: str, body: bytes = b"", status: str = "200 OK", length: int | None = None) -> bytes:
    """A complete HTTP/1.1 answer."""
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *lines, "", ""]
    return "\r\n".join(head).encode() + body
