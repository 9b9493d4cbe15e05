"""Folders, servers and child processes for the tests of the embedded PostgreSQL."""

import os
import pwd
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.binaries import find_installation
from tests.foundation.embedded_postgres.running import (
    StartsChild,
    StartsServer,
    end_child,
    run_as,
    socket_folder_of,
    start_child,
)
from tests.run_folder import new_folder


@pytest.fixture
def folder(open_folder: Path) -> Iterator[Path]:
    """An empty folder with a short name that every account may enter, unlike pytest's own."""
    path = new_folder(open_folder)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data_dir(folder: Path) -> Path:
    """A data folder that does not exist yet."""
    return folder / "data"


@pytest.fixture(scope="session")
async def used_data_dir(open_folder: Path) -> AsyncIterator[Path]:
    """A data folder with a database in it. Tests share it one after the other, and leave it fit for a start."""
    path = new_folder(open_folder)
    server = EmbeddedPostgres(path / "data")
    await server.start()
    await server.stop()
    yield path / "data"
    shutil.rmtree(path)


@pytest.fixture
def own_data_dir(data_dir: Path, used_data_dir: Path) -> Path:
    """The same, for a test that will not leave it fit."""
    subprocess.run(["cp", "-a", used_data_dir, data_dir], check=True)  # noqa: S603, S607 - keeps owners
    return data_dir


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
        # One with a long path does not stand in the data folder, and would stay.
        shutil.rmtree(socket_folder_of(server), ignore_errors=True)


@pytest.fixture
def a_starter() -> Iterator[StartsChild]:
    """Runs starter.py in processes of their own, and ends them and their servers after the test."""
    children: list[tuple[subprocess.Popen[str], Path]] = []

    def start(data_dir: Path, *words: str, prefix: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
        child = start_child(data_dir, *words, prefix=prefix)
        children.append((child, data_dir))
        return child

    yield start
    for child, data_dir in children:
        end_child(child, data_dir)


@pytest.fixture(scope="session")
def as_root() -> None:
    """For what only root can arrange."""
    if os.geteuid() != 0:
        pytest.skip("only root can act as another account")


@pytest.fixture(scope="session")
def nobody(as_root: None) -> int:  # noqa: ARG001 - asked for its check alone
    """The id of an ordinary account that can run the programs."""
    account = pwd.getpwnam("nobody")
    try:
        run_as(account.pw_uid, find_installation().folder / "postgres", "--version")
    except PermissionError:
        pytest.skip("the PostgreSQL programs stand where an ordinary account cannot reach them")
    return account.pw_uid
