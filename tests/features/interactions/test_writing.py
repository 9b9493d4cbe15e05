"""How the platform's own parts write interactions: open, append, close, change."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2
import pytest
from pydantic import ValidationError

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.jobs import jobs
from leadsail.features.interactions.schemas import Call, InteractionChange, NewTurn
from leadsail.foundation.errors import Conflict, InvalidInput, NotFound
from leadsail.foundation.job_queue import Job, JobId
from tests.features.interactions.calls import Conversations, Rehearsal
from tests.features.leads.leads import lead_of, new_lead


class TestOpening:
    async def test_is_the_first_event_and_tells_the_status(self, talk: Conversations) -> None:
        thread = await talk.thread()

        told = await talk.read(thread)
        assert await talk.events(thread) == [
            {
                "event": "interaction.started",
                "interactionId": thread,
                "sequence": 1,
                "timestamp": told["createdAt"],
                "data": {"status": "incomplete"},
            }
        ]

    async def test_marks_a_test_call_as_such(self, talk: Conversations) -> None:
        assert (await talk.read(await talk.call(isTest=True)))["isTest"] is True

    async def test_takes_nobody_for_spoken_to_at_first(self, talk: Conversations) -> None:
        assert (await talk.read(await talk.call()))["call"]["spokenTo"] is False

    @pytest.mark.parametrize("kind", ["call", "sms"])
    async def test_needs_what_its_type_is_about(self, talk: Conversations, kind: str) -> None:
        with pytest.raises(asyncpg.CheckViolationError):
            await talk.open(type=kind)

    def test_refuses_a_call_that_ended_before_it_began(self) -> None:
        call = {"source": "phone", "direction": "inbound", "voiceAI": {"provider": "builtin", "agentId": "agent_1"}}

        with pytest.raises(ValidationError, match="duration"):
            Call.model_validate(call | {"duration": -1})


class TestAppending:
    async def test_numbers_turns_and_changes_from_one(self, talk: Conversations) -> None:
        call = await talk.call()

        first, second = await talk.say(call, "Hello"), await talk.say(call, "Hi", by="lead")

        assert [(first.number, first.sequence), (second.number, second.sequence)] == [(1, 2), (2, 3)]

    async def test_keeps_every_turn_of_many_writers(self, talk: Conversations) -> None:
        call = await talk.call()

        await asyncio.gather(*(talk.say(call, str(number)) for number in range(40)))

        told = await talk.read(call)
        assert sorted(int(turn["message"]) for turn in told["transcript"]) == list(range(40))
        assert told["sequence"] == 41

    async def test_marks_a_sentence_that_was_cut(self, talk: Conversations) -> None:
        call = await talk.call()
        cut = NewTurn(role="agent", message="Hello, this", source="system", speaker="voice_agent", interrupted=True)
        async with talk.work() as work:
            await talk.service.append(work, call, cut)

        [turn] = (await talk.read(call))["transcript"]

        assert turn["interrupted"] is True

    async def test_tells_who_spoke_and_how_it_came(self, rehearsal: Rehearsal) -> None:
        call = await rehearsal.call()
        await rehearsal.say(call, "Hello")
        await rehearsal.say(call, "Hi", by="lead")

        now = "2026-01-02T03:04:05.678Z"
        assert (await rehearsal.read(call))["transcript"] == [
            {"timestamp": now, "role": "agent", "message": "Hello", "source": "system", "speaker": "voice_agent"},
            {"timestamp": now, "role": "user", "message": "Hi", "source": "inbound", "speaker": "lead"},
        ]

    async def test_keeps_the_order_of_arrival_and_the_time_of_speaking(self, rehearsal: Rehearsal) -> None:
        """A provider's transcript may come late and with times of its own; numbers never change."""
        call = await rehearsal.call()
        await rehearsal.say(call, "told first")
        await rehearsal.say(call, "said first", at=datetime(2026, 1, 1, tzinfo=UTC))

        transcript = (await rehearsal.read(call))["transcript"]
        events = await rehearsal.events(call, after=1)

        assert [turn["message"] for turn in transcript] == ["told first", "said first"]
        assert [turn["timestamp"] for turn in transcript] == ["2026-01-02T03:04:05.678Z", "2026-01-01T00:00:00.000Z"]
        assert [event["timestamp"] for event in events] == ["2026-01-02T03:04:05.678Z"] * 2

    @pytest.mark.parametrize("source", ["manual", "api", "inbound", "sms_agent", "system"])
    @pytest.mark.parametrize("speaker", ["voice_agent", "sms_agent", "human", "lead"])
    async def test_takes_every_source_and_speaker(self, talk: Conversations, source: str, speaker: str) -> None:
        thread = await talk.thread()
        turn = NewTurn.model_validate({"role": "agent", "message": "Hi", "source": source, "speaker": speaker})
        async with talk.work() as work:
            await talk.service.append(work, thread, turn)

        [told] = (await talk.read(thread))["transcript"]

        assert (told["source"], told["speaker"]) == (source, speaker)

    def test_refuses_more_than_anybody_says_at_once(self) -> None:
        turn = {"role": "user", "source": "inbound", "speaker": "lead"}

        with pytest.raises(ValidationError, match="message"):
            NewTurn.model_validate(turn | {"message": "x" * 100_001})

    async def test_is_undone_with_the_unit_of_work(self, talk: Conversations) -> None:
        call = await talk.call()
        turn = NewTurn(role="agent", message="Hello", source="system", speaker="voice_agent")
        with pytest.raises(ZeroDivisionError):
            async with talk.work() as work:
                await talk.service.append(work, call, turn)
                raise ZeroDivisionError

        assert (await talk.read(call))["transcript"] == []

    async def test_to_an_unknown_interaction_is_refused(self, talk: Conversations) -> None:
        with pytest.raises(NotFound):
            await talk.say("int_1", "Hello")

    async def test_between_changes_loses_none_of_either(self, talk: Conversations) -> None:
        call = await talk.call()

        await asyncio.gather(
            *(talk.say(call, str(number)) for number in range(20)),
            *(talk.change(call, summary=str(number)) for number in range(20)),
        )

        assert [event["sequence"] for event in await talk.events(call)] == list(range(1, 42))
        assert len((await talk.read(call))["transcript"]) == 20


