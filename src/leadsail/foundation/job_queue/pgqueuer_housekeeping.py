"""What keeps the queue small and honest: old log rows go, jobs without a handler are held for all to see."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeAlias

import asyncpg

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_ROWS_AT_ONCE = 10_000

# The log of a job that is still there tells how often it was started and why it is held.
_TRIM_LOG = """
delete from queue.pgqueuer_log where id = any(array(
    select id from queue.pgqueuer_log log
    where created < now() - $1::interval
        and not exists (select from queue.pgqueuer job where job.id = log.job_id)
    order by created limit $2
))
"""

_HOLD_UNKNOWN = """
with unknown as (
    update queue.pgqueuer set status = 'failed', updated = now()
    where status = 'queued' and entrypoint <> all($1::text[]) and execute_after <= now() - $2::interval
    returning id, entrypoint, priority
)
insert into queue.pgqueuer_log (job_id, status, entrypoint, priority, traceback)
select id, 'failed', entrypoint, priority, jsonb_build_object(
    'job_id', id, 'timestamp', now(), 'traceback', '', 'additional_context', null,
    'exception_type', 'UnknownJob', 'exception_message', 'no worker has a handler of this name'
)
from unknown
"""


async def trim_log(pool: Pool, keep: timedelta) -> None:
    """Delete what the log says about finished jobs, once it is older than `keep`."""
    deleted = f"DELETE {_ROWS_AT_ONCE}"
    while deleted == f"DELETE {_ROWS_AT_ONCE}":
        deleted = await pool.execute(_TRIM_LOG, keep, _ROWS_AT_ONCE)


async def hold_unknown(pool: Pool, known: Sequence[str], after: timedelta) -> None:
    """Make dead letters of jobs outside the `known` names that have been due for `after`.

    During an update old workers meet new names; `after` gives the new workers time to come up.
    """
    await pool.execute(_HOLD_UNKNOWN, known, after)
