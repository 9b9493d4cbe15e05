"""A small S3 service on 127.0.0.1 for tests: checks every signature, keeps a ledger, and fails on demand.

It speaks the part of the protocol that the product uses: PUT, GET with Range, HEAD, DELETE, ListObjectsV2 and
multipart uploads, path-style. It shares no code with the product.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Self
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape, unescape


class Fault(Enum):
    """A way of going wrong."""

    UNAVAILABLE = auto()
    """Answer 503."""
    MOVED = auto()
    """Answer 301 without saying where to, as a service does that knows the bucket in another region."""
    CUT_BEFORE_ANSWER = auto()
    """Do nothing and close the connection."""
    CUT_AFTER_DOING = auto()
    """Do what was asked, then close the connection without a word."""
    CUT_IN_BODY = auto()
    """Send half of the body, then close the connection."""
    WRONG_ETAG = auto()
    """Answer with an ETag that belongs to nothing."""
    WRONG_BYTE = auto()
    """Answer with one byte of the body changed."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: what was asked, and the status of the answer (0 when there was none)."""

    method: str
    path: str
    query: Mapping[str, str]
    status: int


@dataclass
class _Object:
    content: bytes
    headers: dict[str, str]

    @property
    def etag(self) -> str:
        return _etag(self.content)


@dataclass
class _Upload:
    key: str
    headers: dict[str, str]
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def kept_headers(self) -> dict[str, str]:
        return {
            name: value
            for name, value in self.headers.items()
            if name == "content-type" or name.startswith("x-amz-meta-")
        }


