"""A LeadSail of its own to measure: data folder, PostgreSQL, master key, and an api process with default settings."""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2
import psutil

from leadsail.entrypoints.preparation import prepare_database
from leadsail.entrypoints.wiring import Platform, wire
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.providers.journal import FileJournal

PATIENCE_SECONDS = 60


def shared_buffers_mb() -> int:
    """A quarter of the machine's memory, as PostgreSQL's manual advises for a server that does nothing else."""
    return psutil.virtual_memory().total // 4 // 1024**2


class Installation:
    """PostgreSQL with the schema, and the means to run api processes on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = {"shared_buffers": f"{shared_buffers_mb()}MB", "max_wal_size": "4GB"}
        self.server = EmbeddedPostgres(folder, settings=settings)
        self.master_key_text = secrets.token_hex(32)
        self.master_key = MasterKey.parse(self.master_key_text)

    @property
    def superuser_url(self) -> str:
        """For pgbench, which is held back by nothing."""
        return self.server.url("postgres")

    @asynccontextmanager
    async def platform(self) -> AsyncIterator[Platform]:
        """The services in this process, for seeding and for in-process measurements."""
        platform = self.wired()
        await platform.database.open()
        try:
            yield platform
        finally:
            await platform.database.close()

    def wired(self) -> Platform:
        """The services, before anything is opened."""
        queue = PgQueuerQueue()
        database = Database(self.server.url(), queue)
        journal = FileJournal(self.folder / "journal")
        return wire(database=database, queue=queue, clock=SystemClock(), master_key=self.master_key, journal=journal)

    @contextmanager
    def api(self) -> Iterator["Api"]:
        """One `leadsail api` process with every default, logging to a file."""
        port = free_port()
        command = [sys.executable, "-m", "leadsail", "api", "--port", str(port)]
        with (self.folder / "api.log").open("ab") as log:
            process = subprocess.Popen(command, env=self._environment(), stdout=log, stderr=log)
            try:
                yield Api(port, psutil.Process(process.pid))
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "LEADSAIL_DATA_DIR": str(self.folder),
            "LEADSAIL_DATABASE_URL": self.server.url(),
            "LEADSAIL_MASTER_KEY": self.master_key_text,
        }


class Api:
    """A running api process."""

    def __init__(self, port: int, process: psutil.Process) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = process

    async def ready(self) -> None:
        """Wait until it serves."""
        await wait_until_ready(self.url)


@asynccontextmanager
async def installation() -> AsyncIterator[Installation]:
    """A fresh installation in a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ls-bench-"))
    folder.chmod(0o711)
    it = Installation(folder)
    try:
        await it.server.start()
        await prepare_database(
            it.server.url("leadsail_owner"), role=None, master_key=it.master_key, progress=lambda _: None
        )
        yield it
    finally:
        await it.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def wait_until_ready(url: str) -> None:
    """Return once `/readyz` at `url` says yes."""
    async with asyncio.timeout(PATIENCE_SECONDS), httpx2.AsyncClient(trust_env=False) as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.01)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
