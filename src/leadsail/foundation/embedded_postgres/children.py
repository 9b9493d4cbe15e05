"""Starts programs under the server's account and waits for things to become true; knows no PostgreSQL."""

import asyncio
import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from leadsail.foundation.embedded_postgres.accounts import Account

# Our own environment may hold secrets, and settings such as PGDATA that would change what a program does.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}

_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None)


def spawn(command: Sequence[str | Path], account: Account, output: BinaryIO) -> "subprocess.Popen[bytes]":
    """Start a program that stays with us: the kernel sends it SIGINT when we die, however we die.

    Its session is its own, so that Ctrl-C in a terminal reaches LeadSail alone, which stops it in order.
    """
    # The kernel watches the calling thread, not the process, and only the main thread lives as long.
    lasting = threading.current_thread() is threading.main_thread()
    return subprocess.Popen(  # noqa: S603 - the command is built here, no shell is involved
        command,
        cwd="/",
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_ask_for_a_signal_at_our_death if lasting else None,  # noqa: PLW1509 - one system call, safe after a fork
        user=None if account.is_ours else account.uid,
        group=None if account.is_ours else account.gid,
        extra_groups=None if account.is_ours else account.groups,
    )


def run(command: Sequence[str | Path], account: Account | None = None) -> str:
    """What a short program prints, run under the account or under our own.

    Raises OSError if it cannot be executed, CalledProcessError if it fails.
    """
    other = None if account is None or account.is_ours else account
    done = subprocess.run(  # noqa: S603 - the command is built here, no shell is involved
        command,
        cwd="/",
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        user=other.uid if other else None,
        group=other.gid if other else None,
        extra_groups=other.groups if other else None,
    )
    return done.stdout


async def until(condition: Callable[[], bool], *, seconds: float, every: float = 0.01) -> bool:
    """Wait until the condition holds, asked `every` so many seconds; False if it does not in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        if loop.time() > deadline:
            return False
        # Pid files, /proc and the end of a process of another account offer nothing to wait on.
        await asyncio.sleep(every)
    return True


def _ask_for_a_signal_at_our_death() -> None:
    # Runs after the change of account, which would clear the wish, and before the program is loaded.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
