"""What a database says about itself, and which master key belongs to it. Light, because every start asks it."""

from dataclasses import dataclass
from pathlib import Path

import asyncpg

from leadsail.entrypoints.database_address import Login
from leadsail.foundation.encryption import MasterKey, MasterKeyError, MasterKeyMissing
from leadsail.foundation.job_queue.pgqueuer_version import SCHEMA_VERSION
from leadsail.foundation.settings import Settings
from leadsail.migrations.newest import NEWEST


class WrongMasterKeyError(MasterKeyError):
    """The database was set up with another master key."""

    def __init__(self) -> None:
        super().__init__(
            "This database was set up with another master key; give that one (LEADSAIL_MASTER_KEY or the file"
            " master.key in the data folder), since without it no stored secret and no API key can be read."
        )


@dataclass(frozen=True, slots=True)
class Installation:
    """What is installed in a database; all None in an empty one."""

    schema: str | None = None
    queue: str | None = None
    key_check: str | None = None

    @property
    def is_current(self) -> bool:
        """Whether nothing is missing for this release."""
        return (self.schema, self.queue) == (NEWEST, SCHEMA_VERSION) and self.key_check is not None


async def inspect(login: Login) -> Installation:
    """What is installed where `login` leads. Raises what PostgreSQL raises when it cannot be asked."""
    connection = await asyncpg.connect(login.url, timeout=10)
    try:
        if not await _is_ours(connection, login.role):
            return Installation()
        if login.role:
            await connection.execute(f"set role {login.role}")
        row = await connection.fetchrow(
            "select version_num, queue_version, master_key_check"
            " from leadsail.schema_version left join leadsail.installation on true"
        )
        return Installation(*row) if row else Installation()
    finally:
        await connection.close()


def master_key_file(settings: Settings) -> Path:
    """Where the key is kept unless it is given in the environment."""
    return settings.data_dir / "master.key"


def master_key_for(settings: Settings, installed: Installation) -> MasterKey:
    """The key that opens what is `installed`; a new one where nothing is.

    Raises `MasterKeyError` when it is missing or exposed, `WrongMasterKeyError` when it is another one.
    """
    key = _given_key(settings, may_create=installed.key_check is None)
    if installed.key_check is not None and not key.matches(installed.key_check):
        raise WrongMasterKeyError
    return key


def _given_key(settings: Settings, *, may_create: bool) -> MasterKey:
    if settings.master_key is not None:
        return MasterKey.parse(settings.master_key.get_secret_value())
    path = master_key_file(settings)
    if may_create:
        path.parent.mkdir(parents=True, exist_ok=True)
        return MasterKey.read_or_create(path)
    if not path.exists():
        raise MasterKeyMissing(
            f"This database was set up with a master key, and there is none in {path}; restore that file from your"
            " backup or set LEADSAIL_MASTER_KEY, since without it no stored secret and no API key can be read."
        )
    return MasterKey.read(path)


async def _is_ours(connection: "asyncpg.Connection[asyncpg.Record]", role: str | None) -> bool:
    """Asked of the catalogue, which everybody may read: our roles and tables may both be missing yet."""
    known: bool = await connection.fetchval(
        "select count(*) = 2 from pg_tables where schemaname = 'leadsail' and tablename = any($1)",
        ["schema_version", "installation"],
    )
    if known and role:
        known = await connection.fetchval(
            "select coalesce((select pg_has_role(oid, 'set') from pg_roles where rolname = $1), false)", role
        )
    return known
