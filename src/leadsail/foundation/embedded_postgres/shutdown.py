"""Ends every server process of one cluster: ours, or what a predecessor that was killed has left behind.

A process counts only if it is `postgres` with the cluster as its working folder, whatever a pid file says.
"""

import os
import signal
import subprocess
from pathlib import Path

from leadsail.foundation.embedded_postgres.accounts import Account
from leadsail.foundation.embedded_postgres.children import run, until
from leadsail.foundation.embedded_postgres.cluster import postmaster_pid
from leadsail.foundation.embedded_postgres.errors import EmbeddedPostgresError

# PostgreSQL manual 18.5; the seconds say when to insist. Nothing that was committed is lost by any of them.
_IN_ORDER = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
_ORPHANS = ((signal.SIGQUIT, 2.0), (signal.SIGKILL, 10.0))


async def shut_down(cluster: Path, account: Account) -> None:
    """Stop the server of this cluster in order, and insist step by step if it does not end in time.

    Raises EmbeddedPostgresError if a process outlives even SIGKILL, as on a disk that no longer answers.
    """
    for how, seconds in _steps(cluster, account):
        for pid in _receivers(how, cluster, account):
            _send(pid, how)
        if await until(lambda: not server_processes(cluster, account), seconds=seconds):
            return
    left = ", ".join(map(str, server_processes(cluster, account)))
    raise EmbeddedPostgresError(
        f"The processes {left} of the database in {cluster} do not end; "
        "see whether its disk answers, end them, and start again."
    )


def server_processes(cluster: Path, account: Account) -> list[int]:
    """Ids of all living server processes of this cluster."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _serves(pid, os.path.realpath(cluster), account)]


def _steps(cluster: Path, account: Account) -> tuple[tuple[signal.Signals, float], ...]:
    """Without a postmaster nothing can end in order, so its orphans get the harder signals at once."""
    return _IN_ORDER if postmaster_pid(cluster) in server_processes(cluster, account) else _ORPHANS


def _receivers(how: signal.Signals, cluster: Path, account: Account) -> list[int]:
    """A fast shutdown is for the postmaster alone: elsewhere that signal only cancels a query."""
    pids = server_processes(cluster, account)
    return [pid for pid in pids if how is not signal.SIGINT or pid == postmaster_pid(cluster)]


def _serves(pid: int, cluster: str, account: Account) -> bool:
    try:
        if Path(f"/proc/{pid}").stat().st_uid != account.uid:
            return False
        program, folder = _links(pid, account)
    except (OSError, subprocess.SubprocessError):  # it has just ended, or is a zombie
        return False
    return Path(program).name.removesuffix(" (deleted)") == "postgres" and folder == cluster


def _links(pid: int, account: Account) -> list[str]:
    """The program and the working folder of a process.

    Root without CAP_SYS_PTRACE, as in most containers, may not read them, but the account itself may.
    """
    links = [f"/proc/{pid}/exe", f"/proc/{pid}/cwd"]
    try:
        return [str(Path(link).readlink()) for link in links]
    except PermissionError:
        return run(["readlink", *links], account).splitlines()


def _send(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
