"""kill -9 of anything: the next start works, and no acknowledged row is lost."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import asyncpg
import psutil
import pytest

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.accounts import server_account
from leadsail.foundation.embedded_postgres.shutdown import server_processes
from tests.foundation.embedded_postgres.running import (
    StartsChild,
    StartsServer,
    all_lines,
    column,
    execute,
    next_line,
    value,
)

ENOUGH = 300  # acknowledged rows before the blow falls

# What asyncpg raises depends on the moment at which the server vanishes.
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

EMPTY_TABLE = ("drop table if exists number", "create table number (n int primary key)")

NUMBERS = "select n from number order by n"


class Load:
    """Stores numbers, each in a transaction of its own, until the server is gone."""

    def __init__(self, url: str) -> None:
        self.acknowledged: list[int] = []
        self.enough = asyncio.Event()
        self._url = url

    async def run(self) -> None:
        await execute(self._url, *EMPTY_TABLE)
        connection = await asyncpg.connect(self._url)
        for n in count():
            await connection.execute("insert into number values ($1)", n)
            self.acknowledged.append(n)
            if n == ENOUGH:
                self.enough.set()


async def kill_under_load(server: EmbeddedPostgres) -> list[int]:
    """Kill the postmaster while rows are stored; what had been acknowledged until then."""
    load = Load(server.url("leadsail_owner"))
    running = asyncio.create_task(load.run())
    await asyncio.wait_for(load.enough.wait(), 60)
    kill_postmaster(server)
    with pytest.raises(LOST):
        await running
    return load.acknowledged


def kill_postmaster(server: EmbeddedPostgres) -> None:
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)


def name_in_pid_file(server: EmbeddedPostgres, pid: int) -> None:
    """Make a stale pid file name another process, as happens when numbers are used again."""
    file = server.cluster / "postmaster.pid"
    _, *rest = file.read_text().splitlines()
    file.write_text("\n".join([str(pid), *rest]) + "\n")


def empty_pid_file(server: EmbeddedPostgres) -> None:
    """As a disk leaves it that was full, or lost its power."""
    (server.cluster / "postmaster.pid").write_text("")


@pytest.fixture
def bystander() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the server's account that has nothing to do with it."""
    account = server_account()
    uid = None if account.is_ours else account.uid
    with subprocess.Popen(["sleep", "600"], user=uid, cwd="/") as process:  # noqa: S607 - any sleep will do
        yield process
        process.kill()


class TestPostmasterKilled:
    async def test_no_acknowledged_row_is_lost(self, used_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(used_data_dir)
        acknowledged = await kill_under_load(server)
        await server.wait()

        await server.start()

        kept = await column(server.url("leadsail_owner"), NUMBERS)
        assert set(acknowledged) <= set(kept)

    async def test_a_new_starter_recovers_it_as_well(self, used_data_dir: Path, a_server: StartsServer) -> None:
        """As after a power cut, when nobody is left who remembers the server."""
        server = await a_server(used_data_dir)
        acknowledged = await kill_under_load(server)
        await server.stop()

        successor = await a_server(used_data_dir)

        kept = await column(successor.url("leadsail_owner"), NUMBERS)
        assert set(acknowledged) <= set(kept)

    async def test_orphans_that_do_not_notice_are_ended(self, used_data_dir: Path, a_server: StartsServer) -> None:
        """A backend that never looks up keeps the shared memory, with which no new server may start."""
        server = await a_server(used_data_dir)
        orphans = server_processes(server.cluster, server_account())
        for pid in orphans:
            os.kill(pid, signal.SIGSTOP)
        kill_postmaster(server)
        await server.wait()

        await server.start()

        assert await value(server.url(), "select 1") == 1
        assert not set(orphans) & set(server_processes(server.cluster, server_account()))


class TestStarterKilled:
    async def test_no_acknowledged_row_is_lost(
        self, used_data_dir: Path, a_starter: StartsChild, a_server: StartsServer
    ) -> None:
        child = a_starter(used_data_dir, "insert")
        said = [next_line(child) for _ in range(ENOUGH)]
        child.kill()
        acknowledged = [int(number) for number in [*said, *all_lines(child)] if number != "ready"]

        server = await a_server(used_data_dir)

        kept = await column(server.url("leadsail_owner"), NUMBERS)
        assert len(acknowledged) >= ENOUGH - 1
        assert set(acknowledged) <= set(kept)

    async def test_its_server_stops_by_itself(self, used_data_dir: Path, a_starter: StartsChild) -> None:
        child = a_starter(used_data_dir)
        assert next_line(child) == "ready"
        cluster = EmbeddedPostgres(used_data_dir).cluster
        servers = [psutil.Process(pid) for pid in server_processes(cluster, server_account())]
        child.kill()

        _, left = psutil.wait_procs(servers, timeout=60)

        assert servers
        assert left == []


class TestPredecessorAlive:
    """The kernel's word to stop may not arrive; then a server runs that nobody holds the lock for."""

    async def test_it_is_stopped_in_order_and_replaced(self, used_data_dir: Path, a_server: StartsServer) -> None:
        predecessor = await a_server(used_data_dir)
        predecessor._lock.release()

        successor = await a_server(used_data_dir)

        assert await predecessor.wait() == 0
        assert await value(successor.url(), "select 1") == 1

    @pytest.mark.usefixtures("as_root")
    async def test_root_without_the_right_to_trace_finds_it(
        self, used_data_dir: Path, a_server: StartsServer, a_starter: StartsChild
    ) -> None:
        """Containers take CAP_SYS_PTRACE from root, and with it the sight of other accounts' processes."""
        predecessor = await a_server(used_data_dir)
        predecessor._lock.release()

        child = a_starter(used_data_dir, prefix=("setpriv", "--bounding-set=-sys_ptrace"))

        assert next_line(child) == "ready"
        assert await predecessor.wait() == 0


class TestStalePidFile:
    async def test_a_living_stranger_does_not_prevent_the_start(
        self, used_data_dir: Path, a_server: StartsServer, bystander: "subprocess.Popen[bytes]"
    ) -> None:
        server = await a_server(used_data_dir)
        kill_postmaster(server)
        await server.wait()
        name_in_pid_file(server, bystander.pid)

        await server.start()

        assert await value(server.url(), "select 1") == 1
        assert bystander.poll() is None

    async def test_another_folders_server_is_left_alone(
        self, used_data_dir: Path, a_server: StartsServer, server: EmbeddedPostgres
    ) -> None:
        assert server.process is not None
        ours = await a_server(used_data_dir)
        kill_postmaster(ours)
        await ours.wait()
        name_in_pid_file(ours, server.process.pid)

        await ours.start()

        assert await value(ours.url(), "select 1") == 1
        assert server.process.poll() is None

    async def test_a_broken_pid_file_is_no_obstacle(self, used_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(used_data_dir)
        kill_postmaster(server)
        await server.wait()
        empty_pid_file(server)

        await server.start()

        assert await value(server.url(), "select 1") == 1
