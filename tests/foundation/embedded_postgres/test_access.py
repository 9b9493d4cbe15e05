"""Who can reach the server: the starter's account over a private socket, and nobody else."""

import os
import socket
import stat
from pathlib import Path

import asyncpg
import psutil
import pytest

from leadsail.foundation.embedded_postgres import DataFolderError, EmbeddedPostgres
from leadsail.foundation.embedded_postgres.access import prepare_socket_folder, socket_folder
from leadsail.foundation.embedded_postgres.accounts import server_account
from tests.foundation.embedded_postgres.running import StartsServer, run_as, socket_folder_of, value


class TestDoors:
    def test_no_port_is_open(self, server: EmbeddedPostgres) -> None:
        assert server.process is not None

        connections = psutil.Process(server.process.pid).net_connections(kind="inet")

        assert connections == []

    def test_only_the_servers_account_may_enter_the_socket_folder(self, server: EmbeddedPostgres) -> None:
        status = socket_folder_of(server).stat()

        assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (server_account().uid, 0o700)

    def test_another_account_is_stopped_at_the_folder(self, server: EmbeddedPostgres, nobody: int) -> None:
        answer = run_as(nobody, server.binaries / "psql", server.url(), "-c", "select 1")

        assert answer.returncode != 0
        assert "Permission denied" in answer.stderr


class TestIdentity:
    @pytest.mark.parametrize("role", ["postgres", "leadsail_owner", "leadsail_app"])
    async def test_the_starter_may_take_these_roles(self, server: EmbeddedPostgres, role: str) -> None:
        assert await value(server.url(role), "select current_user") == role

    @pytest.mark.usefixtures("as_root")
    @pytest.mark.parametrize("role", ["postgres", "leadsail_owner", "leadsail_app"])
    async def test_the_servers_account_may_take_them_too(self, server: EmbeddedPostgres, role: str) -> None:
        psql = server.binaries / "psql"

        answer = run_as(server_account().uid, psql, server.url(role), "-Atc", "select current_user")

        assert answer.stdout.strip() == role

    async def test_any_other_role_is_refused(self, server: EmbeddedPostgres) -> None:
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            await value(server.url("leadsail_reader"), "select 1")

    async def test_a_stranger_inside_the_folder_is_refused_by_name(
        self, own_data_dir: Path, nobody: int, a_server: StartsServer
    ) -> None:
        """The folder is the first wall; peer authentication stands even without it."""
        server = await a_server(own_data_dir)
        socket_folder_of(server).chmod(0o755)
        (socket_folder_of(server) / ".s.PGSQL.5432").chmod(0o777)

        answer = run_as(nobody, server.binaries / "psql", server.url(), "-c", "select 1")

        assert "Peer authentication failed" in answer.stderr


class TestLongPath:
    async def test_a_path_too_long_for_a_socket_still_works(self, folder: Path, a_server: StartsServer) -> None:
        server = await a_server(folder / ("long" * 30))

        assert await value(server.url(), "select 1") == 1

    def test_every_process_finds_the_same_short_place(self, folder: Path) -> None:
        data_dir = folder / ("long" * 30)

        assert socket_folder(data_dir) == socket_folder(data_dir)
        assert socket_folder(data_dir) != socket_folder(data_dir / "other")

    def test_the_longest_path_that_fits_is_used(self, folder: Path) -> None:
        rest = 107 - len(os.fsencode(folder)) - len("//postgres-socket/.s.PGSQL.5432")
        fits, too_long = folder / ("x" * rest), folder / ("x" * (rest + 1))

        assert socket_folder(fits) == fits / "postgres-socket"
        assert socket_folder(too_long).parent != too_long
        with socket.socket(socket.AF_UNIX) as probe:
            socket_folder(fits).mkdir(parents=True)
            probe.bind(str(socket_folder(fits) / ".s.PGSQL.5432"))


class TestSquatter:
    """The short place has a name that others can work out, and could take before us."""

    @pytest.mark.usefixtures("as_root")
    def test_a_folder_of_another_account_is_refused(self, folder: Path) -> None:
        taken = folder / "taken"
        taken.mkdir(mode=0o700)
        os.chown(taken, 65534, 65534)

        with pytest.raises(DataFolderError, match="not a private folder of the account"):
            prepare_socket_folder(taken, server_account())

    def test_a_folder_that_others_may_enter_is_refused(self, folder: Path) -> None:
        taken = folder / "taken"
        taken.mkdir()
        taken.chmod(0o777)

        with pytest.raises(DataFolderError, match="find out who made it, remove it"):
            prepare_socket_folder(taken, server_account())

    def test_a_link_is_refused(self, folder: Path) -> None:
        (folder / "elsewhere").mkdir(mode=0o700)
        (folder / "taken").symlink_to(folder / "elsewhere")

        with pytest.raises(DataFolderError, match="not a private folder"):
            prepare_socket_folder(folder / "taken", server_account())

    def test_our_own_folder_is_used_again(self, folder: Path) -> None:
        prepare_socket_folder(folder / "ours", server_account())

        prepare_socket_folder(folder / "ours", server_account())

        assert (folder / "ours").stat().st_uid == server_account().uid
