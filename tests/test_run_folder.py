"""Nothing of a run of the tests stays on the machine, even if the run is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import eventually
from tests.run_folder import new_folder, run_folder

REPOSITORY = Path(__file__).parents[1]


class Run:
    """A run in a process of its own, with everything that it has started."""

    def __init__(self, place: Path) -> None:
        command = [sys.executable, "-m", "tests.killable_run", str(place)]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        assert said, "it did not come to its folder"
        self.folder = Path(said)
        self.started = psutil.Process(self._process.pid).children(recursive=True)

    def named(self, name: str) -> list[psutil.Process]:
        """Those of its processes that run this program."""
        return [process for process in self.started if process.name() == name]

    @property
    def postmaster(self) -> psutil.Process:
        """The first of the server's processes, which started the others."""
        return next(process for process in self.named("postgres") if process.ppid() == self._process.pid)

    def kill(self) -> None:
        """End the run, with no chance to put anything away."""
        with self._process:
            self._process.kill()

    async def is_put_away(self) -> bool:
        """Whether nothing is left of it."""
        return not self.folder.exists() and not any(process.is_running() for process in self.started)


@pytest.fixture
def place(open_folder: Path) -> Path:
    """Where these tests' runs have their folders, out of sight of other runs."""
    return new_folder(open_folder)


@pytest.fixture
def a_run(place: Path) -> Iterator[Callable[[], Run]]:
    """Starts runs, and kills them after the test."""
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(place))
        return runs[-1]

    yield start
    for run in runs:
        run.kill()


class TestAKilledRun:
    async def test_leaves_neither_folder_nor_processes(self, a_run: Callable[[], Run]) -> None:
        run = a_run()

        run.kill()

        await eventually(run.is_put_away, within=60)

    async def test_takes_a_servers_deaf_orphans_with_it(self, a_run: Callable[[], Run]) -> None:
        """Without a postmaster, and stopped, they would hear of nobody's end."""
        run = a_run()
        servers = run.named("postgres")
        memory = {area.path for server in servers for area in server.memory_maps() if "/shm/" in area.path}
        for process in servers:
            process.send_signal(signal.SIGSTOP)
        run.postmaster.kill()

        run.kill()

        await eventually(run.is_put_away, within=60)
        assert memory
        assert not any(map(os.path.exists, memory))


class TestTheNextRun:
    async def test_puts_away_what_outlived_even_the_shell(self, a_run: Callable[[], Run], place: Path) -> None:
        run = a_run()
        [shell] = run.named("sh")
        shell.kill()
        run.kill()

        with run_folder(place):
            await eventually(run.is_put_away)

    async def test_leaves_a_living_runs_folder_alone(self, a_run: Callable[[], Run], place: Path) -> None:
        run = a_run()

        with run_folder(place):
            pass

        assert run.folder.exists()
        assert all(process.is_running() for process in run.started)

    async def test_leaves_a_folder_alone_whose_run_it_cannot_tell(self, place: Path) -> None:
        unknown = new_folder(place)

        with run_folder(place):
            pass

        assert unknown.exists()


class TestARun:
    def test_that_ends_in_order_leaves_nothing(self, place: Path) -> None:
        with run_folder(place) as folder:
            (folder / "file").touch()

        assert list(place.iterdir()) == []

    def test_that_fails_leaves_nothing(self, place: Path) -> None:
        with pytest.raises(ZeroDivisionError), run_folder(place):
            raise ZeroDivisionError

        assert list(place.iterdir()) == []
