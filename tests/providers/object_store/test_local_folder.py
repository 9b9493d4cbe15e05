"""The local folder keeps the contract, and stands up to killed writers, planted links and a failing disk."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from leadsail.ports.object_store import (
    ByteRange,
    ObjectDamaged,
    ObjectNotFound,
    ObjectStore,
    ObjectStoreRefused,
    ObjectStoreUnavailable,
    object_prefix,
)
from leadsail.providers.object_store import LocalFolderSettings, open_object_store
from tests.ports.object_store_contract import KEY, LARGE, OTHER_TENANT, ObjectStoreContract, listed, read

as_ordinary_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may do anything")

WRITER = """
import asyncio, os, pathlib, resource, signal, sys
from leadsail.ports.object_store import object_key
from leadsail.providers.object_store import LocalFolderSettings, open_object_store

async def source():
    for _ in range(int(sys.argv[2])):
        yield bytes(100_000)
        print("written", flush=True)
        await asyncio.sleep(0.01)

exec(sys.argv[3])
store = open_object_store(LocalFolderSettings(pathlib.Path(sys.argv[1])))
asyncio.run(store.put(object_key("ten_1", "recording", "rec_1"), source(), "audio/wav"))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(folder: Path) -> ObjectStore:
    return open_object_store(LocalFolderSettings(folder))


class TestLocalFolder(ObjectStoreContract):
    """The contract, on a real disk."""


class TestPrivacy:
    async def test_nobody_else_may_enter_or_read(self, store: ObjectStore, folder: Path) -> None:
        await store.put(KEY, b"hello", "audio/wav")

        assert _modes(folder) == {"folders": {0o700}, "files": {0o600}}

    def test_a_folder_open_to_others_is_closed(self, folder: Path) -> None:
        folder.mkdir(mode=0o755)

        open_object_store(LocalFolderSettings(folder))

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_a_generous_umask_opens_nothing(self, folder: Path) -> None:
        with _writer(folder, pieces=2, first="os.umask(0)") as writer:
            writer.communicate()

        assert _modes(folder) == {"folders": {0o700}, "files": {0o600}}


class TestKilledWriter:
    async def test_a_killed_writer_leaves_nothing_visible(self, store: ObjectStore, folder: Path) -> None:
        _write_until_killed(folder)

        assert await listed(store, object_prefix("ten_1")) == {}
        with pytest.raises(ObjectNotFound):
            await store.head(KEY)

    async def test_a_killed_writer_leaves_the_old_object(self, store: ObjectStore, folder: Path) -> None:
        await store.put(KEY, b"old", "audio/wav")

        _write_until_killed(folder)

        assert await store.get(KEY) == b"old"

    async def test_the_next_start_removes_the_remains(self, folder: Path) -> None:
        """They may hold a recording of somebody who asked to be forgotten."""
        _write_until_killed(folder)
        assert _remains(folder)

        open_object_store(LocalFolderSettings(folder))

        assert _remains(folder) == []

    async def test_a_start_leaves_living_writers_alone(self, store: ObjectStore, folder: Path) -> None:
        async def interrupted() -> AsyncIterator[bytes]:
            yield b"first "
            open_object_store(LocalFolderSettings(folder))
            yield b"second"

        await store.put(KEY, interrupted(), "audio/wav")

        assert await store.get(KEY) == b"first second"

    async def test_a_finished_write_leaves_no_remains(self, store: ObjectStore, folder: Path) -> None:
        await store.put(KEY, LARGE, "audio/wav")

        assert _remains(folder) == []


