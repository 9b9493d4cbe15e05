"""Following an interaction live, over streams that break."""

import contextlib

import pytest

from leadsail.client import AsyncLeadSail, MalformedAnswerError, NotFoundError, UnavailableError
from tests.client.callers import Caller, awaiting
from tests.client.lying_server import LyingServer, answer, event, refusal, stream
from tests.conftest import TestTenant
from tests.features.interactions.calls import Conversations

OVER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class TestFollowing:
    async def test_tells_everything_from_the_start_to_the_end(self, caller: Caller, talk: Conversations) -> None:
        call = await talk.call()
        await talk.say(call, "Hello\u2028there")
        await talk.close(call, "completed", summary="Over")

        events = await caller.all(caller.client.interactions.follow(call))

        assert [(event.event, event.sequence) for event in events] == [
            ("interaction.started", 1),
            ("turn.added", 2),
            ("interaction.completed", 3),
        ]
        assert events[1].turn.message == "Hello\u2028there"
        assert (events[0].turn, events[2].data["summary"]) == (None, "Over")

    async def test_tells_what_comes_while_it_comes(
        self, server_url: str, tenant: TestTenant, talk: Conversations
    ) -> None:
        call = await talk.call()
        caller = awaiting(server_url, tenant.key)
        client: AsyncLeadSail = caller.client

        async with contextlib.aclosing(client.interactions.follow(call)) as events:
            await anext(events)
            await talk.say(call, "Live")
            turn = (await anext(events)).turn

        assert turn is not None
        assert turn.message == "Live"
        await caller.close()

    async def test_is_over_at_once_when_everything_was_heard(self, caller: Caller, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call)

        assert await caller.all(caller.client.interactions.follow(call, after=2)) == []

    async def test_raises_for_an_interaction_that_never_was(self, caller: Caller) -> None:
        with pytest.raises(NotFoundError):
            await caller.all(caller.client.interactions.follow("int_none"))


class TestAStreamThatBreaks:
    async def test_is_taken_up_after_the_last_event(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(
            stream(event(1), event(2), torn=True),
            stream(event(2), event(3)),
            OVER,
        )

        events = await misled.all(misled.client.interactions.follow("int_1"))

        assert [event.sequence for event in events] == [1, 2, 3]
        assert [heard.headers.get("last-event-id") for heard in liar.ledger] == [None, "2", "3"]
        assert misled.naps == []

    async def test_drops_an_event_that_came_in_half(self, misled: Caller, liar: LyingServer) -> None:
        whole = event(2)
        liar.will(stream(event(1), whole[: len(whole) // 2]), stream(whole), OVER)

        events = await misled.all(misled.client.interactions.follow("int_1"))

        assert [event.sequence for event in events] == [1, 2]

    async def test_waits_before_it_is_opened_when_it_told_nothing(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(stream("retry: 2000\n\n"), stream(": still here\n\n", torn=True), OVER)

        events = await misled.all(misled.client.interactions.follow("int_1"))

        assert events == []
        assert misled.naps == [2.0, 2.0]

    async def test_outlasts_a_restart_of_the_platform(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(stream(event(1)), *[refusal(503, "UNAVAILABLE")] * 4, b"", stream(event(2)), OVER)

        events = await misled.all(misled.client.interactions.follow("int_1"))

        assert [event.sequence for event in events] == [1, 2]
        assert misled.naps == [0.5, 1.0, 2.0, 4.0, 8.0]

    async def test_gives_up_early_when_it_never_worked(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(*[refusal(503, "UNAVAILABLE")] * 9)

        with pytest.raises(UnavailableError):
            await misled.all(misled.client.interactions.follow("int_1"))

        assert len(liar.ledger) == 3

    @pytest.mark.parametrize(
        "other",
        [
            answer(200, b"<h1>Welcome</h1>", content_type="text/html"),
            stream("data: no JSON\n\n"),
            stream('data: {"event": 7}\n\n'),
        ],
        ids=["a page", "no JSON", "no event"],
    )
    async def test_is_given_up_when_it_is_none_of_ours(self, misled: Caller, liar: LyingServer, other: bytes) -> None:
        liar.will(other)

        with pytest.raises(MalformedAnswerError):
            await misled.all(misled.client.interactions.follow("int_1"))

        assert len(liar.ledger) == 1
