"""`GET /interactions/{id}` against pgbench reading the same random rows, and where the api's time goes."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.installation import Api, Installation
from bench.loads import Comparison, Round, compare, wrk
from bench.seeding import TENANTS
from leadsail.entrypoints.wiring import Platform
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
_NO_DATABASE_LUA = 'request = function() return wrk.format("GET", "/healthz") end\n'


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Processor microseconds of the api process for one read, and for two of its parts by themselves."""

    whole: float
    http_alone: float
    database_alone: float


def write_lua(folder: Path, keys: Sequence[str], last: int, prefix: str = "int_bench") -> Path:
    """A wrk script that reads random interactions numbered 0 to `last`, each with its tenant's key."""
    quoted = ",".join(f'"{key}"' for key in keys)
    path = folder / f"{prefix}.lua"
    path.write_text(_LUA.format(keys=quoted, last=last, prefix=prefix, tenants=len(keys)))
    return path


def compare_reads(
    it: Installation, api: Api, keys: Sequence[str], count: int, *, seconds: int, rounds: int
) -> Comparison:
    """Sealed reads with `count` interactions stored."""
    script = it.folder / "read.sql"
    script.write_text(_SCRIPT.format(last=count - 1, tenants=TENANTS))
    return compare(it, api, script, write_lua(it.folder, keys, count - 1), seconds=seconds, rounds=rounds)


async def breakdown(it: Installation, api: Api, platform: Platform, sealed: Round, seconds: int) -> Breakdown:
    """What a read's processor time is spent on, by measuring parts of it alone."""
    lua = it.folder / "healthz.lua"
    lua.write_text(_NO_DATABASE_LUA)
    http = wrk(it, api, lua, seconds).api_us
    service = platform.service(InteractionService)
    database = await _cpu_us(lambda number: service.read(f"org_bench{number % TENANTS}", f"int_bench{number}"))
    return Breakdown(sealed.api_us, http, database)


async def _cpu_us(read: Callable[[int], Awaitable[object]], times: int = 5_000) -> float:
    for number in range(500):
        await read(number)
    before = time.process_time()
    for number in range(times):
        await read(number)
    return (time.process_time() - before) / times * 1e6
