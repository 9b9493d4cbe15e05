"""Makes a database ready for this release: roles, schema, the queue's tables, and the installation's own record."""

import asyncio
from collections.abc import Callable

import asyncpg

from leadsail.entrypoints.database_address import Login
from leadsail.entrypoints.installation import WrongMasterKeyError, inspect
from leadsail.entrypoints.refusals import Refusal
from leadsail.foundation.embedded_postgres import ROLE_STATEMENTS
from leadsail.foundation.embedded_postgres.roles import APP, OWNER
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.job_queue.pgqueuer_schema import install
from leadsail.foundation.job_queue.pgqueuer_version import SCHEMA_VERSION
from leadsail.migrations.newest import NEWEST
from leadsail.migrations.runner import migrate

Progress = Callable[[str], None]

_OWNER_SESSION = {"search_path": "leadsail"}


async def prepare_database(url: str, *, role: str | None, master_key: MasterKey, progress: Progress) -> None:
    """Bring the database to this release as `role`, or as the URL's own user.

    Nothing happens when nothing is missing. Raises `WrongMasterKeyError` when the stored check value is another
    key's, `Refusal` when a newer release was here, and what PostgreSQL raises.
    """
    installed = await inspect(Login(url, role))
    if installed.schema is not None and installed.schema > NEWEST:
        raise Refusal(
            f"The database is at schema {installed.schema} and this release knows {NEWEST}; install the newer"
            " release again, or restore a backup that was made by this one."
        )
    if installed.schema != NEWEST:
        await asyncio.to_thread(migrate, url, role=role, progress=progress)
    connection = await asyncpg.connect(url, server_settings=_OWNER_SESSION | ({"role": role} if role else {}))
    try:
        await _install_queue(connection, progress)
        await _remember_installation(connection, master_key)
    finally:
        await connection.close()


async def adopt_server(url: str) -> None:
    """Ready a server that is not the embedded one: create our four roles and let the URL's user act as two of them.

    Repeatable. Where something is missing the user needs CREATEROLE, and must own the database. Raises `Refusal`.
    """
    connection = await asyncpg.connect(url)
    try:
        if connection.get_server_version().major < 16:
            raise Refusal("This PostgreSQL server is too old; LeadSail needs version 16 or newer.")
        for statement in ROLE_STATEMENTS:
            await connection.execute(statement)
        for role in (OWNER, APP):
            await _let_user_become(connection, role)
        await _let_owner_create(connection)
    except asyncpg.InsufficientPrivilegeError as error:
        raise Refusal(
            f"The database's user may not set LeadSail up there ({error}); give it CREATEROLE and make it the owner"
            " of the database, or name a user that has both."
        ) from error
    finally:
        await connection.close()


async def _let_user_become(connection: "asyncpg.Connection[asyncpg.Record]", role: str) -> None:
    if not await connection.fetchval("select pg_has_role($1, 'set')", role):
        await connection.execute(f"grant {role} to current_user with inherit false, set true")


async def _let_owner_create(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    allowed = "select has_database_privilege($1, current_database(), 'create')"
    if not await connection.fetchval(allowed, OWNER):
        name = await connection.fetchval("select quote_ident(current_database())")
        await connection.execute(f"grant create on database {name} to {OWNER}")


async def _install_queue(connection: "asyncpg.Connection[asyncpg.Record]", progress: Progress) -> None:
    installed = await connection.fetchval("select queue_version from installation")
    if installed != SCHEMA_VERSION:
        progress("installing the job queue")
        await install(connection)
        await connection.execute("update installation set queue_version = $1", SCHEMA_VERSION)


async def _remember_installation(connection: "asyncpg.Connection[asyncpg.Record]", master_key: MasterKey) -> None:
    await connection.execute(
        "insert into installation (master_key_check, queue_version, created_at)"
        " values ($1, $2, clock_timestamp()) on conflict do nothing",
        master_key.check_value(), SCHEMA_VERSION,
    )  # fmt: skip
    stored = await connection.fetchval("select master_key_check from installation")
    if not master_key.matches(stored):
        raise WrongMasterKeyError
