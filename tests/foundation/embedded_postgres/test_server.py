"""The embedded server in daily use: start, connect, watch, stop."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from leadsail.foundation.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, StartError
from tests.foundation.embedded_postgres.running import StartsServer, execute, run_as, value

BROKEN = {"shared_buffers": "plenty"}


class TestStart:
    async def test_an_empty_machine_gets_a_ready_database(self, data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(data_dir)

        assert await value(server.url(), "select current_database()") == "leadsail"

    async def test_a_later_start_finds_the_data_again(self, data_dir: Path, a_server: StartsServer) -> None:
        first = await a_server(data_dir)
        await execute(first.url("leadsail_owner"), "create table kept (n int)", "insert into kept values (7)")
        await first.stop()

        second = await a_server(data_dir)

        assert await value(second.url("leadsail_owner"), "select n from kept") == 7

    async def test_starting_twice_is_refused_and_harms_nothing(self, server: EmbeddedPostgres) -> None:
        with pytest.raises(EmbeddedPostgresError, match="started already"):
            await server.start()

        assert await value(server.url(), "select 1") == 1

    async def test_a_failure_shows_the_end_of_the_log(self, used_data_dir: Path) -> None:
        server = EmbeddedPostgres(used_data_dir, settings=BROKEN)

        with pytest.raises(StartError, match=r"(?s)logs/postgres\.log.*invalid value.*plenty"):
            await server.start()

    async def test_a_failure_leaves_the_folder_free(self, used_data_dir: Path, a_server: StartsServer) -> None:
        with pytest.raises(StartError):
            await a_server(used_data_dir, **BROKEN)

        server = await a_server(used_data_dir)

        assert await value(server.url(), "select 1") == 1


class TestCluster:
    """What initdb was asked for."""

    async def test_text_sorts_alike_on_every_machine(self, server: EmbeddedPostgres) -> None:
        provider = await value(server.url(), "select datlocprovider::text from pg_database where datname = 'leadsail'")

        assert provider == "b"

    async def test_text_is_utf8(self, server: EmbeddedPostgres) -> None:
        assert await value(server.url(), "show server_encoding") == "UTF8"

    async def test_pages_carry_checksums(self, server: EmbeddedPostgres) -> None:
        assert await value(server.url(), "show data_checksums") == "on"

    async def test_its_folder_is_named_by_major_version(self, server: EmbeddedPostgres) -> None:
        major = server.version.split(".")[0]

        assert (server.data_dir / f"postgres-{major}" / "PG_VERSION").read_text().strip() == major


class TestAddress:
    """One address serves every client in use."""

    def test_psycopg_connects(self, server: EmbeddedPostgres) -> None:
        with psycopg.connect(server.url()) as connection:
            row = connection.execute("select current_user").fetchone()

        assert row == ("leadsail_app",)

    @pytest.mark.parametrize("program", ["postgres", "pg_dump", "pg_restore", "pgbench", "psql"])
    def test_the_programs_stand_in_one_folder(self, server: EmbeddedPostgres, program: str) -> None:
        answer = run_as(None, server.binaries / program, "--version")

        assert server.version in answer.stdout

    def test_psql_connects(self, server: EmbeddedPostgres) -> None:
        answer = run_as(None, server.binaries / "psql", server.url(), "-Atc", "select 6 * 7")

        assert answer.stdout == "42\n"

    def test_pgbench_connects(self, server: EmbeddedPostgres, tmp_path: Path) -> None:
        script = tmp_path / "read.sql"
        script.write_text("select 1;")

        answer = run_as(None, server.binaries / "pgbench", "-nf", script, "-t", "3", server.url())

        assert "number of transactions actually processed: 3/3" in answer.stdout

    def test_pg_dump_connects_as_the_owner(self, server: EmbeddedPostgres) -> None:
        answer = run_as(None, server.binaries / "pg_dump", "--schema-only", server.url("leadsail_owner"))

        assert "PostgreSQL database dump complete" in answer.stdout

    async def test_odd_letters_in_the_path_are_harmless(self, folder: Path, a_server: StartsServer) -> None:
        server = await a_server(folder / 'a b+ü,%&"c')

        assert await value(server.url(), "select 1") == 1


class TestStop:
    async def test_it_ends_in_order(self, used_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(used_data_dir)

        await server.stop()

        assert "database system is shut down" in server.log.last_lines()
        assert await server.wait() == 0

    async def test_open_sessions_do_not_hold_it_up(self, used_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(used_data_dir)
        psql = subprocess.Popen(  # noqa: S603, ASYNC220 - a client that sits in a transaction
            [server.binaries / "psql", server.url(), "-qc", "begin", "-c", "select pg_sleep(600)"],
            stderr=subprocess.DEVNULL,
        )

        await server.stop()

        with psql:
            psql.kill()
        assert await server.wait() == 0

    async def test_stopping_what_does_not_run_is_harmless(self, data_dir: Path) -> None:
        server = EmbeddedPostgres(data_dir)

        await server.stop()

        assert server.process is None


class TestWatch:
    async def test_waiting_reports_a_violent_end(self, used_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(used_data_dir)
        assert server.process is not None
        os.kill(server.process.pid, signal.SIGKILL)

        status = await server.wait()

        assert status == -signal.SIGKILL

    async def test_waiting_for_nothing_is_refused(self, data_dir: Path) -> None:
        with pytest.raises(EmbeddedPostgresError, match="has not been started"):
            await EmbeddedPostgres(data_dir).wait()
