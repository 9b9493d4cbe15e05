"""Platforms that are up, each started once, and folders for those that a test starts itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.commands.running import Operator, Up, copied, removed
from tests.run_folder import new_folder


@pytest.fixture
def folder(open_folder: Path) -> Iterator[Path]:
    """An empty folder, removed after the test."""
    path = new_folder(open_folder)
    yield path
    removed(path)


@pytest.fixture
def operator() -> Iterator[Operator]:
    """Starts platforms and stops them after the test."""
    operator = Operator()
    yield operator
    operator.leave()


@pytest.fixture(scope="session")
def first_start(open_folder: Path) -> Iterator[Up]:
    """A platform that was started from nothing with a demo, and is down again."""
    path, operator = new_folder(open_folder), Operator()
    up = operator.up(path / "data", "--demo")
    operator.leave()
    yield up
    removed(path)


@pytest.fixture(scope="session")
def demo_folder(first_start: Up) -> Path:
    """A data folder with a demo in it, whose platform is down: to be copied, not used."""
    return first_start.data_dir


@pytest.fixture
def data_dir(demo_folder: Path, folder: Path) -> Path:
    """A data folder of one's own with a demo in it."""
    return copied(demo_folder, folder / "data")


@pytest.fixture(scope="session")
def up(demo_folder: Path, open_folder: Path) -> Iterator[Up]:
    """A platform with a demo that the tests share; each leaves it well."""
    path, operator = new_folder(open_folder), Operator()
    yield operator.up(copied(demo_folder, path / "data"), "--demo")
    operator.leave()
    removed(path)
