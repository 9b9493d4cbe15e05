"""A PostgreSQL server of the operator's own, where LeadSail's user is no superuser; api and worker by themselves."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from leadsail.foundation.embedded_postgres.accounts import server_account
from leadsail.foundation.embedded_postgres.binaries import find_installation
from tests.entrypoints.commands.running import Operator, Up, run, until
from tests.run_folder import new_folder

_ROLES = """
create role operator login createrole;
create database "the leads" owner operator;
"""


@pytest.fixture(scope="session")
def own_server(open_folder: Path) -> Iterator[str]:
    """The address of a database that belongs to a login with CREATEROLE and nothing else."""
    folder, account, programs = new_folder(open_folder), server_account(), find_installation().folder
    cluster = folder / "cluster"

    def do(*command: str | Path, text: str = "") -> None:
        subprocess.run(  # noqa: S603 - the programs are PostgreSQL's
            command, user=account.uid, group=account.gid, extra_groups=[], cwd="/",
            input=text, text=True, check=True, capture_output=True,
        )  # fmt: skip

    cluster.mkdir()
    os.chown(cluster, account.uid, account.gid)
    do(programs / "initdb", "-D", cluster, "--auth=trust", "--username=root", "--locale=C.UTF-8", "-E", "UTF8")
    options = f"-c listen_addresses= -c unix_socket_directories={cluster}"
    do(programs / "pg_ctl", "-D", cluster, "-w", "-o", options, "-l", cluster / "log", "start")
    do(programs / "psql", "-h", cluster, "-U", "root", "-d", "postgres", text=_ROLES)
    yield f"postgresql://operator@/the%20leads?host={cluster}"
    do(programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    shutil.rmtree(folder)


class TestAnOwnServer:
    def test_is_set_up_by_a_user_that_is_no_superuser(self, operator: Operator, own_server: str, folder: Path) -> None:
        up = operator.up(folder / "data", "--demo", LEADSAIL_DATABASE_URL=own_server)

        assert not list((folder / "data").glob("postgres*"))
        with up.client() as client:
            assert client.get(f"/interactions/{up.demo['interactionIds'][0]}").status_code == 200
        self._copies_and_comes_back(operator, up, own_server)

    def _copies_and_comes_back(self, operator: Operator, up: Up, own_server: str) -> None:
        place = ("--data-dir", str(up.data_dir), "--database-url", own_server)
        file = up.data_dir / "copy.dump"

        made = run("db", "backup", str(file), *place)
        in_use = run("db", "restore", str(file), "--replace", "--yes", *place)
        operator.down(up)
        back = run("db", "restore", str(file), "--replace", "--yes", *place)

        assert (made.returncode, in_use.returncode, back.returncode) == (0, 1, 0), back.stderr
        assert "LeadSail is at work in this database" in in_use.stderr
        again = operator.up(up.data_dir, "--demo", LEADSAIL_DATABASE_URL=own_server)
        assert again.demo["interactionIds"] == up.demo["interactionIds"]


class TestAnApiByItself:
    def test_answers_and_ends_with_zero(self, up: Up, operator: Operator) -> None:
        process = operator.spawn("api", "--port", "0", "--data-dir", str(up.data_dir))
        assert process.stdout is not None
        assert process.stderr is not None
        started = process.stdout.readline()
        port = int(started.rpartition('"port":')[2].split(",")[0].rstrip("}\n"))
        until(lambda: httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200)

        process.terminate()

        assert process.wait(30) == 0
        assert process.stdout.read().count('"event":"stopped"') == 1
        process.stdout.close()
        process.stderr.close()

    def test_is_refused_before_the_database_is_set_up(self, folder: Path) -> None:
        refused = run("keys", "list", "--data-dir", str(folder))

        assert refused.returncode == 1
        assert "make one with leadsail up" in refused.stderr


class TestAWorkerByItself:
    def test_ends_with_zero_when_asked(self, up: Up, operator: Operator) -> None:
        process = operator.spawn("worker", "--data-dir", str(up.data_dir))
        assert process.stdout is not None
        assert process.stderr is not None
        started = process.stdout.readline()

        process.terminate()

        assert '"event":"started"' in started
        assert process.wait(30) == 0
        process.stdout.close()
        process.stderr.close()
