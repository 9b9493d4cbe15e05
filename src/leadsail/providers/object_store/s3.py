"""The store in a bucket of any service that speaks the S3 protocol, through obstore.

Who we are, where the bucket is and how the connection is checked come from the settings alone: obstore would also
read `AWS_*` from the environment, and what could send an object elsewhere or unsigned is overruled here.
"""

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Literal
from urllib.parse import SplitResult, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from leadsail.ports.object_store import (
    ByteRange,
    Content,
    InvalidObjectKey,
    ListedObject,
    ObjectDamaged,
    ObjectExists,
    ObjectKey,
    ObjectNotFound,
    ObjectPrefix,
    ObjectStoreCapabilities,
    ObjectStoreError,
    ObjectStoreRefused,
    ObjectStoreUnavailable,
    StoredObject,
    parse_content_type,
    parse_key,
    parse_prefix,
)
from leadsail.providers.object_store.content import PIECE, pieces, verified
from leadsail.providers.object_store.settings import S3Settings

if TYPE_CHECKING:
    from obstore import GetResult, ObjectMeta
    from obstore.store import S3Credential

_IN_MEMORY = 8 * PIECE
_LISTED_AT_ONCE = 1000
_LONGEST_REQUEST = timedelta(hours=1)
_LONGEST_RETRYING = timedelta(minutes=2)

# obstore tells what a service answered in the text of its error only. Keys, which stand there too, have no capitals.
_REFUSED = re.compile(r"status code: 40[13]|Received redirect|AuthorizationHeaderMalformed")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")
_NO_BUCKET = "NoSuchBucket"


class S3Bucket:
    """An `ObjectStore` in one bucket; creating it contacts nobody, and the bucket must exist already.

    The hash is kept as user metadata of the object. Metadata go ahead of the content, so all content is first
    collected, in memory or beyond 8 MB in an unnamed temporary file; a source that breaks has sent nothing.
    """

    capabilities = ObjectStoreCapabilities(shared_between_machines=True)

    def __init__(self, settings: S3Settings) -> None:
        self._name = f"The bucket {settings.bucket} at {settings.endpoint}"
        self._bucket = _connect(settings)

    async def put(self, key: ObjectKey, content: Content, content_type: str) -> StoredObject:
        """See `ObjectStore`."""
        return await self._put(key, content, content_type, "overwrite")

    async def put_new(self, key: ObjectKey, content: Content, content_type: str) -> StoredObject:
        """See `ObjectStore`."""
        try:
            return await self._put(key, content, content_type, "create")
        except (AlreadyExistsError, PreconditionError):
            raise ObjectExists(key) from None

    async def _put(
        self, key: ObjectKey, content: Content, content_type: str, mode: Literal["create", "overwrite"]
    ) -> StoredObject:
        key, content_type = parse_key(key), parse_content_type(content_type)
        async with _collected(content) as collected:
            stored = StoredObject(key, collected.size, collected.sha256, content_type)
            with self._explained():
                await obstore.put_async(
                    self._bucket,
                    key,
                    collected.file,
                    attributes={"Content-Type": content_type, "sha256": collected.sha256},
                    mode=mode,
                )
        return stored

    async def get(self, key: ObjectKey) -> bytes:
        """See `ObjectStore`."""
        return b"".join([piece async for piece in self.stream(key)])

    async def stream(self, key: ObjectKey, byte_range: ByteRange | None = None) -> AsyncIterator[bytes]:
        """See `ObjectStore`."""
        key = parse_key(key)
        found = await self._find(key) if byte_range is None else await self._find_range(key, byte_range)
        content = self._read(found)
        async for piece in verified(content, _described(key, found)) if byte_range is None else content:
            yield piece

    async def head(self, key: ObjectKey) -> StoredObject:
        """See `ObjectStore`."""
        key = parse_key(key)
        with self._explained(key):
            return _described(key, await obstore.get_async(self._bucket, key, options={"head": True}))

    async def delete(self, key: ObjectKey) -> None:
        """See `ObjectStore`."""
        key = parse_key(key)
        with suppress(ObjectNotFound), self._explained(key):
            await obstore.delete_async(self._bucket, key)

    async def delete_prefix(self, prefix: ObjectPrefix) -> int:
        """See `ObjectStore`."""
        removed = 0
        async for batch in self._listed(parse_prefix(prefix)):
            with self._explained():
                await obstore.delete_async(self._bucket, [found["path"] for found in batch])
            removed += len(batch)
        return removed

    async def list(self, prefix: ObjectPrefix) -> AsyncIterator[ListedObject]:
        """See `ObjectStore`."""
        async for batch in self._listed(parse_prefix(prefix)):
            for found in batch:
                if key := _key_or_none(found["path"]):
                    yield ListedObject(key, found["size"])

    async def _find(self, key: ObjectKey) -> "GetResult":
        with self._explained(key):
            return await obstore.get_async(self._bucket, key)

    async def _find_range(self, key: ObjectKey, asked: ByteRange) -> "GetResult":
        # Asking first costs a request, but obstore has no error of its own for a range that is not there.
        start, end = asked.within((await self.head(key)).size)
        with self._explained(key):
            return await obstore.get_async(self._bucket, key, options={"range": (start, end)})

    async def _read(self, found: "GetResult") -> AsyncIterator[bytes]:
        remaining = found.range[1] - found.range[0]
        with self._explained():
            async for chunk in found.stream(min_chunk_size=PIECE):
                remaining -= len(chunk)
                yield bytes(chunk)
        if remaining:
            raise ObjectStoreUnavailable(f"{self._name} broke off in the middle of an object; try again.")

    async def _listed(self, prefix: ObjectPrefix) -> AsyncIterator[Sequence["ObjectMeta"]]:
        with self._explained():
            async for batch in obstore.list(self._bucket, prefix, chunk_size=_LISTED_AT_ONCE):
                yield batch

    @contextmanager
    def _explained(self, key: ObjectKey | None = None) -> Iterator[None]:
        """Put what obstore says into the port's words; `key` is what the store may say it does not have."""
        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise
        except (BaseError, OSError) as error:
            if key and isinstance(error, FileNotFoundError) and _NO_BUCKET not in str(error):
                raise ObjectNotFound(key) from None
            raise self._translated(str(error)) from error

    def _translated(self, said: str) -> ObjectStoreError:
        if _NO_BUCKET in said:
            return ObjectStoreRefused(f"{self._name} does not exist; create it or correct the settings.")
        if _REFUSED.search(said):
            return ObjectStoreRefused(
                f"{self._name} refused us; check region, key id, secret and the rights they give."
            )
        return ObjectStoreUnavailable(f"{self._name} cannot be used now; try again, and check that it is up.")


