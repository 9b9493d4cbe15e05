"""Makes a database ready for this release: roles, schema, the queue's tables, and the installation's own record."""

import asyncio
from collections.abc import Callable

import asyncpg

from leadsail.foundation.embedded_postgres import ROLE_STATEMENTS
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_schema import SCHEMA_VERSION, install
from leadsail.migrations.newest import NEWEST
from leadsail.migrations.runner import migrate

Progress = Callable[[str], None]

_OWNER_SESSION = {"search_path": "leadsail"}


class WrongMasterKeyError(RuntimeError):
    """The database was set up with another master key."""


async def prepare_database(url: str, *, role: str | None, master_key: MasterKey, progress: Progress) -> None:
    """Bring the database to this release as `role`, or as the URL's own user.

    Nothing happens when nothing is missing. Raises `WrongMasterKeyError` when the stored check value is another
    key's, and what PostgreSQL raises.
    """
    if await schema_of(url) != NEWEST:
        await asyncio.to_thread(migrate, url, role=role, progress=progress)
    connection = await asyncpg.connect(url, server_settings=_OWNER_SESSION | ({"role": role} if role else {}))
    try:
        await _install_queue(connection, progress)
        await _remember_installation(connection, master_key)
    finally:
        await connection.close()


async def create_roles(url: str) -> None:
    """Create the four roles on a server that is not the embedded one; its user needs CREATEROLE. Repeatable."""
    connection = await asyncpg.connect(url)
    try:
        for statement in ROLE_STATEMENTS:
            await connection.execute(statement)
    finally:
        await connection.close()


async def schema_of(url: str) -> str | None:
    """The schema a database is at, or None for an empty one."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("select to_regclass('leadsail.schema_version')") is None:
            return None
        version: str | None = await connection.fetchval("select version_num from leadsail.schema_version")
        return version
    finally:
        await connection.close()


async def _install_queue(connection: "asyncpg.Connection[asyncpg.Record]", progress: Progress) -> None:
    installed = await connection.fetchval("select queue_version from installation")
    if installed != SCHEMA_VERSION:
        progress("installing the job queue")
        await install(connection)
        await connection.execute("update installation set queue_version = $1", SCHEMA_VERSION)


async def _remember_installation(
    connection: "asyncpg.Connection[asyncpg.Record]", master_key: MasterKey
) -> None:
    await connection.execute(
        "insert into installation (master_key_check, queue_version, created_at)"
        " values ($1, $2, clock_timestamp()) on conflict do nothing",
        master_key.check_value(), SCHEMA_VERSION,
    )  # fmt: skip
    stored = await connection.fetchval("select master_key_check from installation")
    if not master_key.matches(stored):
        raise WrongMasterKeyError(
            "This database was set up with another master key; give that one (LEADSAIL_MASTER_KEY or the file"
            " master.key in the data folder), since without it no stored secret and no API key can be read."
        )
