"""Where the PostgreSQL programs come from."""

import shutil
import sys
from pathlib import Path

import pytest

from leadsail.foundation.embedded_postgres import BinariesError, EmbeddedPostgres
from leadsail.foundation.embedded_postgres.accounts import server_account
from leadsail.foundation.embedded_postgres.binaries import find_installation, within_reach
from tests.foundation.embedded_postgres.running import run_as, value


def below_root(path: Path) -> str:
    return str(path.relative_to("/"))


@pytest.fixture
def closed_package(folder: Path, server: EmbeddedPostgres) -> Path:
    """The package as it stands in a virtual environment below root's home, which nobody else may enter."""
    home = folder / "root's home"
    home.mkdir(mode=0o700)
    package = server.binaries.parents[1]
    (home / package.name).symlink_to(package)
    (home / "embedded_postgres.libs").symlink_to(package.with_name("embedded_postgres.libs"))
    return home / package.name


class TestSearch:
    def test_the_package_comes_first(self) -> None:
        found = find_installation()

        assert "embedded_postgres" in found.folder.parts

    def test_the_packages_own_code_is_never_run(self) -> None:
        find_installation()

        assert "embedded_postgres" not in sys.modules

    def test_without_the_package_the_machines_own_server_serves(self, server: EmbeddedPostgres) -> None:
        pattern = below_root(server.binaries.parent / "b*n")

        found = find_installation(wheel="no_such_package", system=[pattern])

        assert (found.folder, found.version) == (server.binaries, server.version)

    def test_a_machine_without_any_is_told_the_remedy(self) -> None:
        with pytest.raises(BinariesError, match="16 or newer and found none; install the Python package"):
            find_installation(wheel="no_such_package", system=[])

    def test_a_server_that_is_too_old_is_named(self, folder: Path) -> None:
        old = folder / "postgres"
        old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18 (Debian)'\n")
        old.chmod(0o755)

        with pytest.raises(BinariesError, match=rf"only 15\.18 in {folder}"):
            find_installation(wheel="no_such_package", system=[below_root(folder)])

    def test_a_given_folder_wins(self, server: EmbeddedPostgres) -> None:
        assert find_installation(server.binaries).folder == server.binaries

    def test_a_given_folder_without_programs_is_refused(self, folder: Path) -> None:
        with pytest.raises(BinariesError, match=f"in {folder} cannot be executed"):
            find_installation(folder)

    def test_another_program_of_that_name_is_refused(self, folder: Path) -> None:
        (folder / "postgres").symlink_to(shutil.which("echo") or "")

        with pytest.raises(BinariesError, match="is no PostgreSQL server"):
            find_installation(folder)


@pytest.mark.usefixtures("as_root")
class TestOutOfReach:
    async def test_the_server_runs_from_a_copy(self, own_data_dir: Path, closed_package: Path) -> None:
        server = EmbeddedPostgres(own_data_dir, binaries=closed_package / "pginstall" / "bin")

        await server.start()

        answer = await value(server.url(), "select 1")
        await server.stop()
        assert answer == 1
        assert own_data_dir in server.binaries.parents

    def test_the_copied_programs_find_their_libraries(self, folder: Path, closed_package: Path) -> None:
        account = server_account()
        installation = find_installation(closed_package / "pginstall" / "bin")

        copy = within_reach(installation, account, folder / "shelf")

        programs = ("psql", "pg_dump", "pg_restore", "pgbench")
        answers = [run_as(account.uid, copy.folder / program, "--version").stdout for program in programs]
        assert all(installation.version in answer for answer in answers)

    def test_a_copy_is_used_again(self, folder: Path, closed_package: Path) -> None:
        installation = find_installation(closed_package / "pginstall" / "bin")
        first = within_reach(installation, server_account(), folder / "shelf")
        (first.folder / "mark").touch()

        second = within_reach(installation, server_account(), folder / "shelf")

        assert (second.folder / "mark").exists()

    def test_a_copy_of_other_programs_goes(self, folder: Path, closed_package: Path) -> None:
        (folder / "shelf" / "17.1-abc").mkdir(parents=True)
        installation = find_installation(closed_package / "pginstall" / "bin")

        copy = within_reach(installation, server_account(), folder / "shelf")

        assert [entry.name for entry in (folder / "shelf").iterdir()] == [copy.folder.parents[2].name]

    def test_the_account_cannot_change_the_copy(self, folder: Path, closed_package: Path) -> None:
        installation = find_installation(closed_package / "pginstall" / "bin")

        copy = within_reach(installation, server_account(), folder / "shelf")

        assert run_as(server_account().uid, "test", "-w", copy.folder / "postgres").returncode != 0
        assert run_as(server_account().uid, "test", "-w", copy.folder).returncode != 0

    def test_programs_within_reach_stay_where_they_are(self, folder: Path, server: EmbeddedPostgres) -> None:
        installation = find_installation(server.binaries)

        assert within_reach(installation, server_account(), folder / "shelf") == installation