class TestPlantedFiles:
    async def test_a_linked_object_is_never_read(self, store: ObjectStore, folder: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_bytes(b"x" * 1000)
        await store.put(OTHER_TENANT, b"theirs", "audio/wav")
        (folder / KEY).parent.mkdir(parents=True)
        (folder / KEY).symlink_to(secret)

        for ask in (store.get(KEY), store.head(KEY), read(store, KEY, ByteRange(0, 5))):
            with pytest.raises(ObjectStoreRefused, match="link"):
                await ask
        assert await listed(store, object_prefix("ten_1")) == {}

    async def test_a_link_between_tenants_is_never_followed(self, store: ObjectStore, folder: Path) -> None:
        await store.put(OTHER_TENANT, b"theirs", "audio/wav")
        (folder / "ten_1").symlink_to(folder / "ten_2")

        for ask in (store.get(KEY), store.delete(KEY), store.put(KEY, b"x", "audio/wav")):
            with pytest.raises(ObjectStoreRefused, match="link"):
                await ask
        with pytest.raises(ObjectStoreRefused):
            await store.delete_prefix(object_prefix("ten_1"))
        assert await store.get(OTHER_TENANT) == b"theirs"

    async def test_a_write_replaces_a_link_not_its_target(
        self, store: ObjectStore, folder: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / "target"
        target.write_bytes(b"untouched")
        (folder / KEY).parent.mkdir(parents=True)
        (folder / KEY).symlink_to(target)

        await store.put(KEY, b"hello", "audio/wav")

        assert target.read_bytes() == b"untouched"
        assert await store.get(KEY) == b"hello"

    async def test_deleting_a_prefix_removes_links_not_targets(
        self, store: ObjectStore, folder: Path, tmp_path: Path
    ) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "kept").write_bytes(b"untouched")
        await store.put(KEY, b"hello", "audio/wav")
        (folder / "ten_1" / "recording" / "folder").symlink_to(outside)
        (folder / "ten_1" / "file").symlink_to(outside / "kept")

        removed = await store.delete_prefix(object_prefix("ten_1"))

        assert removed == 3
        assert (outside / "kept").read_bytes() == b"untouched"

    async def test_a_pipe_does_not_hang_the_reader(self, store: ObjectStore, folder: Path) -> None:
        (folder / KEY).parent.mkdir(parents=True)
        os.mkfifo(folder / KEY)

        with pytest.raises(ObjectDamaged):
            await store.get(KEY)

    async def test_foreign_files_are_no_objects(self, store: ObjectStore, folder: Path) -> None:
        (folder / KEY).parent.mkdir(parents=True)
        (folder / KEY).write_bytes(b"not written by the store, but long enough to hold a trailer" * 9)
        (folder / "ten_1" / "recording" / "short").write_bytes(b"x")
        (folder / "ten_1" / "recording" / "Thumbs.db").write_bytes(b"x" * 500)

        with pytest.raises(ObjectDamaged):
            await store.get(KEY)
        assert set(await listed(store, object_prefix("ten_1"))) <= {KEY}


class TestDamage:
    @pytest.mark.parametrize("position", [0, 2, -1, -9, -40])
    async def test_a_changed_byte_is_noticed(self, store: ObjectStore, folder: Path, position: int) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        content = bytearray((folder / KEY).read_bytes())
        content[position] ^= 1
        (folder / KEY).write_bytes(content)

        with pytest.raises(ObjectDamaged, match="backup"):
            await store.get(KEY)

    @pytest.mark.parametrize("mask", [0x01, 0x80])
    async def test_no_changed_byte_gives_other_content(self, store: ObjectStore, folder: Path, mask: int) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        whole = (folder / KEY).read_bytes()

        outcomes = set()
        for position, byte in enumerate(whole):
            (folder / KEY).write_bytes(whole[:position] + bytes([byte ^ mask]) + whole[position + 1 :])
            outcomes.add(await _content_or_damage(store))

        assert outcomes == {b"hello", "damaged"}

    @pytest.mark.parametrize("kept", [0, 1, 100, -1, -100])
    async def test_a_truncated_file_is_noticed(self, store: ObjectStore, folder: Path, kept: int) -> None:
        await store.put(KEY, b"hello" * 100, "audio/wav")
        (folder / KEY).write_bytes((folder / KEY).read_bytes()[:kept])

        for ask in (store.get(KEY), store.head(KEY)):
            with pytest.raises(ObjectDamaged):
                await ask


class TestStoreDown:
    async def test_a_folder_that_vanished_is_not_an_absent_object(
        self, store: ObjectStore, folder: Path, tmp_path: Path
    ) -> None:
        """An unmounted disk must not look as if every recording had been deleted."""
        await store.put(KEY, b"hello", "audio/wav")
        _move(folder, tmp_path / "elsewhere")

        for ask in (store.get(KEY), store.head(KEY), store.put(KEY, b"x", "audio/wav"), store.delete(KEY)):
            with pytest.raises(ObjectStoreUnavailable) as failure:
                await ask
            assert failure.value.retryable
        with pytest.raises(ObjectStoreUnavailable):
            await listed(store, object_prefix("ten_1"))

        _move(tmp_path / "elsewhere", folder)
        assert await store.get(KEY) == b"hello"

    def test_a_full_disk_can_be_retried_and_leaves_nothing(self, folder: Path) -> None:
        """A limit on the size of files stands in for the full disk; it fails at the same call."""
        limit = (
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (250_000,) * 2)"
        )

        with _writer(folder, pieces=10, first=limit) as writer:
            _, errors = writer.communicate()

        assert b"ObjectStoreUnavailable" in errors
        assert _remains(folder) == []

    def test_a_file_in_the_way_is_refused_with_a_sentence(self, folder: Path) -> None:
        folder.write_text("a file")

        with pytest.raises(ObjectStoreRefused, match="find out who put it there"):
            open_object_store(LocalFolderSettings(folder))

    @as_ordinary_user
    def test_a_folder_that_may_not_be_made_is_refused(self, folder: Path) -> None:
        folder.parent.chmod(0o500)

        with pytest.raises(ObjectStoreRefused, match="account that runs LeadSail"):
            open_object_store(LocalFolderSettings(folder))


async def _content_or_damage(store: ObjectStore) -> bytes | str:
    try:
        return await store.get(KEY)
    except ObjectDamaged:
        return "damaged"


def _writer(folder: Path, *, pieces: int, first: str = "") -> subprocess.Popen[bytes]:
    """Another process that puts an object of many pieces, after running the statements `first`."""
    command = [sys.executable, "-c", WRITER, str(folder), str(pieces), first]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - our own program


def _write_until_killed(folder: Path) -> None:
    with _writer(folder, pieces=1_000_000) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)


def _move(folder: Path, target: Path) -> None:
    folder.rename(target)


def _remains(folder: Path) -> list[Path]:
    return list((folder / ".incoming").iterdir())


def _modes(folder: Path) -> dict[str, set[int]]:
    modes: dict[str, set[int]] = {"folders": {stat.S_IMODE(folder.stat().st_mode)}, "files": set()}
    for path in folder.rglob("*"):
        modes["folders" if path.is_dir() else "files"].add(stat.S_IMODE(path.stat().st_mode))
    return modes
