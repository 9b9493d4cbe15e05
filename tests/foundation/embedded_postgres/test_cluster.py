"""What the data folder may hold, and what happens when it cannot be filled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadsail.foundation.embedded_postgres import (
    DataFolderError,
    DataFolderInUseError,
    EmbeddedPostgres,
    OtherVersionError,
    StartError,
)
from tests.foundation.embedded_postgres.running import StartsServer, next_line, start_child, value


@pytest.fixture
def old_cluster(data_dir: Path) -> Path:
    """What is left of a time when LeadSail brought PostgreSQL 17."""
    return put(data_dir, "postgres-17", "PG_VERSION")


@pytest.fixture
def small_disk(folder: Path, as_root: None) -> Iterator[Path]:  # noqa: ARG001 - asked for its check alone
    """A folder on a disk of 24 MB, where no cluster fits."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0711", "none", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:  # noqa: S603 - our own words
        pytest.skip("this machine does not let its root mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S603, S607 - undoes the above


@pytest.fixture
def crippled(folder: Path, server: EmbeddedPostgres) -> Path:
    """PostgreSQL programs whose data files have been lost."""
    programs = folder / "embedded_postgres" / "pginstall" / "bin"
    programs.mkdir(parents=True)
    for program in ("initdb", "postgres"):
        shutil.copy(server.binaries / program, programs)
    libraries = server.binaries.parents[2] / "embedded_postgres.libs"
    (folder / libraries.name).symlink_to(libraries)
    return programs


def put(data_dir: Path, folder: str, file: str) -> Path:
    """Make a folder in a data folder that every account may enter, with one file that says 17."""
    path = data_dir / folder
    path.mkdir(parents=True)
    data_dir.chmod(0o711)
    (path / file).write_text("17\n")
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


class TestOtherMajorVersion:
    async def test_it_is_refused_with_the_way_out(self, data_dir: Path, old_cluster: Path) -> None:
        way_out = r"PostgreSQL 17, this LeadSail brings 18;.*db backup.*move postgres-17 out.*db restore"

        with pytest.raises(OtherVersionError, match=way_out):
            await EmbeddedPostgres(data_dir).start()

        assert names_in(old_cluster) == ["PG_VERSION"]

    async def test_beside_a_newer_cluster_it_is_left_in_peace(self, own_data_dir: Path, a_server: StartsServer) -> None:
        put(own_data_dir, "postgres-17", "PG_VERSION")

        server = await a_server(own_data_dir)

        assert await value(server.url(), "select 1") == 1

    async def test_a_cluster_under_a_wrong_name_is_refused(self, data_dir: Path) -> None:
        put(data_dir, "postgres-18", "PG_VERSION")

        with pytest.raises(OtherVersionError, match=r"written by PostgreSQL 17, not 18.*postgres-17"):
            await EmbeddedPostgres(data_dir).start()


class TestForeignFolder:
    async def test_a_folder_that_is_no_cluster_is_refused(self, data_dir: Path) -> None:
        put(data_dir, "postgres-18", "photo.jpg")

        with pytest.raises(DataFolderError, match=r"is no PostgreSQL data folder.*move it away"):
            await EmbeddedPostgres(data_dir).start()

        assert names_in(data_dir / "postgres-18") == ["photo.jpg"]


class TestInterruptedCreation:
    async def test_a_half_made_cluster_is_made_anew(self, data_dir: Path, a_server: StartsServer) -> None:
        put(data_dir, "postgres-18.new", "PG_VERSION")

        server = await a_server(data_dir)

        assert await value(server.url(), "select 1") == 1
        assert "postgres-18.new" not in names_in(data_dir)


class TestFailedCreation:
    async def test_a_full_disk_is_reported_in_the_servers_words(self, small_disk: Path) -> None:
        with pytest.raises(StartError, match=r"(?s)initdb could not.*postgres\.log.*No space left on device"):
            await EmbeddedPostgres(small_disk / "data").start()

    async def test_missing_parts_are_reported_and_logged(self, data_dir: Path, crippled: Path) -> None:
        server = EmbeddedPostgres(data_dir, binaries=crippled)

        with pytest.raises(StartError, match=r"share/postgres\.bki"):
            await server.start()

        assert "postgres.bki" in server.log.path.read_text()


class TestSecondStarter:
    async def test_it_is_refused_with_the_holders_number(self, server: EmbeddedPostgres) -> None:
        with pytest.raises(DataFolderInUseError, match=rf"process {os.getpid()}\) already works in {server.data_dir};"):
            await EmbeddedPostgres(server.data_dir).start()

    async def test_it_harms_nothing(self, server: EmbeddedPostgres) -> None:
        with pytest.raises(DataFolderInUseError, match="a folder of its own with --data-dir"):
            await EmbeddedPostgres(server.data_dir).start()

        assert await value(server.url(), "select 1") == 1

    def test_another_process_is_refused_too(self, server: EmbeddedPostgres) -> None:
        with start_child(server.data_dir) as child:
            said = next_line(child)
            child.kill()

        assert said.startswith("Another LeadSail")
