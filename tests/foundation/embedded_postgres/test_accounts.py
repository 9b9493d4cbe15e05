"""Which account the server runs under."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadsail.foundation.embedded_postgres import AccountError, DataFolderError, EmbeddedPostgres
from leadsail.foundation.embedded_postgres.accounts import first_closed_folder, server_account
from tests.foundation.embedded_postgres.running import (
    StartsChild,
    StartsServer,
    end_child,
    next_line,
    run_as,
    servers_below,
    start_child,
)
from tests.run_folder import new_folder

UNUSED_UID = 54321


@pytest.fixture
def new_name(as_root: None) -> Iterator[str]:  # noqa: ARG001 - asked for its check alone
    """A name no account has; whatever account gets it is removed after the test."""
    name = f"lstest{os.getpid()}"
    yield name
    subprocess.run(["userdel", name], check=False, capture_output=True)  # noqa: S603, S607 - cleaning up


class TestStartedAsRoot:
    @pytest.mark.usefixtures("as_root")
    def test_the_server_gets_an_ordinary_account(self, server: EmbeddedPostgres) -> None:
        assert server.process is not None

        owner = Path(f"/proc/{server.process.pid}").stat().st_uid

        assert pwd.getpwuid(owner).pw_name == "leadsail"

    @pytest.mark.usefixtures("as_root")
    def test_the_server_keeps_no_group_of_root(self, used_data_dir: Path, a_starter: StartsChild) -> None:
        next_line(a_starter(used_data_dir, prefix=("setpriv", "--groups=0,4")))

        lines = Path(f"/proc/{servers_below(used_data_dir)[0].pid}/status").read_text().splitlines()

        groups = next(line for line in lines if line.startswith("Groups:")).split()[1:]
        assert not {"0", "4"} & set(groups)

    @pytest.mark.usefixtures("as_root")
    def test_the_server_sees_nothing_of_our_environment(self, used_data_dir: Path, a_starter: StartsChild) -> None:
        """It may hold the master key."""
        next_line(a_starter(used_data_dir, prefix=("env", "LEADSAIL_MASTER_KEY=precious")))

        environments = [process.environ() for process in servers_below(used_data_dir)]

        assert environments
        assert not any("LEADSAIL_MASTER_KEY" in environment for environment in environments)

    def test_a_missing_account_is_created_without_a_login(self, new_name: str) -> None:
        account = server_account(new_name)

        entry = pwd.getpwnam(new_name)
        assert (account.uid, entry.pw_shell) == (entry.pw_uid, "/usr/sbin/nologin")

    def test_an_account_that_cannot_be_created_is_asked_for(self, new_name: str) -> None:
        with pytest.raises(AccountError, match=f"create a system account named {new_name}, or start"):
            server_account(new_name, tools="")

    @pytest.mark.usefixtures("as_root")
    async def test_a_folder_closed_to_the_account_is_named(self, folder: Path) -> None:
        closed = folder / "home"
        closed.mkdir(mode=0o700)

        with pytest.raises(DataFolderError, match=rf"leadsail, which cannot enter {closed};.*chmod o\+x {closed}"):
            await EmbeddedPostgres(closed / "data").start()

    @pytest.mark.usefixtures("as_root")
    def test_without_the_right_to_change_accounts_it_says_so(self, data_dir: Path, a_starter: StartsChild) -> None:
        child = a_starter(data_dir, prefix=("setpriv", "--bounding-set=-setuid,-setgid"))

        assert "start it as an ordinary user" in next_line(child)


@pytest.fixture(scope="class")
def an_ordinary_users_folder(nobody: int, open_folder: Path) -> Iterator[Path]:
    """A data folder in which an ordinary user has just started a server."""
    path = new_folder(open_folder)
    os.chown(path, nobody, nobody)
    child = start_child(path / "data", f"uid={nobody}")
    assert next_line(child) == "ready"
    yield path / "data"
    end_child(child, path)
    shutil.rmtree(path)


class TestStartedByAnOrdinaryUser:
    def test_the_server_runs_under_the_same_account(self, an_ordinary_users_folder: Path, nobody: int) -> None:
        owners = {process.uids().real for process in servers_below(an_ordinary_users_folder)}

        assert owners == {nobody}

    def test_that_user_reaches_it(self, an_ordinary_users_folder: Path, nobody: int) -> None:
        server = EmbeddedPostgres(an_ordinary_users_folder)

        answer = run_as(nobody, server.binaries / "psql", server.url(), "-Atc", "select current_user")

        assert answer.stdout == "leadsail_app\n"

    def test_the_data_is_closed_to_others(self, an_ordinary_users_folder: Path) -> None:
        assert an_ordinary_users_folder.stat().st_mode & 0o077 == 0

    def test_a_folder_that_cannot_be_written_is_refused(
        self, folder: Path, nobody: int, a_starter: StartsChild
    ) -> None:
        child = a_starter(folder / "data", f"uid={nobody}")

        said = next_line(child)

        assert "Permission denied" in said
        assert "choose another one with --data-dir" in said

    @pytest.mark.usefixtures("nobody")
    def test_a_user_without_a_name_is_told_the_remedy(self, data_dir: Path, a_starter: StartsChild) -> None:
        """Some container platforms run programs under a number that no password file knows."""
        child = a_starter(data_dir, f"uid={UNUSED_UID}")

        assert f"User id {UNUSED_UID} has no entry in the password file" in next_line(child)


class TestReach:
    @pytest.mark.usefixtures("as_root")
    def test_the_topmost_closed_folder_is_found(self, folder: Path) -> None:
        deep = folder / "closed" / "also closed"
        deep.mkdir(parents=True)
        (folder / "closed").chmod(0o700)
        deep.chmod(0o700)

        assert first_closed_folder(deep, server_account()) == folder / "closed"

    @pytest.mark.usefixtures("as_root")
    def test_a_folder_open_to_its_group_is_open(self, folder: Path) -> None:
        account = server_account()
        shared = folder / "shared"
        shared.mkdir()
        os.chown(shared, 0, account.gid)
        shared.chmod(0o710)

        assert first_closed_folder(shared, account) is None

    @pytest.mark.usefixtures("as_root")
    def test_the_owners_own_bits_decide_for_the_owner(self, folder: Path) -> None:
        account = server_account()
        odd = folder / "odd"
        odd.mkdir()
        os.chown(odd, account.uid, account.gid)
        odd.chmod(0o011)

        assert first_closed_folder(odd, account) == odd


class TestHandedOver:
    @pytest.mark.usefixtures("as_root")
    async def test_a_cluster_of_another_account_is_not_opened(self, own_data_dir: Path, a_server: StartsServer) -> None:
        server = await a_server(own_data_dir)
        await server.stop()
        os.chown(server.cluster, 65534, 65534)

        with pytest.raises(DataFolderError, match=f"does not belong.*chown -R leadsail {server.cluster}"):
            await server.start()


def test_run_as_changes_the_account(nobody: int) -> None:
    """The tests above would prove nothing if their helper did not."""
    assert run_as(nobody, "id", "-u").stdout.strip() == str(nobody)
