"""A server that answers whatever it was told to, also half an answer or none, and keeps a ledger of what it heard."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class LyingServer:
    """Gives the prepared answers in their order; after the last one it gives none at all."""

    answers: list[bytes | None] = field(default_factory=list)
    ledger: list[Heard] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it lives."""
        return f"http://127.0.0.1:{self.port}"

    def will(self, *answers: bytes | None) -> None:
        """Prepare answers; None is silence until the client hangs up."""
        self.answers.extend(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, which takes one request."""
        try:
            self.ledger.append(await _heard(reader))
            answer = self.answers.pop(0) if self.answers else b""
            if answer is None:
                await reader.read()
            else:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _heard(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(method, target, headers, body)


def answer(status: int, body: bytes | dict[str, Any], **headers: str) -> bytes:
    """A whole answer; header names are spelled with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"content_type": "application/json", "content_length": str(len(content)), "connection": "close"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Told\r\n{lines}\r\n".encode() + content


def success(data: dict[str, Any], status: int = 200, **headers: str) -> bytes:
    """The envelope of a success."""
    return answer(status, {"success": True, "data": data}, **headers)


def refusal(status: int, code: str, *details: str, **headers: str) -> bytes:
    """The envelope of a refusal."""
    error: dict[str, Any] = {"code": code, "message": "Told so"}
    return answer(status, {"success": False, "error": error | ({"details": details} if details else {})}, **headers)


def stream(*messages: str, torn: bool = False) -> bytes:
    """A stream of events in chunks; a torn one breaks in the middle of a chunk."""
    chunks = "".join(f"{len(message.encode()):x}\r\n{message}\r\n" for message in messages)
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    head += "Connection: close\r\n\r\n"
    return (head + chunks + ("ff\r\ndata: half" if torn else "0\r\n\r\n")).encode()


def event(sequence: int, kind: str = "turn.added", **data: Any) -> str:
    """One message of a stream."""
    body = {
        "event": kind,
        "interactionId": "int_1",
        "sequence": sequence,
        "timestamp": "2026-01-02T03:04:05.678Z",
        "data": data,
    }
    return f"id: {sequence}\nevent: {kind}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"


TENANT = {
    "tenantId": "org_1",
    "name": "Sunny Solar",
    "country": "US",
    "timezone": "America/Chicago",
    "createdAt": "2026-01-02T03:04:05.678Z",
    "updatedAt": "2026-01-02T03:04:05.678Z",
}
OFFER = {
    "offerId": "offer_1",
    "name": "Rooftop solar",
    "abbrev": "ROOF",
    "active": True,
    "createdAt": "2026-01-02T03:04:05.678Z",
    "updatedAt": "2026-01-02T03:04:05.678Z",
}
