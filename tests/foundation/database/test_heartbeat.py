"""The heartbeat: the database's time, and whether any key has changed."""

import asyncio
from datetime import timedelta

from leadsail.entrypoints.wiring import Platform
from leadsail.features.tenants.schemas import NewKey
from leadsail.features.tenants.service import KeyService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Database
from leadsail.foundation.database.heartbeat import Heartbeat
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from tests.conftest import TestTenant


class TestABeat:
    async def test_takes_over_the_databases_time(self, platform: Platform) -> None:
        clock = SystemClock()
        clock.offset = timedelta(days=365)

        await Heartbeat(platform.database, clock, lambda _epoch, _at: None).beat()

        assert abs(clock.offset) < timedelta(minutes=1), "the database runs on this very machine"

    async def test_tells_when_a_key_was_made(self, platform: Platform, tenant: TestTenant) -> None:
        heard: list[int] = []
        heartbeat = Heartbeat(platform.database, SystemClock(), lambda epoch, _at: heard.append(epoch))
        await heartbeat.beat()

        async with platform.database.work(tenant.tenant_id, "test") as work:
            await platform.service(KeyService).mint(work, NewKey(name="new"))
            await heartbeat.beat()
        await heartbeat.beat()

        assert heard[0] == heard[1], "what is not committed has not happened"
        assert heard[2] > heard[1]

    async def test_says_when_it_asked(self, platform: Platform) -> None:
        clock, heard = SystemClock(), list[float]()
        before = clock.monotonic()

        await Heartbeat(platform.database, clock, lambda _epoch, at: heard.append(at)).beat()

        assert before <= heard[0] <= clock.monotonic()

    async def test_without_a_database_is_silent_and_goes_on(self) -> None:
        heard: list[int] = []
        nowhere = Database("postgresql://nobody@127.0.0.1:1/none", PgQueuerQueue())
        await nowhere.open()

        beating = asyncio.create_task(Heartbeat(nowhere, SystemClock(), lambda epoch, _at: heard.append(epoch)).run())
        done, _ = await asyncio.wait([beating], timeout=0.2)

        assert not done
        assert heard == []
        beating.cancel()
        await asyncio.wait([beating])
        await nowhere.close()
