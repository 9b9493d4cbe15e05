"""What becomes known of an interaction: what it changes, when, on the lead, and who hears of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from pydantic import ValidationError

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.schemas import InteractionChange
from leadsail.foundation.errors import NotFound
from tests.conftest import eventually
from tests.features.interactions.calls import OUR_NUMBER, Conversations, Rehearsal
from tests.features.leads.leads import lead_of, new_lead


class TestAChange:
    async def test_leaves_alone_what_it_does_not_name(self, talk: Conversations) -> None:
        call = await talk.call(isTest=True)
        await talk.change(call, summary="Wants a quote", errorCode="E1", call={"duration": 7})
        await talk.change(call, messageId="m2", analysis={"budget": 3}, dialState="ringing")

        await talk.change(call, errorMessage="The line was bad", call={"spokenTo": True})

        told = await talk.read(call)
        assert (told["summary"], told["errorCode"], told["errorMessage"]) == ("Wants a quote", "E1", "The line was bad")
        assert (told["isTest"], told["dialState"], told["analysis"]) == (True, "ringing", {"budget": 3})
        assert (told["call"]["duration"], told["call"]["spokenTo"]) == (7, True)
        assert told["telephony"] == {"provider": "sandbox", "messageId": "m2", "phoneNumber": OUR_NUMBER}

    async def test_is_an_event_that_tells_what_was_sent(self, talk: Conversations) -> None:
        call = await talk.call()

        await talk.change(call, summary="Wants a quote")

        [event] = await talk.events(call, after=1)
        assert (event["event"], event["data"]) == ("interaction.updated", {"summary": "Wants a quote"})

    @pytest.mark.parametrize("interaction_id", ["int_1", "", "int_\0", "int_ü", "x" * 300])
    async def test_of_what_is_not_there_is_refused(self, talk: Conversations, interaction_id: str) -> None:
        with pytest.raises(NotFound):
            await talk.change(interaction_id, summary="Wants a quote")

    def test_refuses_a_summary_longer_than_any_conversation(self) -> None:
        with pytest.raises(ValidationError, match="summary"):
            InteractionChange.model_validate({"summary": "x" * 100_001})


class TestTheTimes:
    async def test_created_stays_and_updated_moves_with_every_change(self, rehearsal: Rehearsal) -> None:
        call = await rehearsal.call()
        seen = [await rehearsal.read(call)]
        for happen in (
            lambda: rehearsal.say(call, "Hello"),
            lambda: rehearsal.change(call, summary="Fine"),
            lambda: rehearsal.close(call),
        ):
            rehearsal.clock.advance(timedelta(minutes=1))
            await happen()
            seen.append(await rehearsal.read(call))

        assert {told["createdAt"] for told in seen} == {"2026-01-02T03:04:05.678Z"}
        assert [told["updatedAt"] for told in seen] == [f"2026-01-02T03:0{minute}:05.678Z" for minute in (4, 5, 6, 7)]
        assert [event["timestamp"] for event in await rehearsal.events(call)] == [told["updatedAt"] for told in seen]


class TestTheLead:
    async def test_follows_a_status_that_becomes_known_later(
        self, talk: Conversations, api: httpx2.AsyncClient
    ) -> None:
        lead = await new_lead(api)
        call = await talk.call(lead)
        await talk.close(call)

        await talk.change(call, status="qualified")

        assert (await lead_of(api, lead["leadId"]))["status"] == "qualified"

    async def test_keeps_what_a_person_decided_when_the_status_is_only_repeated(
        self, talk: Conversations, api: httpx2.AsyncClient
    ) -> None:
        lead = await new_lead(api)
        call = await talk.call(lead)
        await talk.close(call, "qualified")
        await api.patch(f"/leads/{lead['leadId']}", json={"status": "disqualified"})

        await talk.change(call, status="qualified", summary="Wants a quote")

        assert (await lead_of(api, lead["leadId"]))["status"] == "disqualified"


class TestTheEnd:
    async def test_is_told_once_and_again_with_all_that_comes_later(self, rehearsal: Rehearsal) -> None:
        """Whoever keeps a copy of a finished conversation has to hear that it is no longer true."""
        call = await rehearsal.call()
        await rehearsal.say(call, "Hello")
        await rehearsal.change(call, summary="Fine")
        assert rehearsal.heard == []

        await rehearsal.close(call)
        assert rehearsal.heard == [call]

        await rehearsal.say(call, "A last word from the provider's transcript")
        assert rehearsal.heard == [call] * 2

        await rehearsal.change(call, summary="Wants a quote")
        assert rehearsal.heard == [call] * 3


class TestTheBell:
    @pytest.fixture
    async def rung(self, platform: Platform) -> AsyncIterator[list[str]]:
        """The ids that PostgreSQL has named so far."""
        heard: list[str] = []
        connection = await platform.database.connect()
        await connection.add_listener("interaction", lambda _c, _p, _n, name: heard.append(str(name)))
        yield heard
        await connection.close()

    async def test_rings_for_everything_that_happens(self, talk: Conversations, rung: list[str]) -> None:
        """Followers also look for themselves now and then, so nothing but this shows that they are woken."""
        call = await talk.call()
        await talk.say(call, "Hello")
        await talk.change(call, summary="Fine")
        await talk.close(call)

        async def rang_for_each() -> bool:
            return rung.count(call) == 4

        await eventually(rang_for_each)
