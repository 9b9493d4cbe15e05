"""The embedded server as a whole: start, watch, stop. Each step lives in the module named after it."""

import asyncio
import math
import signal
import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import asyncpg

from leadsail.foundation.embedded_postgres import access
from leadsail.foundation.embedded_postgres.accounts import Account, first_closed_folder, server_account
from leadsail.foundation.embedded_postgres.binaries import Installation, find_installation, within_reach
from leadsail.foundation.embedded_postgres.bootstrap import DATABASE, bootstrap
from leadsail.foundation.embedded_postgres.children import spawn, until
from leadsail.foundation.embedded_postgres.cluster import (
    cluster_folder,
    cluster_is_there,
    create_cluster,
    forget_dead_server,
    server_is_ready,
)
from leadsail.foundation.embedded_postgres.errors import DataFolderError, EmbeddedPostgresError, StartError
from leadsail.foundation.embedded_postgres.folder_lock import FolderLock
from leadsail.foundation.embedded_postgres.log_file import LogFile
from leadsail.foundation.embedded_postgres.roles import APP
from leadsail.foundation.embedded_postgres.server_settings import refuse_kept_settings, server_options
from leadsail.foundation.embedded_postgres.shutdown import shut_down

# Recovery after a crash replays the log since the last checkpoint, which a slow disk may take minutes for.
_START_LIMIT = 600.0


class EmbeddedPostgres:
    """One PostgreSQL server that lives as long as this process, with its data in LeadSail's data folder."""

    def __init__(
        self, data_dir: Path, *, binaries: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        """Nothing happens before `start`.

        `binaries` names a folder with other PostgreSQL programs than those LeadSail finds by itself;
        `settings` override the server's profile, as in {"shared_buffers": "1GB"}.
        """
        self.data_dir = data_dir.resolve()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = LogFile(self.data_dir / "logs" / "postgres.log")
        self._given_binaries = binaries
        self._settings = settings or {}
        self._socket_folder = access.socket_folder(self.data_dir)
        self._lock = FolderLock(self.data_dir)
        self._log_keeper: asyncio.Task[None] | None = None

    @cached_property
    def installation(self) -> Installation:
        """The programs in use. Raises BinariesError if this machine has none."""
        return find_installation(self._given_binaries)

    @property
    def binaries(self) -> Path:
        """The folder with `postgres`, `pg_dump`, `pg_restore`, `psql` and `pgbench`."""
        return self.installation.folder

    @property
    def version(self) -> str:
        """The server's version, such as 18.6."""
        return self.installation.version

    @property
    def cluster(self) -> Path:
        """The folder with the data, named by its major version."""
        return cluster_folder(self.data_dir, self.installation.major)

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """The address for asyncpg, psycopg and PostgreSQL's own programs; no password is needed."""
        return access.url(self._socket_folder, role, database)

    async def start(self) -> None:
        """Create what is missing, take over from a predecessor that was killed, and wait until all is ready.

        After the server has died it may be called again. Raises EmbeddedPostgresError, whose message names
        the remedy; nothing is left running then.
        """
        if self.process is not None and self.process.poll() is None:
            raise EmbeddedPostgresError(f"The database in {self.data_dir} has been started already; stop it first.")
        try:
            await self._start()
        except OSError as error:
            await self.stop()
            raise DataFolderError(
                f"The data folder {self.data_dir} cannot be used ({error}); "
                "mend that, or choose another one with --data-dir."
            ) from error
        except BaseException:
            await self.stop()
            raise

    async def wait(self) -> int:
        """Return the server's exit status once it has ended, whoever ended it; negative if by a signal."""
        process = self.process
        if process is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL has not been started, so its end cannot be awaited.")
        await until(lambda: process.poll() is not None, seconds=math.inf, every=0.1)
        return process.returncode

    async def stop(self) -> None:
        """End all sessions and stop in order; insist if that takes a minute. Harmless if nothing runs."""
        process = self.process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # a child just born is not yet known by its folder
            await shut_down(self.cluster, server_account())
            await self.wait()
        if self._log_keeper is not None:
            self._log_keeper.cancel()
            await asyncio.gather(self._log_keeper, return_exceptions=True)
            self._log_keeper = None
        self._lock.release()

    async def _start(self) -> None:
        refuse_kept_settings(self._settings)
        account = server_account()
        self._prepare_data_folder(account)
        self._lock.take()
        shelf = self.data_dir / "postgres-binaries"
        self.installation = await asyncio.to_thread(within_reach, self.installation, account, shelf)
        if cluster_is_there(self.cluster, self.installation.major, account):
            await shut_down(self.cluster, account)
            forget_dead_server(self.cluster)
        else:
            await create_cluster(self.cluster, self.installation, account, self.log)
        self.process = self._launch(account)
        await self._until_ready(self.process)
        self._log_keeper = asyncio.create_task(self.log.stay_short())

    def _prepare_data_folder(self, account: Account) -> None:
        if not self.data_dir.exists():
            self.data_dir.mkdir(parents=True)
            # Another account has to pass through to its cluster; it need not see what else is here.
            self.data_dir.chmod(0o700 if account.is_ours else 0o711)
        closed = None if account.is_ours else first_closed_folder(self.data_dir, account)
        if closed is not None:
            raise DataFolderError(
                f"PostgreSQL runs as the account {account.name}, which cannot enter {closed}; choose a "
                f"--data-dir that it can reach (/var/lib/leadsail), or allow it with: chmod o+x {closed}"
            )

    def _launch(self, account: Account) -> "subprocess.Popen[bytes]":
        files = access.write_access_files(self.data_dir / "postgres-access", account)
        access.prepare_socket_folder(self._socket_folder, account)
        options = server_options(self._settings, socket_folder=self._socket_folder, access=files)
        with self.log.open() as output:
            return spawn([self.binaries / "postgres", "-D", self.cluster, *options], account, output)

    async def _until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        def settled() -> bool:
            return process.poll() is not None or server_is_ready(self.cluster)

        in_time = await until(settled, seconds=_START_LIMIT)
        if process.poll() is not None:
            raise self._failure(f"ended while it started (status {process.returncode})")
        if not in_time:
            raise self._failure(f"was not ready after {_START_LIMIT:.0f} seconds")
        try:
            await bootstrap(self.url(access.SUPERUSER, "postgres"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise self._failure(f"could not be given its roles and its database: {error}") from error

    def _failure(self, what: str) -> StartError:
        said = self.log.last_lines() or "(nothing was written; is the disk full?)"
        return StartError(
            f"The database in {self.data_dir} {what}; mend what its log names and start again "
            f"({self.log.path}):\n{said}"
        )
