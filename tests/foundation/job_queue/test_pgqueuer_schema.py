import asyncio
import os
import sys

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.job_queue import NewJob
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_schema import install, queries

Connection = asyncpg.Connection


async def output_of(program: str, variables: dict[str, str]) -> str:
    """What a fresh Python prints for `program` with these environment variables."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=os.environ | variables, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output.decode()


class TestInstalling:
    async def test_a_second_install_changes_nothing(
        self, owner: "Connection[asyncpg.Record]", connection: "Connection[asyncpg.Record]", queue: PgQueuerQueue
    ) -> None:
        job_id = await queue.enqueue(connection, NewJob("seal"))

        await install(owner)

        assert await connection.fetchval("select id from queue.pgqueuer") == job_id
        assert (await queries(AsyncpgDriver(owner)).plan_upgrade()).statements == ()

    async def test_an_older_schema_is_brought_up_to_date(
        self, owner: "Connection[asyncpg.Record]", connection: "Connection[asyncpg.Record]", queue: PgQueuerQueue
    ) -> None:
        await owner.execute("alter table queue.pgqueuer drop column attempts; drop index queue.pgqueuer_ep_ea_idx")

        await install(owner)

        assert await queue.enqueue(connection, NewJob("seal"))
        assert (await queries(AsyncpgDriver(owner)).plan_upgrade()).statements == ()

    async def test_simultaneous_starters_all_succeed(self, server: EmbeddedPostgres, database: str) -> None:
        owners = [await asyncpg.connect(server.url("leadsail_owner", database)) for _ in range(4)]

        await asyncio.gather(*map(install, owners))

        assert await owners[0].fetchval("select count(*) from queue.pgqueuer") == 0
        for owner in owners:
            await owner.close()

    async def test_a_schema_made_by_someone_else_is_filled(
        self, server: EmbeddedPostgres, database: str
    ) -> None:
        """On a server where the owner may not create schemas, an administrator creates this one."""
        administrator = await asyncpg.connect(server.url("postgres", database))
        await administrator.execute(f"alter database {database} owner to postgres")
        await administrator.execute("create schema queue authorization leadsail_owner")
        owner = await asyncpg.connect(server.url("leadsail_owner", database))

        await install(owner)

        assert await owner.fetchval("select count(*) from queue.pgqueuer") == 0
        await owner.close()
        await administrator.close()

    async def test_the_environment_cannot_rename_anything(self) -> None:
        """PgQueuer reads names from variables such as CHANNEL, which a machine may have for other reasons."""
        variables = {name: "other" for name in ("PGQUEUER_PREFIX", "CHANNEL", "FUNCTION", "QUEUE_TABLE", "TRIGGER")}
        program = f"from {install.__module__} import queries; print(queries(None).qbe.build_install_query())"
        plain = await output_of(program, {})

        disturbed = await output_of(program, variables)

        assert "CREATE TABLE queue.pgqueuer (" in plain
        assert disturbed == plain


class TestTheApplicationsRole:
    @pytest.mark.parametrize("forbidden", ["truncate queue.pgqueuer", "drop table queue.pgqueuer_log"])
    async def test_it_may_use_the_tables_but_not_own_them(
        self, connection: "Connection[asyncpg.Record]", forbidden: str
    ) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
