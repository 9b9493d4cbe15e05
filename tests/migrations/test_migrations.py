"""From an empty database to the newest schema, by an owner without any special power."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from leadsail import migrations
from leadsail.entrypoints.preparation import prepare_database
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.embedded_postgres.roles import database_privileges
from leadsail.foundation.encryption import MasterKey
from leadsail.migrations.newest import NEWEST
from leadsail.migrations.runner import migrate
from tests.isolation.catalogue import faults

VERSIONS = Path(migrations.__file__).parent / "versions"
ROOT = Path(__file__).parents[2]
FRESH = "fresh"


@pytest.fixture
async def fresh(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """An empty database of the owner; its address as the owner."""
    superuser = await asyncpg.connect(server.url("postgres", "postgres"))
    await superuser.execute(f"create database {FRESH} owner leadsail_owner")
    for statement in database_privileges(FRESH):
        await superuser.execute(statement)
    yield server.url("leadsail_owner", FRESH)
    await superuser.execute(f"drop database {FRESH} with (force)")
    await superuser.close()


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url, server_settings={"search_path": "leadsail"})
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def run(url: str) -> list[str]:
    """Migrate; answers what it said on the way."""
    said: list[str] = []
    migrate(url, role=None, progress=said.append)
    return said


class TestFromNothing:
    async def test_reaches_the_newest_schema_as_an_ordinary_owner(self, fresh: str) -> None:
        await asyncio.to_thread(run, fresh)

        assert await value(fresh, "select version_num from schema_version") == NEWEST
        assert await value(fresh, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user") is False

    async def test_leaves_no_hole_between_tenants(self, fresh: str) -> None:
        await asyncio.to_thread(run, fresh)

        connection = await asyncpg.connect(fresh, server_settings={"search_path": "leadsail"})
        assert await faults(connection) == []
        await connection.close()

    async def test_says_what_it_does(self, fresh: str) -> None:
        assert await asyncio.to_thread(run, fresh) == [f"bringing the database to schema {NEWEST}"]


class TestAgain:
    async def test_changes_nothing(self, fresh: str) -> None:
        await asyncio.to_thread(run, fresh)
        before = await value(fresh, "select max(oid::bigint) from pg_class")

        await asyncio.to_thread(run, fresh)

        assert await value(fresh, "select max(oid::bigint) from pg_class") == before

    async def test_at_the_same_time_as_another_waits_for_it(self, fresh: str) -> None:
        await asyncio.gather(*(asyncio.to_thread(run, fresh) for _ in range(3)))

        assert await value(fresh, "select version_num from schema_version") == NEWEST

    async def test_of_everything_together_is_safe_too(self, fresh: str, master_key: MasterKey) -> None:
        """Several machines that start at once all prepare the database."""

        async def prepare() -> None:
            await prepare_database(fresh, role=None, master_key=master_key, progress=lambda _: None)

        await asyncio.gather(*(prepare() for _ in range(3)))
        await prepare()

        assert await value(fresh, "select count(*) from installation") == 1
        assert await value(fresh, "select to_regclass('queue.pgqueuer') is not null") is True


class TestAMigrationThatFails:
    async def test_leaves_nothing_behind(self, fresh: str) -> None:
        await value(fresh, "create schema leadsail")
        await value(fresh, "create table leadsail.offer (in_the_way int)")

        with pytest.raises(Exception, match="offer"):
            await asyncio.to_thread(run, fresh)

        assert await value(fresh, "select to_regclass('leadsail.tenant')") is None
        await value(fresh, "drop table leadsail.offer")
        await asyncio.to_thread(run, fresh)
        assert await value(fresh, "select version_num from schema_version") == NEWEST


class TestABackfill:
    async def test_by_the_owner_reaches_every_tenants_rows(self, fresh: str) -> None:
        """As a later revision will do it: in one transaction, without naming a tenant, although security is forced."""
        await asyncio.to_thread(run, fresh)
        connection = await asyncpg.connect(fresh, server_settings={"search_path": "leadsail"})
        for number in range(3):
            await connection.execute(
                "insert into tenant (tenant_id, name, country, timezone, created_at, updated_at)"
                " values ($1, 'x', 'US', 'UTC', now(), now())",
                f"org_{number}",
            )

        changed = await connection.execute("update tenant set name = 'backfilled'")

        assert changed == "UPDATE 3"
        await connection.close()


class TestTheScripts:
    def test_each_revision_has_its_sql(self) -> None:
        revisions = {path.stem for path in VERSIONS.glob("[0-9]*.py")}

        assert revisions == {path.stem for path in VERSIONS.glob("*.sql")}
        assert max(revisions).startswith(NEWEST)

    def test_follow_each_other_without_a_fork(self) -> None:
        names = sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))
        chain = [
            re.findall(r"^(?:down_)?revision = (.+)$", (VERSIONS / f"{name}.py").read_text(), re.MULTILINE)
            for name in names
        ]

        numbers = [name[:4] for name in names]
        assert numbers == [f"{number:04}" for number in range(1, len(names) + 1)]
        assert chain == [
            [f'"{number}"', f'"{before}"' if before else "None"]
            for number, before in zip(numbers, [None, *numbers], strict=False)
        ]

    def test_pass_the_linter_of_migrations(self) -> None:
        squawk = Path(sys.executable).with_name("squawk")
        command: list[str | Path] = [squawk, "--config", ROOT / ".squawk.toml", *sorted(VERSIONS.glob("*.sql"))]

        checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool

        assert checked.returncode == 0, checked.stdout

    @pytest.mark.parametrize("script", sorted(VERSIONS.glob("*.sql")), ids=lambda path: path.stem)
    def test_give_up_rather_than_block_live_requests(self, script: Path) -> None:
        assert re.search(r"^set local lock_timeout = '2s';$", script.read_text(), re.MULTILINE)
