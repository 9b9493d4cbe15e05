"""One server from within: how many streams there may be and how long, and what the front door's shortcut cuts short."""

import asyncio
from collections.abc import Callable
from typing import cast

from fastapi import FastAPI, Request

from leadsail.entrypoints.api import ApiOptions, create_api
from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.routes import EventStream
from leadsail.features.interactions.service import State
from leadsail.foundation.database.listening import Bell
from leadsail.foundation.logs import configure_logs
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import TestTenant, client_of, eventually
from tests.features.interactions.calls import Conversations
from tests.features.interactions.listener import Listener


def own_door(platform: Platform, stopping: Callable[[], bool] = lambda: False) -> FrontDoor:
    """A server of this test's own, whose bell rings only when the test rings it."""
    options = ApiOptions(rate_per_second=0, access_log=False)
    return create_api(platform, configure_logs("test", level="ERROR"), options, stopping)


def inside(door: FrontDoor) -> FastAPI:
    return cast(FastAPI, door._app)


class TestAStream:
    async def test_begins_with_how_soon_to_come_back(
        self, platform: Platform, tenant: TestTenant, talk: Conversations
    ) -> None:
        async with Listener(own_door(platform), tenant.key, await talk.call()) as listener:

            async def has_begun() -> bool:
                return bool(listener.said)

            await eventually(has_begun)

        assert listener.said.startswith(b"retry: 2000\n\n")

    async def test_may_last_longer_than_a_request(
        self, platform: Platform, tenant: TestTenant, talk: Conversations
    ) -> None:
        async with Listener(own_door(platform), tenant.key, await talk.call()) as listener:
            assert listener.scope["leadsail.deadline"].when() is None

    async def test_is_woken_by_the_bell_and_says_now_and_then_that_it_lives(
        self, platform: Platform, tenant: TestTenant, talk: Conversations
    ) -> None:
        """What is silent for long is taken for dead by what stands between server and client."""
        door, call = own_door(platform), await talk.call()
        bell: Bell = inside(door).state.bell

        async with Listener(door, tenant.key, call) as listener:

            async def is_waiting() -> bool:
                return call in bell._waiting

            async def has_said_so() -> bool:
                bell.ring(call)
                return b": still here\n\n" in listener.said

            await eventually(is_waiting)
            await eventually(has_said_so)

    async def test_ends_with_its_server(self, platform: Platform, tenant: TestTenant, talk: Conversations) -> None:
        async with Listener(own_door(platform, lambda: True), tenant.key, await talk.call()) as listener:
            await listener.ended()

        assert b"event: interaction.started" in listener.said

    async def test_ends_when_its_events_were_erased_under_its_hands(
        self, platform: Platform, talk: Conversations
    ) -> None:
        request = Request({"type": "http", "app": inside(own_door(platform))})
        stream = EventStream(request, talk.service, talk.tenant_id, "int_1", 0)

        async with asyncio.timeout(30):
            said = [message async for message in stream.messages(State(5, ended=True))]

        assert said == [b"retry: 2000\n\n"]

    async def test_is_counted_by_its_route_and_not_by_its_id(
        self, platform: Platform, tenant: TestTenant, talk: Conversations
    ) -> None:
        door, call = own_door(platform, lambda: True), await talk.call()
        async with Listener(door, tenant.key, call) as listener:
            await listener.ended()

        async with client_of(door, None) as client:
            metrics = (await client.get("http://leadsail.test/metrics")).text

        assert 'route="/api/v1/interactions/{interactionId}/events"' in metrics
        assert call not in metrics


class TestTheReadWithoutItsShortcut:
    async def test_answers_the_same(self, platform: Platform, tenant: TestTenant, talk: Conversations) -> None:
        """The front door answers this read itself; the framework's route is there for whoever takes that away."""
        door, path = own_door(platform), f"/interactions/{await talk.call()}"
        async with client_of(door, tenant.key) as client:
            short = await client.get(path)
            door._shortcuts = ()
            long = await client.get(path)
            unchanged = await client.get(path, headers={"If-None-Match": short.headers["etag"]})

        del short.headers["x-request-id"], long.headers["x-request-id"]
        assert (long.status_code, long.content, long.headers) == (short.status_code, short.content, short.headers)
        assert (unchanged.status_code, unchanged.content) == (304, b"")


class TestTooManyStreams:
    async def test_are_refused_until_one_ends(
        self, platform: Platform, tenant: TestTenant, talk: Conversations
    ) -> None:
        door, call = own_door(platform), await talk.call()
        inside(door).state.streams = 499

        async with Listener(door, tenant.key, call) as last, Listener(door, tenant.key, call) as refused:
            await refused.ended()
        async with Listener(door, tenant.key, call) as next_one:
            assert (last.status, refused.status, next_one.status) == (200, 503, 200)

        assert b"Too many streams are open" in refused.said
