"""The folder of one run of the tests, and how it is put away even when the run is killed.

A run holds a lock in its folder. Beside it waits a small shell; however the run ends, the shell then runs this module
as a program, which ends whatever still works in the folder and removes it. A folder that has outlived even its shell,
as after a power cut, is put away by the next run: a lock that nobody holds tells that its run is over.
"""

import asyncio
import fcntl
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from leadsail.foundation.embedded_postgres.access import socket_folder
from leadsail.foundation.embedded_postgres.accounts import Account
from leadsail.foundation.embedded_postgres.shutdown import server_processes, shut_down

_LOCK = "run.lock"
_PUT_AWAY = (sys.executable, "-P", __file__)
_WAIT_FOR_THE_END = 'read -r _; exec "$@"'
_ATTEMPTS = 20


@contextmanager
def run_folder(place: Path) -> Iterator[Path]:
    """A folder for this run alone, in a `place` whose path is short enough for sockets; it goes with the run."""
    for lock in place.glob(f"ls-*/{_LOCK}"):
        if _is_free(lock):
            subprocess.run([*_PUT_AWAY, lock.parent], check=False)  # noqa: S603 - this module
    folder = new_folder(place)
    with _watched(folder), _locked(folder):
        yield folder


def new_folder(place: Path) -> Path:
    """An empty folder with a short name that every account may enter."""
    path = Path(tempfile.mkdtemp(prefix="ls-", dir=place))
    path.chmod(0o711)
    return path


@contextmanager
def _watched(folder: Path) -> Iterator[None]:
    """Have the folder put away when this process leaves here or ends: both close the pipe on which the shell waits."""
    with subprocess.Popen(  # noqa: S603 - this module
        ["/bin/sh", "-c", _WAIT_FOR_THE_END, "sh", *_PUT_AWAY, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what ends a terminal's processes, or a group of them, is not for the shell
    ):
        yield


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Others see it only once it is held, so one that is free has been given up."""
    aside = folder / f"{_LOCK}.new"
    with aside.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        aside.rename(folder / _LOCK)
        yield


def _is_free(lock: Path) -> bool:
    with _taken(lock) as taken:
        return taken


@contextmanager
def _taken(lock: Path) -> Iterator[bool]:
    """Take a lock that somebody else made, if nobody holds it; whether that is so."""
    with ExitStack() as stack:
        try:
            fcntl.flock(stack.enter_context(lock.open()), fcntl.LOCK_EX | fcntl.LOCK_NB)
            taken = True
        except OSError:  # it is held, or just gone, or another account's
            taken = False
        yield taken


def _put_away(folder: Path) -> None:
    """Clear the folder until it is gone: a server just born is not yet known by its folder, but writes to it soon."""
    for _ in range(_ATTEMPTS):
        asyncio.run(_clear(folder))
        if not folder.exists():
            return
        time.sleep(0.2)


async def _clear(folder: Path) -> None:
    """End the programs that were started in the folder, then its database servers in order, and remove it."""
    while programs := _programs(folder):
        for program in programs:
            program.kill()
        # Those that have ended are no longer among them, even if their parents never take note of it.
        await asyncio.sleep(0.02)
    for cluster in _clusters(folder):
        owner = _owner(cluster)
        shared = _shared_memory(server_processes(cluster, owner))
        await shut_down(cluster, owner)
        for file in shared:
            file.unlink(missing_ok=True)
        shutil.rmtree(socket_folder(cluster.parent), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _clusters(folder: Path) -> list[Path]:
    return [control.parents[1] for control in folder.rglob("global/pg_control")]


def _shared_memory(servers: Iterable[int]) -> set[Path]:
    """The files of memory that servers share, which nobody removes when the first of them was killed."""
    files: set[Path] = set()
    for pid in servers:
        with suppress(psutil.Error):
            files |= {Path(area.path) for area in psutil.Process(pid).memory_maps()}
    return {file for file in files if file.match("shm/PostgreSQL.*")}


def _programs(folder: Path) -> list[psutil.Process]:
    """Every other Python program that was given the folder in its command line or its environment."""
    return [process for process in psutil.process_iter() if _was_given(process, str(folder))]


def _was_given(process: psutil.Process, folder: str) -> bool:
    try:
        words = process.cmdline()
        if Path(process.exe()) != Path(sys.executable).resolve() or __file__ in words:
            return False
        return any(folder in word for word in (*words, *process.environ().values()))
    except psutil.Error:  # it has just ended, or is nobody's that we may look at
        return False


def _owner(cluster: Path) -> Account:
    entry = pwd.getpwuid(cluster.stat().st_uid)
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, starter=entry.pw_name)


if __name__ == "__main__":
    left = Path(sys.argv[1])
    with _taken(left / _LOCK) as taken:
        if taken:
            _put_away(left)
