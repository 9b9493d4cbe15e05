import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest

from leadsail.foundation.database import Database, Work
from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.job_queue.pgqueuer_queue import PgQueuerQueue
from leadsail.foundation.job_queue.pgqueuer_schema import install

TENANT = "org_1"


@dataclass(frozen=True)
class OptedOut:
    """A lead asked not to be contacted."""

    lead_id: str
    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Sealed(OptedOut):
    """Another fact, related only by its type."""


@pytest.fixture
async def database(server: EmbeddedPostgres) -> AsyncIterator[Database]:
    owner = await asyncpg.connect(server.url("leadsail_owner"))
    await install(owner)
    await owner.execute("delete from queue.pgqueuer")
    await owner.close()
    database = Database(server.url(), PgQueuerQueue())
    await database.open()
    yield database
    await database.close()


async def jobs(database: Database) -> list[tuple[str, dict[str, str]]]:
    """Names and payloads of what is queued."""
    rows = await database.fetch("select entrypoint, payload from queue.pgqueuer order by id")
    return [(row["entrypoint"], json.loads(row["payload"])) for row in rows]


async def publish(database: Database, bus: EventBus, *events: object) -> None:
    """Publish all events in one unit of work."""
    async with database.work(TENANT, "test") as work:
        for event in events:
            await bus.publish(work, event)


class TestListeningInside:
    async def test_listeners_hear_the_event_in_order(self, database: Database) -> None:
        heard: list[tuple[str, str, str]] = []

        async def first(work: Work, event: OptedOut) -> None:
            heard.append(("first", work.tenant_id, event.lead_id))

        async def second(work: Work, event: OptedOut) -> None:
            heard.append(("second", work.tenant_id, event.lead_id))

        bus = EventBus(inside={OptedOut: [first, second]})
        await publish(database, bus, OptedOut("lead_1"))

        assert heard == [("first", TENANT, "lead_1"), ("second", TENANT, "lead_1")]

    async def test_a_listener_that_fails_undoes_everything(self, database: Database) -> None:
        async def refuse(_: Work, __: OptedOut) -> None:
            raise ValueError("not now")

        bus = EventBus(inside={Sealed: [refuse]}, after={OptedOut: ["tell_buyer"]})

        with pytest.raises(ValueError, match="not now"):
            await publish(database, bus, OptedOut("lead_1"), Sealed("lead_1"))

        assert await jobs(database) == []


class TestListeningAfter:
    async def test_each_job_gets_the_fields_and_the_tenant(self, database: Database) -> None:
        bus = EventBus(after={OptedOut: ["tell_buyer", "tell_webhooks"]})

        await publish(database, bus, OptedOut("lead_1"))

        payload = {"lead_id": "lead_1", "at": "2026-03-01T12:00:00Z", "tenant_id": TENANT}
        assert await jobs(database) == [("tell_buyer", payload), ("tell_webhooks", payload)]


class TestSubscribing:
    async def test_nobody_hears_a_fact_of_another_type(self, database: Database) -> None:
        """A related type is another type: what is heard stands on one page and is not inherited."""
        heard: list[OptedOut] = []

        async def listen(_: Work, event: OptedOut) -> None:
            heard.append(event)

        bus = EventBus(inside={OptedOut: [listen]}, after={OptedOut: ["tell_buyer"]})

        await publish(database, bus, Sealed("lead_1"))

        assert heard == []
        assert await jobs(database) == []

    def test_an_event_must_be_a_dataclass(self) -> None:
        with pytest.raises(TypeError, match="str cannot be an event"):
            EventBus(after={str: ["tell_buyer"]})