@dataclass(frozen=True, slots=True)
class _Collected:
    file: IO[bytes]
    size: int
    sha256: str


@asynccontextmanager
async def _collected(content: Content) -> AsyncIterator[_Collected]:
    digest = hashlib.sha256()
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:

        def add(piece: bytes) -> None:
            digest.update(piece)
            file.write(piece)

        async for piece in pieces(content):
            await asyncio.to_thread(add, piece)
        size = file.tell()
        file.seek(0)
        yield _Collected(file, size, digest.hexdigest())


def _described(key: ObjectKey, found: "GetResult") -> StoredObject:
    sha256, content_type = found.attributes.get("sha256"), found.attributes.get("Content-Type")
    if not sha256 or not content_type:
        raise ObjectDamaged(key)
    return StoredObject(key, found.meta["size"], sha256, content_type)


def _key_or_none(path: str) -> ObjectKey | None:
    try:
        return parse_key(path)
    except InvalidObjectKey:
        return None


def _connect(settings: S3Settings) -> S3Store:
    address = bucket_address(settings)

    def credential() -> "S3Credential":
        return {
            "access_key_id": settings.access_key_id,
            "secret_access_key": settings.secret_access_key,
            "token": None,
            "expires_at": None,
        }

    return S3Store(
        settings.bucket,
        aws_endpoint_url_s3=address,
        region=settings.region,
        virtual_hosted_style_request=not settings.path_style,
        credential_provider=credential,
        skip_signature=False,
        unsigned_payload=False,
        s3_express=False,
        disable_bulk_delete=True,  # not every S3-compatible service has it
        client_options={
            "allow_http": address.startswith("http://"),
            "allow_invalid_certificates": False,
            "connect_timeout": settings.connect_timeout,
            "read_timeout": settings.silence_timeout,
            "timeout": _LONGEST_REQUEST,
        },
        retry_config={
            "max_retries": settings.max_retries,
            "retry_timeout": _LONGEST_RETRYING,
            "backoff": {"init_backoff": settings.first_retry_after},
        },
    )


def bucket_address(settings: S3Settings) -> str:
    """Where requests for the bucket go; raises `ObjectStoreRefused` when endpoint or bucket cannot be one."""
    parts = _parse_endpoint(settings.endpoint)
    if not _BUCKET.fullmatch(settings.bucket):
        raise ObjectStoreRefused(
            f"{settings.bucket!r} is not a bucket name; it has 3 to 63 lower-case letters, digits, dots or dashes."
        )
    if settings.path_style:
        return f"{parts.scheme}://{parts.netloc}"
    if _ADDRESS.fullmatch(parts.hostname or ""):
        raise ObjectStoreRefused(f"The bucket cannot go before the address {parts.hostname}; set path_style.")
    return f"{parts.scheme}://{settings.bucket}.{parts.netloc}"


def _parse_endpoint(endpoint: str) -> SplitResult:
    with suppress(ValueError):  # an unclosed bracket, a port that is no number
        parts = urlsplit(endpoint)
        has_host = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        if has_host and "@" not in parts.netloc and not (parts.path.strip("/") or parts.query or parts.fragment):
            return parts
    raise ObjectStoreRefused(
        "The endpoint of the object store must look like https://host or https://host:port, without a path."
    )
