"""Following an interaction live, as server-sent events over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from leadsail.features.interactions.schemas import NewTurn
from leadsail.foundation.errors import NotFound
from tests.conftest import NewTenant, TestTenant
from tests.features.interactions.calls import Conversations


@pytest.fixture
async def remote(server_url: str, tenant: TestTenant) -> AsyncIterator[httpx2.AsyncClient]:
    """A client across a socket, with this test's key."""
    async with httpx2.AsyncClient(base_url=server_url, headers={"X-API-Key": tenant.key}, trust_env=False) as client:
        yield client


@asynccontextmanager
async def follow(
    client: httpx2.AsyncClient, interaction_id: str, after: int | None = None
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events of a stream as they come."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    path = f"/interactions/{interaction_id}/events"
    # Signs of life come for ever, so a stream that misses its end is noticed by nothing else.
    async with asyncio.timeout(60), client.stream("GET", path, headers=headers, timeout=30) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-cache", "no")
        yield _events(answer)


async def _events(answer: httpx2.Response) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if not line and "data" in event:
            yield event
            event = {}
        elif name == "data":
            event["data"] = json.loads(value)
        elif name in ("id", "event"):
            event[name] = value


class TestTheStream:
    async def test_tells_what_was_there_and_what_comes_until_the_end(
        self, remote: httpx2.AsyncClient, talk: Conversations
    ) -> None:
        call = await talk.call()
        await talk.say(call, "Before")

        async with follow(remote, call) as events:
            heard = [await anext(events), await anext(events)]
            await talk.say(call, "While", by="lead")
            await talk.close(call, "completed", summary="Over")
            heard += [event async for event in events]

        assert [event["event"] for event in heard] == [
            "interaction.started", "turn.added", "turn.added", "interaction.completed",
        ]  # fmt: skip
        assert [event["id"] for event in heard] == ["1", "2", "3", "4"]
        assert [heard[1]["data"]["data"]["turn"]["message"], heard[2]["data"]["data"]["turn"]["message"]] == [
            "Before",
            "While",
        ]
        assert heard[3]["data"]["data"] == {"status": "completed", "summary": "Over"}

    async def test_goes_on_after_the_last_event_that_was_seen(
        self, remote: httpx2.AsyncClient, talk: Conversations
    ) -> None:
        call = await talk.call()
        for word in ("one", "two", "three"):
            await talk.say(call, word)
        await talk.close(call)

        async with follow(remote, call, after=3) as events:
            heard = [event async for event in events]

        assert [event["id"] for event in heard] == ["4", "5"]

    async def test_waits_for_what_comes_when_everything_was_seen(
        self, remote: httpx2.AsyncClient, talk: Conversations
    ) -> None:
        call = await talk.call()

        async with follow(remote, call, after=1) as events:
            await talk.say(call, "Hello")
            heard = await anext(events)

        assert heard["id"] == "2"

    async def test_answers_204_when_everything_was_seen(self, remote: httpx2.AsyncClient, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call)

        answer = await remote.get(f"/interactions/{call}/events", headers={"Last-Event-ID": "2"})

        assert answer.status_code == 204

    async def test_serves_many_followers_of_one_call(self, remote: httpx2.AsyncClient, talk: Conversations) -> None:
        call = await talk.call()

        async def count() -> int:
            async with follow(remote, call) as events:
                return len([event async for event in events])

        followers = [asyncio.create_task(count()) for _ in range(20)]
        for number in range(5):
            await talk.say(call, str(number))
        await talk.close(call)

        assert await asyncio.gather(*followers) == [7] * 20

    async def test_hides_other_tenants_calls(self, server_url: str, talk: Conversations, new_tenant: NewTenant) -> None:
        call = await talk.call()
        stranger = await new_tenant("Stranger")

        async with httpx2.AsyncClient(
            base_url=server_url, headers={"X-API-Key": stranger.key}, trust_env=False
        ) as other:
            answer = await other.get(f"/interactions/{call}/events")

        assert answer.status_code == 404

    async def test_needs_the_scope_read(self, server_url: str, talk: Conversations, new_tenant: NewTenant) -> None:
        call, writer = await talk.call(), await new_tenant(scopes=["write"])

        async with httpx2.AsyncClient(base_url=server_url, headers={"X-API-Key": writer.key}, trust_env=False) as other:
            answer = await other.get(f"/interactions/{call}/events")

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")

    @pytest.mark.parametrize("interaction_id", ["int_1", "", "int_\0", "int_ü", "x" * 300])
    async def test_is_not_there_for_what_cannot_exist(self, talk: Conversations, interaction_id: str) -> None:
        with pytest.raises(NotFound):
            await talk.service.state(talk.tenant_id, interaction_id)

    async def test_of_a_long_conversation_is_told_in_portions(
        self, remote: httpx2.AsyncClient, talk: Conversations
    ) -> None:
        call = await talk.call()
        turn = NewTurn(role="agent", message="Hello", source="system", speaker="voice_agent")
        async with talk.work() as work:
            for _ in range(500):
                await talk.service.append(work, call, turn)
        await talk.close(call)

        portion = await talk.events(call)
        async with follow(remote, call) as events:
            heard = [event["id"] async for event in events]

        assert [event["sequence"] for event in portion] == list(range(1, 501))
        assert heard == [str(number) for number in range(1, 503)]

    @pytest.mark.parametrize("sign", ["x", "-1", "1.5", str(2**31), "9" * 30, "²"])
    async def test_refuses_an_event_id_that_it_never_gave(
        self, remote: httpx2.AsyncClient, talk: Conversations, sign: str
    ) -> None:
        call = await talk.call()

        answer = await remote.get(f"/interactions/{call}/events", headers={b"Last-Event-ID": sign.encode("latin-1")})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["Last-Event-ID: must be the id of an event of this stream"]
