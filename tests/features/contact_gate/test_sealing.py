"""The background work of a worker, and what an operator sees of it."""

import asyncio

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.sealing import Sealer
from leadsail.foundation.logs import configure_logs
from tests.conftest import client_of, eventually
from tests.features.contact_gate.installations import Installation
from tests.features.contact_gate.judgements import judged


def sealer(own: Installation) -> Sealer:
    """As a worker runs it."""
    return Sealer(own.memory, own.clock, configure_logs("test", level="CRITICAL"))


async def metrics(own: Installation) -> list[str]:
    """What a scraper reads of the gate."""
    door = create_api(own.platform, configure_logs("test", level="CRITICAL"), ApiOptions())
    async with client_of(door, None) as client:
        text = (await client.get("http://leadsail.test/metrics")).text
    return [line for line in text.splitlines() if line.startswith(("leadsail_holds", "leadsail_decisions"))]


class TestTheSealer:
    async def test_seals_what_was_decided_while_it_runs(self, own: Installation) -> None:
        running = asyncio.create_task(sealer(own).run())
        await own.keep(judged())

        async def sealed() -> bool:
            seen = await own.verify()
            return (seen.seals, seen.unsealed, seen.unjournaled) == (1, 0, 0)

        await eventually(sealed)
        running.cancel()
        await asyncio.wait([running])

    async def test_seals_nothing_while_there_is_doubt(self, own: Installation) -> None:
        """What is sealed on an older copy would be a second chain beside the one that the journal knows."""
        await sealer(own).tick()
        await own.tamper("update journal_link set timeline = 7")
        await own.keep(judged())

        await sealer(own).tick()

        assert (await own.verify()).unjournaled == (await own.verify()).seals
        assert [entry async for entry in own.journal.read()] == []

    async def test_says_that_all_is_well_only_where_it_is(self, own: Installation) -> None:
        before = await sealer(own).look()
        await own.holds.place_on_platform("restored_backup", reason="A backup was put back", by="cli")

        assert (before, await sealer(own).look()) == (True, False)


class TestWhatAScraperReads:
    async def test_counts_holds_and_unsealed_decisions(self, own: Installation) -> None:
        await own.holds.place_on_platform("operator", reason="Maintenance", by="cli")
        await own.keep(judged(), judged())

        assert await metrics(own) == [
            'leadsail_holds{scope="platform"} 1.0',
            'leadsail_holds{scope="tenant"} 0.0',
            'leadsail_holds{scope="campaign"} 0.0',
            "leadsail_decisions_unsealed 2.0",
        ]