@dataclass
class _Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class S3Simulator:
    """The service with one bucket. `objects` is what it keeps, `ledger` everything it was asked."""

    def __init__(self, *, bucket: str, access_key_id: str, secret: str) -> None:
        self.bucket = bucket
        self.access_key_id = access_key_id
        self.secret = secret
        self.region = "test-1"
        self.page_size = 1000
        self.strict_delete = False  # some services answer 404 where Amazon's answers 204
        self.objects: dict[str, _Object] = {}
        self.uploads: dict[str, _Upload] = {}
        self.ledger: list[Entry] = []
        self._faults: list[tuple[Fault, str]] = []
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._port = 0
        self._uploads_begun = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def endpoint(self) -> str:
        """The address of the service; it stays the same over `stop` and `start`."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection; what is kept stays kept."""
        if self._server:
            self._server.close()
        for writer in self._connections.values():
            writer.close()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def fail(self, fault: Fault, *, times: int = 1, method: str = "") -> None:
        """Go wrong at the next requests, as often as `times`, of that method only if one is given."""
        self._faults += [(fault, method)] * times

    def asked(self, method: str) -> list[Entry]:
        """The ledger's lines for one method."""
        return [entry for entry in self.ledger if entry.method == method]

    # Connections

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections[task] = writer
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._serve_one(reader, writer):
                pass
        writer.close()
        del self._connections[task]

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read_request(reader)
        fault = self._next_fault(request.method)
        answer = None if fault is Fault.CUT_BEFORE_ANSWER else self._answer(request, fault)
        if answer is None or fault is Fault.CUT_AFTER_DOING:
            self._note(request, 0)
            return False
        self._note(request, answer.status)
        writer.write(_head(answer))
        body = b"" if request.method == "HEAD" else answer.body
        writer.write(body[: len(body) // 2] if fault is Fault.CUT_IN_BODY else body)
        await writer.drain()
        return fault is not Fault.CUT_IN_BODY

    def _note(self, request: _Request, status: int) -> None:
        self.ledger.append(Entry(request.method, request.path, request.query, status))

    def _next_fault(self, method: str) -> Fault | None:
        for position, (fault, wanted) in enumerate(self._faults):
            if wanted in {"", method}:
                del self._faults[position]
                return fault
        return None

    def _answer(self, request: _Request, fault: Fault | None) -> _Answer:
        if fault is Fault.UNAVAILABLE:
            return _error(503, "SlowDown")
        if fault is Fault.MOVED:
            return _error(301, "PermanentRedirect")
        answer = self._refusal(request) or self._serve(request)
        if fault is Fault.WRONG_ETAG:
            answer.headers["ETag"] = '"00000000000000000000000000000000"'
        if fault is Fault.WRONG_BYTE and answer.body:
            answer.body = bytes([answer.body[0] ^ 1]) + answer.body[1:]
        return answer

    # What may be asked

    def _refusal(self, request: _Request) -> _Answer | None:
        if request.headers.get("x-amz-content-sha256") != hashlib.sha256(request.body).hexdigest():
            return _error(400, "XAmzContentSHA256Mismatch")
        if request.headers.get("authorization") != self._expected_authorization(request):
            return _error(403, "SignatureDoesNotMatch")
        if "x-amz-security-token" in request.headers:
            return _error(403, "InvalidToken")  # none was ever given out
        bucket = request.path.lstrip("/").partition("/")[0]
        return None if bucket == self.bucket else _error(404, "NoSuchBucket")

    def _expected_authorization(self, request: _Request) -> str | None:
        """The header that a holder of the secret would have sent with this request.

        After "Signature Calculations for the Authorization Header" in the Amazon S3 API reference (version 4).
        """
        found = re.search(r"SignedHeaders=([a-z0-9;-]+)", request.headers.get("authorization", ""))
        if not found or not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(found[1].split(";")):
            return None
        instant = request.headers["x-amz-date"]
        scope = f"{instant[:8]}/{self.region}/s3/aws4_request"
        digest = hashlib.sha256(_canonical(request, found[1]).encode()).hexdigest()
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        to_sign = f"AWS4-HMAC-SHA256\n{instant}\n{scope}\n{digest}"
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        credential = f"{self.access_key_id}/{scope}"
        return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={found[1]}, Signature={signature}"

    # What is done

    def _serve(self, request: _Request) -> _Answer:
        key = unquote(request.path).removeprefix(f"/{self.bucket}").lstrip("/")
        if request.query.keys() & {"uploads", "uploadId"}:
            return self._serve_upload(key, request)
        if request.method == "PUT":
            return self._put(key, request)
        if request.method == "DELETE":
            missing = self.objects.pop(key, None) is None
            return _error(404, "NoSuchKey") if missing and self.strict_delete else _Answer(204)
        return self._get(key, request) if key else self._list(request.query)

    def _put(self, key: str, request: _Request) -> _Answer:
        if request.headers.get("if-none-match") == "*" and key in self.objects:
            return _error(412, "PreconditionFailed")
        self.objects[key] = _Object(request.body, request.kept_headers)
        return _Answer(200, headers={"ETag": _etag(request.body)})

    def _get(self, key: str, request: _Request) -> _Answer:
        found = self.objects.get(key)
        if found is None:
            return _error(404, "NoSuchKey")
        if request.headers.get("if-match", found.etag) != found.etag:
            return _error(412, "PreconditionFailed")
        headers = found.headers | {"ETag": found.etag, "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not asked:
            return _Answer(200, found.content, headers)
        size, start = len(found.content), int(asked[1])
        end = min(int(asked[2] or size - 1), size - 1)
        if start >= size:
            return _error(416, "InvalidRange")
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        return _Answer(206, found.content[start : end + 1], headers)

    def _list(self, query: Mapping[str, str]) -> _Answer:
        after = query.get("continuation-token", "")
        keys = sorted(key for key in self.objects if key.startswith(query.get("prefix", "")) and key > after)
        page, more = keys[: self.page_size], len(keys) > self.page_size
        lines = [
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>{escape(self.objects[key].etag)}</ETag><Size>{len(self.objects[key].content)}</Size></Contents>"
            for key in page
        ]
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        return _xml("ListBucketResult", f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{''.join(lines)}")

    # Multipart uploads: nothing is visible before the last step

    def _serve_upload(self, key: str, request: _Request) -> _Answer:
        if "uploads" in request.query:
            return self._begin_upload(key, request)
        upload_id = request.query["uploadId"]
        if upload_id not in self.uploads:
            return _error(404, "NoSuchUpload")
        if request.method == "PUT":
            self.uploads[upload_id].parts[int(request.query["partNumber"])] = request.body
            return _Answer(200, headers={"ETag": _etag(request.body)})
        if request.method == "POST":
            return self._complete_upload(upload_id, request.body)
        del self.uploads[upload_id]
        return _Answer(204)

    def _begin_upload(self, key: str, request: _Request) -> _Answer:
        self._uploads_begun += 1
        upload_id = f"upload-{self._uploads_begun}"
        self.uploads[upload_id] = _Upload(key, request.kept_headers)
        answer = f"<Key>{escape(key)}</Key><UploadId>{upload_id}</UploadId>"
        return _xml("InitiateMultipartUploadResult", answer)

    def _complete_upload(self, upload_id: str, body: bytes) -> _Answer:
        upload = self.uploads[upload_id]
        text = unescape(body.decode(), {"&quot;": '"'})
        named = re.findall(r"<Part><ETag>([^<]*)</ETag><PartNumber>(\d+)</PartNumber></Part>", text)
        chosen = [upload.parts.get(int(number), b"") for _, number in named]
        if not chosen or any(etag != _etag(part) for (etag, _), part in zip(named, chosen, strict=True)):
            return _error(400, "InvalidPart")
        content = b"".join(chosen)
        self.objects[upload.key] = _Object(content, upload.headers)
        del self.uploads[upload_id]
        return _xml("CompleteMultipartUploadResult", f"<ETag>{escape(_etag(content))}</ETag>")


async def _read_request(reader: asyncio.StreamReader) -> _Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    path, _, raw_query = target.partition("?")
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return _Request(method, path, raw_query, headers, body)


def _canonical(request: _Request, signed_headers: str) -> str:
    query = sorted((_quoted(name), _quoted(value)) for name, value in request.query.items())
    lines = [
        request.method,
        quote(unquote(request.path), safe="/-_.~"),
        "&".join(f"{name}={value}" for name, value in query),
        *(f"{name}:{request.headers.get(name, '')}" for name in signed_headers.split(";")),
        "",
        signed_headers,
        request.headers["x-amz-content-sha256"],
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _head(answer: _Answer) -> bytes:
    headers = answer.headers if answer.status == 204 else answer.headers | {"Content-Length": str(len(answer.body))}
    lines = [f"HTTP/1.1 {answer.status} Simulated", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _xml(name: str, content: str) -> _Answer:
    return _Answer(200, f"<{name}>{content}</{name}>".encode(), {"Content-Type": "application/xml"})


def _error(status: int, code: str) -> _Answer:
    return _Answer(status, f"<Error><Code>{code}</Code></Error>".encode(), {"Content-Type": "application/xml"})


def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
