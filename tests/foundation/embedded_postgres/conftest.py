"""Folders, servers and child processes for the tests of the embedded PostgreSQL."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.foundation.embedded_postgres.running import StartsChild, StartsServer, run_as, start_child

from leadsail.foundation.embedded_postgres import EmbeddedPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder with a short name that every account may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="ls-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data_dir(folder: Path) -> Path:
    """A data folder that does not exist yet."""
    return folder / "data"


@pytest.fixture
async def a_server() -> AsyncIterator[StartsServer]:
    """Starts servers and stops them after the test."""
    started: list[EmbeddedPostgres] = []

    async def start(data_dir: Path, **settings: str) -> EmbeddedPostgres:
        server = EmbeddedPostgres(data_dir, settings=settings)
        started.append(server)
        await server.start()
        return server

    yield start
    for server in started:
        await server.stop()


@pytest.fixture
def a_starter() -> Iterator[StartsChild]:
    """Runs starter.py in processes of their own, and kills them after the test."""
    children: list[subprocess.Popen[str]] = []

    def start(*words: str | Path, uid: int | None = None, prefix: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
        children.append(start_child(*words, uid=uid, prefix=prefix))
        return children[-1]

    yield start
    for child in children:
        with child:
            child.kill()


@pytest.fixture
def as_root() -> None:
    """For what only root can arrange."""
    if os.geteuid() != 0:
        pytest.skip("only root can act as another account")


@pytest.fixture
def nobody(as_root: None) -> pwd.struct_passwd:  # noqa: ARG001 - asked for its check alone
    """An ordinary account that can run this interpreter."""
    entry = pwd.getpwnam("nobody")
    if run_as(entry.pw_uid, sys.executable, "-c", "import leadsail").returncode != 0:
        pytest.skip("this interpreter stands where an ordinary account cannot reach it")
    return entry
