"""`GET /interactions/{id}` against pgbench reading the same random rows, and where the api's time goes."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.application import running
from bench.installation import Api, Installation
from bench.loads import Load, Round
from bench.seeding import TENANTS
from leadsail.features.interactions.service import InteractionService

_SCRIPT = """\\set i random(0, {last})
select sealed from leadsail.interaction
    where tenant_id = 'org_bench' || (:i % {tenants}) and interaction_id = 'int_bench' || :i;
"""
_LUA = """local keys = {{{keys}}}
request = function()
  local i = math.random(0, {last})
  return wrk.format("GET", "/api/v1/interactions/{prefix}" .. i, {{["X-API-Key"] = keys[i % {tenants} + 1]}})
end
"""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Processor microseconds of one read: over HTTP, of the application alone, and of its database read alone."""

    whole: float
    application: float
    database: float


def write_lua(folder: Path, keys: Sequence[str], last: int, prefix: str = "int_bench") -> Path:
    """A wrk script that reads random interactions numbered 0 to `last`, each with its tenant's key."""
    quoted = ",".join(f'"{key}"' for key in keys)
    path = folder / f"{prefix}.lua"
    path.write_text(_LUA.format(keys=quoted, last=last, prefix=prefix, tenants=len(keys)))
    return path


def reads_of(it: Installation, api: Api, keys: Sequence[str], count: int) -> Load:
    """Sealed reads, at random among `count` stored interactions."""
    script = it.folder / "read.sql"
    script.write_text(_SCRIPT.format(last=count - 1, tenants=TENANTS))
    return Load(it, api, script, write_lua(it.folder, keys, count - 1))


async def breakdown(it: Installation, keys: Sequence[str], sealed: Round) -> Breakdown:
    """What a read's processor time is spent on: the application and the database read are called in this process."""
    platform = it.wired()
    service = platform.service(InteractionService)
    async with running(platform) as application:

        async def over_asgi(number: int) -> None:
            await application.get(f"/api/v1/interactions/int_bench{number}", keys[number % TENANTS])

        async def from_database(number: int) -> None:
            await service.read(f"org_bench{number % TENANTS}", f"int_bench{number}")

        return Breakdown(sealed.api_us, await _cpu_us(over_asgi), await _cpu_us(from_database))


async def _cpu_us(read: Callable[[int], Awaitable[None]], times: int = 1_000, batches: int = 9) -> float:
    """Median processor microseconds of one call, over batches."""
    costs = []
    for batch in range(batches + 1):
        before = time.process_time()
        for number in range(times):
            await read(number)
        if batch:
            costs.append((time.process_time() - before) / times * 1e6)
    return median(costs)
