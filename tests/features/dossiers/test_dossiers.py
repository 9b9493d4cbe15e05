"""`GET /interactions/{id}/dossier`: why somebody was contacted, from consent to do-not-call."""

from typing import Any

import httpx2

from leadsail.entrypoints.wiring import Platform
from tests.conftest import NewTenant, TestTenant, client_of
from tests.entrypoints.demo.telling import talks
from tests.features.dossiers.refusing import lead_of, refused_call, spoken

MARIA, DENISE, LUIS, AHMED, NADIA, ERASED = (
    "+15005550100", "+15005550108", "+15005550121", "+15005550161", "+15005550107", "+15005550101",
)  # fmt: skip


async def dossier_of(api: httpx2.AsyncClient, **wanted: str) -> dict[str, Any]:
    """The dossier of the demo's conversation that is so."""
    [talk] = await talks(api, **wanted)
    return await read(api, talk["interactionId"])


async def read(api: httpx2.AsyncClient, interaction_id: str) -> dict[str, Any]:
    """The dossier of one conversation."""
    answer = await api.get(f"/interactions/{interaction_id}/dossier")
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


class TestADemoCall:
    async def test_says_who_was_called_by_whom(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=MARIA, status="qualified")

        assert (dossier["person"], dossier["business"]) == ("Maria Delgado", "Brightline Home & Solar")
        assert (dossier["channel"], dossier["beganBy"], dossier["ourNumber"]) == ("call", "us", "+15002550100")
        assert dossier["summary"][0].startswith("Maria Delgado was called at +15005550100 by Brightline Home & Solar")

    async def test_shows_what_the_person_agreed_to(self, demo: httpx2.AsyncClient) -> None:
        [consent] = (await dossier_of(demo, phone=MARIA, status="qualified"))["consents"]

        assert (consent["kind"], consent["source"]) == ("written", "campaign")
        assert consent["sellers"] == ["Brightline Home & Solar"]
        assert "may call and text me" in consent["evidence"]["text"]
        assert consent["evidence"]["pageUrl"] == "https://brightline.example/quote"
        assert consent["evidence"]["ipAddress"].startswith(("192.0.2.", "198.51.100.", "203.0.113."))

    async def test_was_agreed_to_before_it_was_made(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=MARIA, status="qualified")

        assert dossier["consents"][0]["givenAt"] < dossier["contactedAt"]

    async def test_shows_both_decisions_with_every_rule(self, demo: httpx2.AsyncClient) -> None:
        [attempt] = (await dossier_of(demo, phone=MARIA, status="qualified"))["attempts"]

        assert attempt["state"] == "ended"
        assert [(one["stage"], one["outcome"]) for one in attempt["decisions"]] == [
            ("plan", "allow"), ("commit", "allow"),
        ]  # fmt: skip
        rules = {rule["ruleId"]: rule for rule in attempt["decisions"][1]["rules"]}
        assert "belongs to the sandbox" in rules["sandbox.numbers"]["text"]
        assert all(rule["text"] and rule["version"] and rule["said"] == "agreed" for rule in rules.values())

    async def test_counts_what_was_tried_before(self, demo: httpx2.AsyncClient) -> None:
        """Nobody had answered on the day before."""
        [attempt] = (await dossier_of(demo, phone=MARIA, status="qualified"))["attempts"]

        assert attempt["decisions"][1]["earlierAttempts"] == 1

    async def test_tells_the_clock_where_the_person_is(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=MARIA, status="qualified")

        times = dossier["attempts"][0]["decisions"][1]["localTimes"]
        assert times["America/Phoenix"].endswith("T17:05-07:00")
        assert any("17:05 in America/Phoenix" in line for line in dossier["summary"])

    async def test_quotes_the_first_words(self, demo: httpx2.AsyncClient) -> None:
        first = (await dossier_of(demo, phone=MARIA, status="qualified"))["disclosure"]

        assert first["said"].startswith("Hi, is this Maria? This is Ava, a virtual assistant")
        assert (first["byAi"], first["namesAi"]) == (True, True)

    async def test_has_no_recording_and_says_so(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=MARIA, status="qualified")

        assert dossier["recording"] == {}
        assert dossier["doNotCall"] == []

    async def test_that_was_called_off_was_only_planned(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=NADIA, status="canceled")

        [attempt] = dossier["attempts"]
        assert (attempt["state"], [one["stage"] for one in attempt["decisions"]]) == ("canceled", ["plan"])
        assert "committedAt" not in attempt
        assert any("was not carried out" in line for line in dossier["summary"])


