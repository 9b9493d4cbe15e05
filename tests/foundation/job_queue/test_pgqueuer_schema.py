import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.job_queue import NewJob
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_schema import install, queries

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def output_of(program: str, variables: dict[str, str]) -> str:
    """What a fresh Python prints for `program` with these environment variables."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=os.environ | variables, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output.decode()


@pytest.fixture
async def owner(server: EmbeddedPostgres, empty_database: str) -> AsyncIterator[Connection]:
    """A connection of the owner role, which is no superuser, to an empty database."""
    connection = await asyncpg.connect(server.url("leadsail_owner", empty_database))
    yield connection
    await connection.close()


class TestInstalling:
    async def test_a_second_install_changes_nothing(self, owner: Connection, queue: PgQueuerQueue) -> None:
        await install(owner)
        job_id = await queue.enqueue(owner, NewJob("seal"))

        await install(owner)

        assert await owner.fetchval("select id from queue.pgqueuer") == job_id
        assert (await queries(AsyncpgDriver(owner)).plan_upgrade()).statements == ()

    async def test_an_older_schema_is_brought_up_to_date(self, owner: Connection) -> None:
        await install(owner)
        await owner.execute(
            "alter table queue.pgqueuer drop column attempts; drop index queue.pgqueuer_ep_ea_idx;"
            "drop trigger leadsail_job_moved on queue.pgqueuer"
        )

        await install(owner)

        assert (await queries(AsyncpgDriver(owner)).plan_upgrade()).statements == ()
        assert await owner.fetchval("select count(*) from pg_trigger where tgname = 'leadsail_job_moved'") == 1

    async def test_simultaneous_starters_all_succeed(self, server: EmbeddedPostgres, empty_database: str) -> None:
        owners = [await asyncpg.connect(server.url("leadsail_owner", empty_database)) for _ in range(4)]

        await asyncio.gather(*map(install, owners))

        assert await owners[0].fetchval("select count(*) from queue.pgqueuer") == 0
        for owner in owners:
            await owner.close()

    async def test_a_schema_made_by_someone_else_is_filled(self, server: EmbeddedPostgres, empty_database: str) -> None:
        """On a server where the owner may not create schemas, an administrator creates this one."""
        administrator = await asyncpg.connect(server.url("postgres", empty_database))
        await administrator.execute(f"alter database {empty_database} owner to postgres")
        await administrator.execute("create schema queue authorization leadsail_owner")
        owner = await asyncpg.connect(server.url("leadsail_owner", empty_database))

        await install(owner)

        assert await owner.fetchval("select count(*) from queue.pgqueuer") == 0
        await owner.close()
        await administrator.close()

    async def test_the_environment_cannot_rename_anything(self) -> None:
        """PgQueuer reads names from variables such as CHANNEL, which a machine may have for other reasons."""
        variables = dict.fromkeys(["PGQUEUER_PREFIX", "CHANNEL", "FUNCTION", "QUEUE_TABLE", "TRIGGER"], "other")
        program = f"from {install.__module__} import queries; print(queries(None).qbe.build_install_query())"
        plain = await output_of(program, {})

        disturbed = await output_of(program, variables)

        assert "CREATE TABLE queue.pgqueuer (" in plain
        assert disturbed == plain


class TestTheApplicationsRole:
    @pytest.mark.parametrize("forbidden", ["truncate queue.pgqueuer", "drop table queue.pgqueuer_log"])
    async def test_it_may_use_the_tables_but_not_own_them(self, connection: Connection, forbidden: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