class TestClosing:
    async def test_twice_is_a_conflict(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call)

        with pytest.raises(Conflict):
            await talk.close(call, "busy")

    @pytest.mark.parametrize("outcome", [{"status": "in_progress"}, {"summary": "How it ended is not told"}])
    async def test_needs_a_final_status(self, talk: Conversations, outcome: dict[str, Any]) -> None:
        call = await talk.call()

        with pytest.raises(InvalidInput, match="needs a final status"):
            async with talk.work() as work:
                await talk.service.close(work, call, InteractionChange.model_validate(outcome))

    async def test_commits_the_sealing_job_with_the_end(self, talk: Conversations, platform: Platform) -> None:
        call = await talk.call()

        await talk.close(call)

        queued = await platform.database.fetchval(
            "select count(*) from queue.pgqueuer where entrypoint = 'interactions.seal'"
            " and convert_from(payload, 'UTF8')::jsonb ->> 'interaction_id' = $1",
            call,
        )
        assert queued == 1

    async def test_leaves_no_job_when_it_is_undone(self, talk: Conversations, platform: Platform) -> None:
        call = await talk.call()
        with pytest.raises(ZeroDivisionError):
            async with talk.work() as work:
                await talk.service.close(work, call, InteractionChange(status="completed"))
                raise ZeroDivisionError

        queued = await platform.database.fetchval(
            "select count(*) from queue.pgqueuer where convert_from(payload, 'UTF8')::jsonb ->> 'interaction_id' = $1",
            call,
        )
        assert queued == 0


class TestTheSealingJob:
    async def test_leaves_a_running_interaction_open(self, talk: Conversations, platform: Platform) -> None:
        call = await talk.call()

        await talk.seal(call)

        assert await sealed(platform, talk, call) is None

    async def test_does_nothing_for_one_that_was_erased(self, talk: Conversations, platform: Platform) -> None:
        await talk.seal("int_1")

        assert await platform.database.fetchrow("select from read_interaction($1, 'int_1')", talk.tenant_id) is None

    async def test_may_run_twice_and_late(self, talk: Conversations, platform: Platform) -> None:
        [spec] = jobs(platform.database, talk.service)
        call = await talk.call()
        job = Job(JobId(1), spec.name, {"tenant_id": talk.tenant_id, "interaction_id": call}, 1)
        await spec.handler(job)
        await talk.close(call)

        await spec.handler(job)
        await spec.handler(job)

        assert await sealed(platform, talk, call) is not None


class TestTheLead:
    @pytest.mark.parametrize(
        ("interaction", "lead_status"),
        [
            ("completed", "contacted"),
            ("incomplete", "contacted"),
            ("voicemail", "voicemail"),
            ("no_answer", "no_answer"),
            ("busy", "no_answer"),
            ("no_contact", "no_contact"),
            ("scheduled_callback", "scheduled_callback"),
            ("follow_up", "contacted"),
            ("qualified", "qualified"),
            ("disqualified", "disqualified"),
            ("dnc", "dnc"),
            ("failed", "new"),
            ("canceled", "new"),
        ],
    )
    async def test_follows_how_the_conversation_ended(
        self, talk: Conversations, api: httpx2.AsyncClient, interaction: str, lead_status: str
    ) -> None:
        lead = await new_lead(api)
        call = await talk.call(lead)

        await talk.close(call, interaction)

        after = await lead_of(api, lead["leadId"])
        assert after["status"] == lead_status
        assert after["lastActivityAt"] is not None


class TestErasureAtTheSameMoment:
    async def test_waits_or_wins_but_never_deadlocks(self, talk: Conversations, api: httpx2.AsyncClient) -> None:
        for _ in range(15):
            lead = await new_lead(api)
            call = await talk.call(lead)

            closed, erased = await asyncio.gather(
                talk.close(call, "qualified"), api.delete(f"/leads/{lead['leadId']}"), return_exceptions=True
            )

            assert closed is None or isinstance(closed, NotFound)
            assert isinstance(erased, httpx2.Response)
            assert erased.status_code == 200


async def sealed(platform: Platform, talk: Conversations, interaction_id: str) -> str | None:
    """An interaction's sealed form, if it has one."""
    row = await platform.database.fetchrow(
        "select sealed from read_interaction($1, $2)", talk.tenant_id, interaction_id
    )
    assert row is not None
    text: str | None = row["sealed"]
    return text