class TestAfterAnOptOut:
    async def test_a_call_shows_the_words_and_the_entry(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=DENISE, status="dnc")

        [entry] = dossier["doNotCall"]
        assert (entry["source"], entry["askedHere"]) == ("speech", True)
        assert entry["words"] == "I never asked for anything. Take me off your list."
        assert dossier["summary"][-1].startswith("The number has been on the do-not-call list since")

    async def test_a_text_thread_shows_its_confirmation(self, demo: httpx2.AsyncClient) -> None:
        """The one text that may still follow went through the gate as well."""
        dossier = await dossier_of(demo, phone=LUIS, status="dnc")

        assert [(one["purpose"], one["state"]) for one in dossier["attempts"]] == [
            ("marketing", "ended"), ("opt_out_confirmation", "ended"),
        ]  # fmt: skip
        assert dossier["doNotCall"][0]["words"] == "STOP"


class TestAConversationThatTheLeadBegan:
    async def test_needed_no_decision(self, demo: httpx2.AsyncClient) -> None:
        dossier = await dossier_of(demo, phone=AHMED)

        assert (dossier["beganBy"], dossier["attempts"], dossier["consents"]) == ("lead", [], [])
        assert dossier["summary"][0].startswith("Ahmed Saleh called Harbor & Vale at +15003550100")


class TestARefusedCall:
    async def test_shows_the_code_and_the_rule(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        interaction_id = await refused_call(api, platform, tenant, compliance={"tcpaConsent": False})

        dossier = await read(api, interaction_id)

        [attempt] = dossier["attempts"]
        [decision] = attempt["decisions"]
        against = {rule["ruleId"]: rule["text"] for rule in decision["rules"] if rule["said"] != "agreed"}
        assert (attempt["state"], decision["outcome"], decision["code"]) == ("blocked", "deny", "CONSENT_MISSING")
        assert "needs an agreement in writing" in against["us.federal.consent"]
        assert any("refused it" in line and "CONSENT_MISSING. " in line for line in dossier["summary"])
        assert "was to be called" in dossier["summary"][0]


class TestACallFromElsewhere:
    async def test_says_that_no_decision_was_kept(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        """Another program held it and wrote it down here."""
        lead_id, ours = await lead_of(api)
        async with platform.database.work(tenant.tenant_id, "test") as work:
            interaction_id = await spoken(platform, work, lead_id, ours, "Hello, this is Ann.")

        dossier = await read(api, interaction_id)

        assert dossier["attempts"] == []
        assert any("outside LeadSail" in line for line in dossier["summary"])
        assert dossier["disclosure"]["namesAi"] is False


class TestWhoMayReadIt:
    async def test_nobody_once_the_lead_is_erased(self, demo: httpx2.AsyncClient) -> None:
        talk = (await talks(demo, phone=ERASED))[0]
        assert (await demo.delete(f"/leads/{talk['leadId']}", params={"mode": "erase"})).status_code == 200

        answer = await demo.get(f"/interactions/{talk['interactionId']}/dossier")

        assert answer.status_code == 404

    async def test_no_other_tenant(self, demo: httpx2.AsyncClient, api: httpx2.AsyncClient) -> None:
        talk = (await talks(demo, phone=AHMED))[0]

        foreign = await api.get(f"/interactions/{talk['interactionId']}/dossier")
        unknown = await api.get("/interactions/int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d/dossier")

        assert foreign.status_code == 404
        assert foreign.json() == unknown.json()

    async def test_whoever_may_read(self, demo: httpx2.AsyncClient, app: Any, new_tenant: NewTenant) -> None:
        talk = (await talks(demo, phone=AHMED))[0]
        powerless = await new_tenant(scopes=["write"])

        async with client_of(app, powerless.key) as client:
            answer = await client.get(f"/interactions/{talk['interactionId']}/dossier/page")

        assert answer.status_code == 403


class TestThePageAsText:
    async def test_escapes_everything(self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant) -> None:
        lead_id, ours = await lead_of(api, firstName="<script>alert(1)</script>", lastName='"><img src=x>')
        async with platform.database.work(tenant.tenant_id, "test") as work:
            interaction_id = await spoken(platform, work, lead_id, ours, "<b onclick=x>Hello</b>")

        answer = await api.get(f"/interactions/{interaction_id}/dossier/page")

        assert answer.headers["content-type"].startswith("text/html")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
        assert not [tag for tag in ("<script", "<img", "<b onclick") if tag in answer.text]

    async def test_may_load_nothing_and_is_kept_nowhere(self, demo: httpx2.AsyncClient) -> None:
        talk = (await talks(demo, phone=AHMED))[0]

        answer = await demo.get(f"/interactions/{talk['interactionId']}/dossier/page")

        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"

    async def test_of_an_unknown_conversation_is_not_there(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/interactions/int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d/dossier/page")

        assert answer.status_code == 404
