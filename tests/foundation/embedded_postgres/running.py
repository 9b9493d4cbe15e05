"""Small doings that the tests of the embedded PostgreSQL share: one statement, one program, one child process."""

import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import asyncpg
import psutil

from leadsail.foundation.embedded_postgres import EmbeddedPostgres

StartsServer = Callable[..., Awaitable[EmbeddedPostgres]]
"""`await a_server(data_dir, shared_buffers="64MB")`: a running server, stopped after the test."""

StartsChild = Callable[..., "subprocess.Popen[str]"]
"""`a_starter(data_dir, "insert")`: starter.py in a process of its own, killed after the test."""

STARTER = Path(__file__).with_name("starter.py")


async def execute(url: str, *statements: str) -> None:
    """Run statements in a connection of their own."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def value(url: str, query: str) -> Any:
    """The single value that a query returns."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def column(url: str, query: str) -> list[Any]:
    """The first column that a query returns."""
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(query)]
    finally:
        await connection.close()


def socket_folder_of(server: EmbeddedPostgres) -> Path:
    """Where clients of a server find its socket."""
    return Path(unquote(server.url().partition("?host=")[2].partition("&")[0]))


def run_as(uid: int | None, *command: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a short program, under another account if we are root and one is given."""
    return subprocess.run(  # noqa: S603 - the tests choose the command
        command,
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
        cwd="/",
        check=False,
        capture_output=True,
        text=True,
    )


def start_child(*words: str | Path, prefix: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
    """Run starter.py in a process of its own; `prefix` is a program that runs it in turn."""
    return subprocess.Popen(  # noqa: S603 - the tests choose the command
        [*prefix, sys.executable, STARTER, *words], cwd="/", stdout=subprocess.PIPE, text=True
    )


def end_child(child: "subprocess.Popen[str]", data_dir: Path) -> None:
    """Kill the child and see its server out, so that the folder can be removed."""
    with child:
        child.kill()
    psutil.wait_procs(servers_below(data_dir), timeout=60)


def servers_below(folder: Path) -> list[psutil.Process]:
    """All processes that work in a folder or below it."""
    everything = psutil.process_iter(["cwd"])
    return [process for process in everything if (process.info["cwd"] or "").startswith(str(folder))]


def next_line(child: "subprocess.Popen[str]") -> str:
    """What the child says next; empty if it has ended."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def all_lines(child: "subprocess.Popen[str]") -> list[str]:
    """Everything that the child still says until its end, whole lines only."""
    assert child.stdout is not None
    return [line.strip() for line in child.stdout if line.endswith("\n")]
