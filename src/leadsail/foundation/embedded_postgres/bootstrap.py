"""What a server needs before the first migration: roles and an empty database. Repeated at every start."""

import asyncpg

from leadsail.foundation.embedded_postgres.roles import OWNER, ROLE_STATEMENTS, database_privileges

DATABASE = "leadsail"


async def bootstrap(superuser_url: str) -> None:
    """Create what is missing of roles and database; `superuser_url` leads to the database postgres."""
    connection = await asyncpg.connect(superuser_url)
    try:
        for statement in ROLE_STATEMENTS:
            await connection.execute(statement)
        if not await connection.fetchval("select exists (select from pg_database where datname = $1)", DATABASE):
            await connection.execute(f"create database {DATABASE} owner {OWNER}")
        for statement in database_privileges(DATABASE):
            await connection.execute(statement)
    finally:
        await connection.close()
