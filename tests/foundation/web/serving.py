"""The platform on real sockets of this machine, in this process or in one of its own."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import orjson
import uvicorn

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.logs import configure_logs
from leadsail.ports.journal import Journal
from tests.conftest import eventually


def own_platform(database_url: str, master_key: MasterKey, journal: Journal, *, size: int = 8) -> Platform:
    """A platform with connections of its own, not open yet."""
    queue = PgQueuerQueue()
    database = Database(database_url, queue, size=size)
    return wire(database=database, queue=queue, clock=SystemClock(), master_key=master_key, journal=journal)


@asynccontextmanager
async def serving(platform: Platform, options: ApiOptions) -> AsyncIterator[str]:
    """Serve `platform` in this process, background tasks included; gives the address without a path."""
    door = create_api(platform, configure_logs("test", level="CRITICAL"), options)
    config = uvicorn.Config(door, log_config=None, access_log=False, loop="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await eventually(lambda: _is_started(server, task))
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@dataclass(frozen=True)
class ApiProcess:
    """A running `leadsail api`: where it answers, and the file with all it writes."""

    url: str
    output: Path


@asynccontextmanager
async def api_process(
    database_url: str, master_key: MasterKey, folder: Path, data_dir: Path
) -> AsyncIterator[ApiProcess]:
    """Run `leadsail api` in a process of its own, writing to `folder`.

    `data_dir` is the run's own: with another journal than the database's, everything would be held.
    """
    output = folder / "api.log"
    command = [sys.executable, "-m", "leadsail", "api", "--port", "0", "--data-dir", str(data_dir)]
    secrets = {"LEADSAIL_MASTER_KEY": master_key.material.hex(), "LEADSAIL_DATABASE_URL": database_url}
    with output.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | secrets, stdout=out, stderr=out)  # noqa: S603, ASYNC220 - our own program, which starts at once
    try:
        await eventually(lambda: _is_ready(output))
        yield ApiProcess(str(_address(output)), output)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


def _address(output: Path) -> str | None:
    for line in output.read_bytes().splitlines():
        if b'"event":"started"' in line:
            return f"http://127.0.0.1:{orjson.loads(line)['port']}"
    return None


async def _is_ready(output: Path) -> bool:
    address = _address(output)
    if address is None:
        return False
    try:
        async with httpx2.AsyncClient() as client:
            return (await client.get(f"{address}/readyz")).status_code == 200
    except httpx2.TransportError:
        return False


async def _is_started(server: uvicorn.Server, task: "asyncio.Task[None]") -> bool:
    return server.started or task.done()
