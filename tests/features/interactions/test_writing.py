"""How the platform's own parts write interactions: open, append, close, change."""

import asyncio

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.jobs import jobs
from leadsail.features.interactions.schemas import InteractionChange, NewTurn
from leadsail.foundation.errors import Conflict, InvalidInput, NotFound
from leadsail.foundation.job_queue import Job, JobId
from tests.features.interactions.calls import Conversations
from tests.features.leads.leads import lead_of, new_lead


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


class TestClosing:
    async def test_twice_is_a_conflict(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call)

        with pytest.raises(Conflict):
            await talk.close(call, "busy")

    async def test_needs_a_final_status(self, talk: Conversations) -> None:
        call = await talk.call()

        with pytest.raises(InvalidInput):
            await talk.close(call, "in_progress")

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
    async def test_may_run_twice_and_late(self, talk: Conversations, platform: Platform) -> None:
        [spec] = jobs(platform.database, talk.service)
        call = await talk.call()
        job = Job(JobId(1), spec.name, {"tenant_id": talk.tenant_id, "interaction_id": call}, 1)
        await spec.handler(job)
        await talk.close(call)

        await spec.handler(job)
        await spec.handler(job)

        row = await platform.database.fetchrow("select sealed from read_interaction($1, $2)", talk.tenant_id, call)
        assert row is not None
        assert row["sealed"] is not None


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
