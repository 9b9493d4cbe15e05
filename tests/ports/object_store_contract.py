"""What every object store promises. A test module inherits from `ObjectStoreContract` and gives it a `store`."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator

import pytest

from leadsail.ports.object_store import (
    ByteRange,
    ByteRangeOutside,
    InvalidObjectKey,
    ListedObject,
    ObjectExists,
    ObjectKey,
    ObjectNotFound,
    ObjectPrefix,
    ObjectStore,
    StoredObject,
    object_key,
    object_prefix,
)

KEY = object_key("ten_1", "recording", "rec_1")
OTHER_TENANT = object_key("ten_2", "recording", "rec_1")
LARGE = os.urandom(64 * 1024) * 180
"""11.25 MiB: several pieces on the way out, several parts of a multipart upload on the way in."""

HOSTILE_KEYS = [
    "",
    "/",
    "..",
    "../ten_2/recording/rec_1",
    "ten_1/../ten_2",
    "ten_1/recording/..",
    "ten_1/../../etc",
    "/etc/passwd",
    "/ten_1/recording/rec_1",
    "ten_1//rec_1",
    "ten_1/recording/",
    "ten_1/recording/rec_1/",
    "ten_1/recording/rec_1/more",
    "ten_1/recording",
    "ten_1/recording/.hidden",
    "ten_1/recording/rec.1",
    "ten_1/recording/%2e%2e",
    "ten_1/recording/rec 1",
    "ten_1/recording/rec_1\x00",
    "ten_1/recording/rec_1\n",
    "ten_1\\recording\\rec_1",
    "ten_1/recording/Rec_1",
    "ten_1/recording/réc",
    "ten_1/recording/rec\u2024\u2024",
    "ten_1/recording/-rf",
    "~/recording/rec_1",
    f"ten_1/recording/{'a' * 81}",
    f"ten_1/recording/{'a' * 100_000}",
]
HOSTILE_PREFIXES = ["", "/", "..", "../", "ten_1", "ten_1/recording", "ten_1/../", "ten_1/recording/rec_1/", "//", "*/"]


class ObjectStoreContract:
    """The promises. Fixture `store` must give an empty store."""

    async def test_what_was_put_can_be_got(self, store: ObjectStore) -> None:
        await store.put(KEY, b"hello", "audio/wav")

        assert await store.get(KEY) == b"hello"

    async def test_putting_tells_size_hash_and_type(self, store: ObjectStore) -> None:
        stored = await store.put(KEY, b"hello", "audio/wav")

        assert stored == StoredObject(KEY, 5, hashlib.sha256(b"hello").hexdigest(), "audio/wav")

    async def test_head_tells_what_putting_told(self, store: ObjectStore) -> None:
        stored = await store.put(KEY, b"hello", "text/csv; charset=utf-8")

        assert await store.head(KEY) == stored

    async def test_an_empty_object_is_an_object(self, store: ObjectStore) -> None:
        await store.put(KEY, b"", "text/csv")

        assert await store.get(KEY) == b""
        assert (await store.head(KEY)).size == 0

    @pytest.mark.parametrize("size", [1024 * 1024, 5 * 1024 * 1024, 8 * 1024 * 1024 + 1, len(LARGE)])
    async def test_content_of_any_size_comes_back_whole(self, store: ObjectStore, size: int) -> None:
        await store.put(KEY, LARGE[:size], "audio/wav")

        assert await store.get(KEY) == LARGE[:size]

    async def test_a_source_is_kept_as_if_put_at_once(self, store: ObjectStore) -> None:
        stored = await store.put(KEY, in_pieces(LARGE), "audio/wav")

        assert stored.sha256 == hashlib.sha256(LARGE).hexdigest()
        assert await store.get(KEY) == LARGE

    async def test_a_source_that_yields_nothing_is_an_empty_object(self, store: ObjectStore) -> None:
        await store.put(KEY, in_pieces(b""), "text/csv")

        assert await store.get(KEY) == b""

    async def test_putting_again_replaces_content_and_type(self, store: ObjectStore) -> None:
        await store.put(KEY, b"a longer first content", "audio/wav")
        await store.put(KEY, b"second", "audio/mpeg")

        assert await store.get(KEY) == b"second"
        assert (await store.head(KEY)).content_type == "audio/mpeg"

    async def test_putting_new_never_replaces(self, store: ObjectStore) -> None:
        await store.put_new(KEY, b"first", "audio/wav")

        with pytest.raises(ObjectExists, match=KEY):
            await store.put_new(KEY, b"second", "audio/wav")

        assert await store.get(KEY) == b"first"

    async def test_of_many_that_put_new_at_once_one_succeeds(self, store: ObjectStore) -> None:
        puts = [store.put_new(KEY, f"content {number}".encode(), "audio/wav") for number in range(20)]

        outcomes = await asyncio.gather(*puts, return_exceptions=True)

        assert [type(outcome) for outcome in outcomes].count(StoredObject) == 1
        assert [type(outcome) for outcome in outcomes].count(ObjectExists) == 19

    async def test_a_missing_object_is_not_found(self, store: ObjectStore) -> None:
        for ask in (store.get(KEY), store.head(KEY), read(store, KEY), read(store, KEY, ByteRange(0, 1))):
            with pytest.raises(ObjectNotFound, match=KEY):
                await ask

    async def test_one_tenants_object_is_not_anothers(self, store: ObjectStore) -> None:
        await store.put(OTHER_TENANT, b"theirs", "audio/wav")

        with pytest.raises(ObjectNotFound):
            await store.get(KEY)

    async def test_a_large_object_streams_in_pieces(self, store: ObjectStore) -> None:
        await store.put(KEY, LARGE, "audio/wav")

        pieces = [piece async for piece in store.stream(KEY)]

        assert b"".join(pieces) == LARGE
        assert len(pieces) > 3

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            (ByteRange(0, 1), slice(0, 1)),
            (ByteRange(3), slice(3, None)),
            (ByteRange(0), slice(None)),
            (ByteRange(2_000_000, 5_000_001), slice(2_000_000, 5_000_001)),
            (ByteRange(len(LARGE) - 1), slice(-1, None)),
            (ByteRange(len(LARGE) - 2, len(LARGE) + 10), slice(-2, None)),
        ],
    )
    async def test_a_range_gives_exactly_its_bytes(self, store: ObjectStore, asked: ByteRange, expected: slice) -> None:
        await store.put(KEY, LARGE, "audio/wav")

        assert await read(store, KEY, asked) == LARGE[expected]

    @pytest.mark.parametrize("content", [b"", b"four"])
    async def test_a_range_behind_the_end_is_refused(self, store: ObjectStore, content: bytes) -> None:
        await store.put(KEY, content, "audio/wav")

        with pytest.raises(ByteRangeOutside) as refusal:
            await read(store, KEY, ByteRange(4, 9))

        assert refusal.value.size == len(content)

    async def test_a_stream_may_be_left_early(self, store: ObjectStore) -> None:
        await store.put(KEY, LARGE, "audio/wav")

        async for piece in store.stream(KEY):
            assert piece
            break

        assert await store.get(KEY) == LARGE

    async def test_a_deleted_object_is_gone(self, store: ObjectStore) -> None:
        await store.put(KEY, b"hello", "audio/wav")

        await store.delete(KEY)

        with pytest.raises(ObjectNotFound):
            await store.head(KEY)

    async def test_deleting_what_is_not_there_changes_nothing(self, store: ObjectStore) -> None:
        await store.put(OTHER_TENANT, b"theirs", "audio/wav")

        await store.delete(KEY)
        await store.delete(KEY)

        assert await store.get(OTHER_TENANT) == b"theirs"

    async def test_a_listing_holds_one_tenants_objects_only(self, store: ObjectStore) -> None:
        import_key = object_key("ten_1", "import", "imp_1")
        await store.put(KEY, b"hello", "audio/wav")
        await store.put(import_key, b"a,b", "text/csv")
        await store.put(OTHER_TENANT, b"theirs", "audio/wav")

        assert await listed(store, object_prefix("ten_1")) == {KEY: 5, import_key: 3}
        assert await listed(store, object_prefix("ten_1", "import")) == {import_key: 3}

    async def test_a_prefix_ends_where_a_name_ends(self, store: ObjectStore) -> None:
        """`ten_1` must not list or delete `ten_10`."""
        neighbour = object_key("ten_10", "recording", "rec_1")
        await store.put(neighbour, b"theirs", "audio/wav")
        await store.put(object_key("ten_1", "recording2", "rec_1"), b"mine", "audio/wav")

        assert await listed(store, object_prefix("ten_1", "recording")) == {}
        assert await store.delete_prefix(object_prefix("ten_1")) == 1
        assert await store.get(neighbour) == b"theirs"

    async def test_a_listing_of_nothing_is_empty(self, store: ObjectStore) -> None:
        assert await listed(store, object_prefix("ten_1")) == {}

    async def test_a_long_listing_is_complete(self, store: ObjectStore) -> None:
        keys = [object_key("ten_1", "recording", f"rec_{number}") for number in range(1100)]
        for start in range(0, len(keys), 50):
            await asyncio.gather(*(store.put(key, b"x", "audio/wav") for key in keys[start : start + 50]))

        assert set(await listed(store, object_prefix("ten_1"))) == set(keys)
        assert await store.delete_prefix(object_prefix("ten_1")) == len(keys)
        assert await listed(store, object_prefix("ten_1")) == {}

    async def test_deleting_a_prefix_can_be_repeated(self, store: ObjectStore) -> None:
        await store.put(KEY, b"hello", "audio/wav")

        assert await store.delete_prefix(object_prefix("ten_1", "recording")) == 1
        assert await store.delete_prefix(object_prefix("ten_1", "recording")) == 0

    async def test_a_source_that_breaks_leaves_nothing(self, store: ObjectStore) -> None:
        with pytest.raises(BrokenSourceError):
            await store.put(KEY, breaking(LARGE), "audio/wav")

        assert await listed(store, object_prefix("ten_1")) == {}

    async def test_a_source_that_breaks_leaves_the_old_object(self, store: ObjectStore) -> None:
        await store.put(KEY, b"old", "audio/wav")

        with pytest.raises(BrokenSourceError):
            await store.put(KEY, breaking(LARGE), "audio/wav")

        assert await store.get(KEY) == b"old"

    async def test_a_cancelled_writer_leaves_nothing(self, store: ObjectStore) -> None:
        started = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            yield LARGE
            started.set()
            await asyncio.Event().wait()

        writing = asyncio.create_task(store.put(KEY, endless(), "audio/wav"))
        await started.wait()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

        assert await listed(store, object_prefix("ten_1")) == {}

    async def test_a_reader_never_sees_half_an_overwrite(self, store: ObjectStore) -> None:
        """A mixture of two contents would fail the hash check of `get`, or this comparison."""
        versions = [bytes([number]) * 300_000 for number in range(20)]
        await store.put(KEY, versions[0], "audio/wav")
        seen: set[bytes] = set()

        async def write() -> None:
            for version in versions:
                await store.put(KEY, version, "audio/wav")

        writing = asyncio.create_task(write())
        while not writing.done():
            seen.add(await store.get(KEY))
        await writing

        assert seen <= set(versions)

    async def test_writers_of_one_key_leave_one_whole_object(self, store: ObjectStore) -> None:
        versions = [bytes([number]) * 200_000 for number in range(16)]

        await asyncio.gather(*(store.put(KEY, in_pieces(version), "audio/wav") for version in versions))

        assert await store.get(KEY) in versions

    @pytest.mark.parametrize("text", HOSTILE_KEYS)
    async def test_a_hostile_key_is_refused_everywhere(self, store: ObjectStore, text: str) -> None:
        """Keys come from `object_key`, but a store that is handed anything else must not trust it."""
        key = ObjectKey(text)

        for ask in (
            store.put(key, b"x", "audio/wav"),
            store.get(key),
            read(store, key),
            store.head(key),
            store.delete(key),
        ):
            with pytest.raises(InvalidObjectKey):
                await ask

    @pytest.mark.parametrize("text", HOSTILE_PREFIXES)
    async def test_a_hostile_prefix_is_refused(self, store: ObjectStore, text: str) -> None:
        await store.put(KEY, b"hello", "audio/wav")

        with pytest.raises(InvalidObjectKey):
            await listed(store, ObjectPrefix(text))
        with pytest.raises(InvalidObjectKey):
            await store.delete_prefix(ObjectPrefix(text))

        assert await store.get(KEY) == b"hello"

    @pytest.mark.parametrize("text", ["", "audio", "audio/", "a/b\r\nX-Evil: 1", "a/b\n", "audio/" + "x" * 122, "é/x"])
    async def test_a_hostile_content_type_is_refused(self, store: ObjectStore, text: str) -> None:
        with pytest.raises(InvalidObjectKey, match="media type"):
            await store.put(KEY, b"x", text)

        assert await listed(store, object_prefix("ten_1")) == {}


class BrokenSourceError(Exception):
    """The source of some content failed half-way."""


async def in_pieces(content: bytes, size: int = 700_001) -> AsyncIterator[bytes]:
    """The content as a source that yields uneven pieces."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def breaking(content: bytes) -> AsyncIterator[bytes]:
    """A source that breaks after `content`, as a download does when the other side hangs up."""
    async for piece in in_pieces(content):
        yield piece
    raise BrokenSourceError


async def read(store: ObjectStore, key: ObjectKey, byte_range: ByteRange | None = None) -> bytes:
    """All that a stream yields."""
    return b"".join([piece async for piece in store.stream(key, byte_range)])


async def listed(store: ObjectStore, prefix: ObjectPrefix) -> dict[ObjectKey, int]:
    """A listing as sizes by key."""
    found: list[ListedObject] = [entry async for entry in store.list(prefix)]
    assert len(found) == len({entry.key for entry in found})
    return {entry.key: entry.size for entry in found}
