"""Reading one interaction: the endpoint that the product is named after."""

import json
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.schemas import Interaction
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.interactions.calls import OUR_NUMBER, Conversations, Rehearsal
from tests.features.leads.leads import new_lead

DOCUMENTED = json.loads((Path(__file__).parent / "documented.json").read_text())


class TestALiveCall:
    async def test_shows_a_turn_as_soon_as_it_was_said(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.say(call, "Hello, this is Sunny Solar's AI assistant.")

        assert [turn["message"] for turn in (await talk.read(call))["transcript"]] == [
            "Hello, this is Sunny Solar's AI assistant."
        ]

    async def test_is_in_progress_with_an_empty_transcript_at_first(self, talk: Conversations) -> None:
        call = await talk.read(await talk.call())

        assert (call["status"], call["transcript"], call["call"]["duration"]) == ("in_progress", [], 0)
        assert call["telephony"] == {"provider": "sandbox", "messageId": "m1", "phoneNumber": OUR_NUMBER}

    async def test_leaves_out_what_has_no_value(self, talk: Conversations) -> None:
        call = await talk.read(await talk.call())

        assert {"sms", "summary", "errorCode", "errorMessage", "isTest", "analysis"}.isdisjoint(call)
        assert {"recordingUrl", "terminationReason"}.isdisjoint(call["call"])


class TestAFinishedCall:
    async def test_has_the_names_and_types_of_the_documentation(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.say(call, "Hello")
        await talk.close(
            call,
            summary="A good talk",
            call={"duration": 61, "terminationReason": "agent_hangup", "spokenTo": True, "recordingUrl": "https://r"},
            errorCode="E",
            errorMessage="none",
        )

        told = await talk.read(call)

        assert_same_shape(DOCUMENTED["200"]["data"] | {"sms": None}, told)

    def test_is_declared_with_every_name_of_the_documentation(self) -> None:
        reference = Interaction.model_json_schema(mode="serialization")

        assert undeclared(DOCUMENTED["200"]["data"], reference, reference["$defs"]) == []

    async def test_stands_in_the_order_of_the_documentation(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call, summary="A good talk", errorCode="E", errorMessage="none")

        told = await talk.read(call)

        documented = [name for name in DOCUMENTED["200"]["data"] if name != "sms"]
        assert [name for name in told if name in documented] == documented

    async def test_reads_the_same_sealed_as_assembled(self, talk: Conversations) -> None:
        call = await talk.call()
        for number in range(5):
            await talk.say(call, f"“{number}” – ü\n😀", by="lead" if number % 2 else "voice_agent")
        await talk.close(call, summary="Done")
        assembled = await talk.api.get(f"/interactions/{call}")

        await talk.seal(call)

        sealed = await talk.api.get(f"/interactions/{call}")
        assert sealed.content == assembled.content
        assert sealed.headers["etag"] == assembled.headers["etag"]

    async def test_is_one_row_look_up_once_sealed(self, talk: Conversations, platform: Platform) -> None:
        call = await talk.call()
        await talk.close(call)
        await talk.seal(call)

        row = await platform.database.fetchrow("select sealed from read_interaction($1, $2)", talk.tenant_id, call)

        assert row is not None
        assert json.loads(row["sealed"]) == await talk.read(call)

    async def test_validates_against_the_declared_schema(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.say(call, "Hello")
        await talk.close(call, analysis={"budget": 3}, call={"duration": 3, "latency": {"p50": 800}})

        told = await talk.read(call)

        assert Interaction.model_validate(told).model_dump(mode="json", by_alias=True, exclude_unset=True) == told

    async def test_shows_what_became_known_after_the_end(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call)
        await talk.seal(call)

        await talk.change(call, summary="Wants a quote", status="qualified")

        told = await talk.read(call)
        assert (told["summary"], told["status"]) == ("Wants a quote", "qualified")

    async def test_takes_a_late_turn_into_its_sealed_form(self, talk: Conversations) -> None:
        call = await talk.call()
        await talk.close(call)
        await talk.seal(call)
        await talk.say(call, "A last word from the provider's transcript")

        await talk.seal(call)

        assert len((await talk.read(call))["transcript"]) == 1


class TestATextThread:
    async def test_has_sms_and_no_call(self, talk: Conversations) -> None:
        thread = await talk.read(await talk.thread())

        assert (thread["type"], thread["status"]) == ("sms", "incomplete")
        assert thread["sms"] == {"agentMode": True, "direction": "outbound"}
        assert "call" not in thread


class TestEveryStatus:
    @pytest.mark.parametrize(
        "status",
        ["completed", "incomplete", "voicemail", "no_answer", "busy", "no_contact", "scheduled_callback", "follow_up",
         "qualified", "disqualified", "dnc", "failed", "canceled"],
    )  # fmt: skip
    async def test_is_read_back_as_it_was_closed(self, talk: Conversations, status: str) -> None:
        call = await talk.call()

        await talk.close(call, status)

        assert (await talk.read(call))["status"] == status


class TestEntityTags:
    async def test_answer_304_while_nothing_changed(self, talk: Conversations) -> None:
        call = await talk.call()
        tag = (await talk.api.get(f"/interactions/{call}")).headers["etag"]

        again = await talk.api.get(f"/interactions/{call}", headers={"If-None-Match": tag})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag

    async def test_come_with_a_type_and_a_length(self, talk: Conversations) -> None:
        answer = await talk.api.get(f"/interactions/{await talk.call()}")

        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["content-length"] == str(len(answer.content))

    async def test_change_with_every_turn(self, talk: Conversations) -> None:
        call = await talk.call()
        tag = (await talk.api.get(f"/interactions/{call}")).headers["etag"]
        await talk.say(call, "Hello")

        again = await talk.api.get(f"/interactions/{call}", headers={"If-None-Match": tag})

        assert again.status_code == 200


class TestRefusals:
    async def test_without_a_key_is_the_documented_body(self, app: FrontDoor) -> None:
        async with client_of(app, None) as nobody:
            answer = await nobody.get("/interactions/int_1")

        assert (answer.status_code, answer.json()) == (401, DOCUMENTED["401"])

    async def test_of_an_unknown_id_is_the_documented_body(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/interactions/int_1")

        assert (answer.status_code, answer.json()) == (404, DOCUMENTED["404"])

    @pytest.mark.parametrize("ended", [False, True])
    async def test_of_a_foreign_id_is_byte_identical_to_an_unknown_one(
        self, talk: Conversations, new_tenant: NewTenant, app: FrontDoor, *, ended: bool
    ) -> None:
        call = await talk.call()
        if ended:
            await talk.close(call)
            await talk.seal(call)
        stranger = await new_tenant("Stranger")

        async with client_of(app, stranger.key) as other:
            foreign = await other.get(f"/interactions/{call}")
            unknown = await other.get("/interactions/int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d")

        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
        assert foreign.headers.keys() == unknown.headers.keys()

    @pytest.mark.parametrize("path", ["%00", "a%0Ab", "%ff", "x" * 300, "%F0%9F%98%80", "..%2f..", "%20"])
    async def test_of_an_impossible_id_is_not_found(self, api: httpx2.AsyncClient, path: str) -> None:
        answer = await api.get(f"/interactions/{path}")

        assert (answer.status_code, answer.json()) == (404, DOCUMENTED["404"])

    async def test_needs_the_scope_read(self, new_tenant: NewTenant, app: FrontDoor) -> None:
        writer = await new_tenant(scopes=["write"])

        async with client_of(app, writer.key) as client:
            answer = await client.get("/interactions/int_1")

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")


class TestErasure:
    async def test_takes_the_conversation_away_and_leaves_a_proof(
        self, talk: Conversations, api: httpx2.AsyncClient
    ) -> None:
        lead = await new_lead(api)
        call = await talk.call(lead)
        await talk.say(call, "My name is Ann Lee", by="lead")

        await api.delete(f"/leads/{lead['leadId']}")

        assert (await api.get(f"/interactions/{call}")).status_code == 404
        async with talk.work() as work:
            proof = await work.fetchval("select proof from erasure where lead_id = $1", lead["leadId"])
        assert [kept["interactionId"] for kept in proof["interactions"]] == [call]
        assert "Ann" not in json.dumps(proof)

    async def test_proves_each_of_the_leads_conversations_by_its_hash(
        self, rehearsal: Rehearsal, api: httpx2.AsyncClient
    ) -> None:
        """Whoever kept a copy of the document can be shown that it is the one that was erased."""
        lead = await new_lead(api)
        thread, call = await rehearsal.thread(lead), await rehearsal.call(lead)
        await rehearsal.call(await new_lead(api))
        rehearsal.clock.advance(timedelta(minutes=1))
        await rehearsal.say(thread, "Hi")
        await rehearsal.close(call, "qualified")
        answers = [await api.get(f"/interactions/{interaction_id}") for interaction_id in (thread, call)]

        await api.delete(f"/leads/{lead['leadId']}")

        async with rehearsal.work() as work:
            proof = await work.fetchval("select proof from erasure where lead_id = $1", lead["leadId"])
        expected = [told_proof(rehearsal, answer) for answer in answers]
        assert proof["interactions"] == sorted(expected, key=itemgetter("interactionId"))


def told_proof(talk: Conversations, answer: httpx2.Response) -> dict[str, Any]:
    """What is to be left of an interaction, from what was read of it."""
    text = answer.text.removeprefix('{"success":true,"data":').removesuffix("}")
    document = json.loads(text)
    return {
        **{name: document[name] for name in ("interactionId", "type", "status", "createdAt")},
        "documentHash": talk.platform.keyed_hash.of("erased-interaction", text).hex(),
    }


def undeclared(documented: Any, schema: dict[str, Any], shared: dict[str, Any]) -> list[str]:
    """The names of the documentation that a schema does not know, at any depth."""
    schema = shared[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(documented, list):
        return undeclared(documented[0], schema["items"], shared)
    if not isinstance(documented, dict):
        return []
    known = schema.get("properties", {})
    return [name for name in documented if name not in known] + [
        missing
        for name in documented.keys() & known.keys()
        for missing in undeclared(documented[name], known[name], shared)
    ]


def assert_same_shape(documented: object, told: object) -> None:
    """Every documented field is there with the documented type; None in the documentation is not asked for."""
    if documented is None:
        return
    assert type(told) is type(documented)
    if isinstance(documented, dict) and isinstance(told, dict):
        for name, example in documented.items():
            if example is not None:
                assert name in told
                assert_same_shape(example, told[name])
    elif isinstance(documented, list) and isinstance(told, list):
        for item in told:
            assert_same_shape(documented[0], item)
