"""The queue's own PostgreSQL schema `queue`: what it is called, how it is installed and brought up to date.

Most of it is PgQueuer's; what we add is one trigger. The queries are in the modules next to this one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.ports.driver import Driver
from pgqueuer.queries import Queries

from leadsail.foundation.job_queue.interface import Connection

# Every name is spelled out: PgQueuer would otherwise take it from environment variables as common as CHANNEL.
SETTINGS = DBSettings(
    prefix="",
    db_schema="queue",
    channel="ch_pgqueuer",
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.durable,
    widen_id=True,
)

# PgQueuer keeps a key taken while its job runs, so a change made during the run would be missed: here the key
# of a started job rests in `headers`, and comes back if it is still free when the job waits again. PgQueuer
# ignores starts cut off by a dying worker, so a job that kills workers would go on for ever: here they count.
_OUR_TRIGGER = """
create or replace function queue.leadsail_job_moved() returns trigger language plpgsql as $$
begin
    if new.status = 'picked' and old.status = 'picked' then
        new.attempts := old.attempts + 1;
    elsif new.status = 'picked' and new.dedupe_key is not null then
        new.headers := jsonb_build_object('key', new.dedupe_key);
        new.dedupe_key := null;
    elsif new.status = 'queued' and new.headers ? 'key' and not exists (
        select from queue.pgqueuer
        where dedupe_key = new.headers ->> 'key' and status in ('queued', 'picked')
    ) then
        new.dedupe_key := new.headers ->> 'key';
    end if;
    return new;
end
$$;

create or replace trigger leadsail_job_moved before update on queue.pgqueuer for each row
when (old.status is distinct from new.status or old.queue_manager_id is distinct from new.queue_manager_id)
execute function queue.leadsail_job_moved();
"""

_GRANTS = """
grant usage on schema queue to leadsail_app;
grant select, insert, update, delete on all tables in schema queue to leadsail_app;
grant usage on all sequences in schema queue to leadsail_app;
grant usage on type queue.pgqueuer_status to leadsail_app;
grant execute on all functions in schema queue to leadsail_app;
"""

_INSTALL_LOCK = 0x6C73_7175_6575_6501  # any fixed number of our own


def queries(driver: Driver) -> Queries:
    """PgQueuer's queries through `driver`, in our schema."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(SETTINGS),
        qbq=QueryQueueBuilder(SETTINGS),
        qbs=QuerySchedulerBuilder(SETTINGS),
    )


async def install(connection: Connection) -> None:
    """Create the schema `queue` or bring it up to date, and open it to `leadsail_app`; repeat it at will.

    `connection` belongs to `leadsail_owner` and is in no transaction. Waits while another starter installs.
    """
    engine = queries(AsyncpgDriver(connection))  # type: ignore[arg-type] # a pooled connection serves as well
    async with _one_at_a_time(connection):
        if await engine.schema_is_installed():
            await engine.apply_upgrade()
        else:
            await _create(connection, engine)
        await connection.execute(_OUR_TRIGGER + _GRANTS)


async def _create(connection: Connection, engine: Queries) -> None:
    # A text without parameters is one implicit transaction: an interrupted start leaves nothing behind.
    exists = await connection.fetchval("select to_regnamespace('queue') is not null")
    await connection.execute(engine.qbe.build_install_query(create_schema=not exists))


@asynccontextmanager
async def _one_at_a_time(connection: Connection) -> AsyncIterator[None]:
    await connection.execute("select pg_advisory_lock($1)", _INSTALL_LOCK)
    try:
        yield
    finally:
        await connection.execute("select pg_advisory_unlock($1)", _INSTALL_LOCK)
