"""`POST /contact-check`: each situation of the contract gives its code, its rule and the next lawful instant."""

from typing import Any

import httpx2
import pytest

from tests.features.campaigns.making import campaign, created
from tests.features.contact_gate.dialing import Dial

NOON = "2026-11-24T18:00:00.000Z"
"""A Tuesday, one o'clock in New York and ten in Los Angeles."""
WRITTEN = {
    "tcpaConsent": True,
    "consentText": "I agree that Sunny Solar may call and text me by artificial voice at this number.",
    "consentAt": "2026-11-20T10:00:00Z",
    "ipAddress": "203.0.113.7",
}


async def ready_campaign(api: httpx2.AsyncClient, **details: Any) -> dict[str, Any]:
    """An active campaign with agents and numbers for both channels."""
    ours = await created(
        api, "/phone-numbers", number="+14155550100", provider="twilio", capabilities=["voice", "sms"],
        registration={"status": "registered"},
    )  # fmt: skip
    flow = await created(api, "/flows", name="Solar", yaml="goal: talk")
    voice = await created(api, "/voice-agents", name="Ava")
    texting = await created(api, "/sms-agents", name="Ava", provider="twilio", engine={"flowId": flow["flowId"]})
    slots = {
        "voice": {"agentId": voice["agentId"], "phoneNumberId": ours["phoneNumberId"]},
        "sms": {"agentId": texting["agentId"], "phoneNumberId": ours["phoneNumberId"]},
    }
    return await campaign(api, **{**slots, **details})


async def lead_in(api: httpx2.AsyncClient, campaign_id: str, **details: Any) -> str:
    """A lead in Florida who agreed in writing; its id."""
    person = {
        "campaignId": campaign_id, "firstName": "Ann", "lastName": "Lee", "email": "ann@example.com",
        "phone": "+13055550142", "address": {"state": "FL", "zip": "33101"}, "compliance": WRITTEN,
    }  # fmt: skip
    answer = await api.post("/leads", json={**person, **details})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["leadId"])


async def check(api: httpx2.AsyncClient, **asked: Any) -> dict[str, Any]:
    """The gate's answer."""
    answer = await api.post("/contact-check", json={"channel": "call", "at": NOON, **asked})
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def refusing(said: dict[str, Any]) -> list[tuple[str, str]]:
    """The codes that stand against it with their rules, in the order in which they are told."""
    return [(rule["code"], rule["ruleId"]) for rule in said["decisions"] if "code" in rule]


class TestAllowing:
    @pytest.mark.parametrize("channel", ["call", "sms"])
    async def test_daytime_with_consent_is_allowed(self, api: httpx2.AsyncClient, channel: str) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])

        said = await check(api, leadId=lead_id, channel=channel)

        assert said["decision"] == "allow", said
        assert said["latestStart"] == "2026-11-25T01:00:00.000Z"
        assert {rule["ruleId"] for rule in said["decisions"]} >= {"us.fl.hours", "us.federal.hours"}

    async def test_every_rule_tells_its_words_and_its_version(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)

        said = await check(api, leadId=await lead_in(api, ours["campaignId"]))

        florida = next(rule for rule in said["decisions"] if rule["ruleId"] == "us.fl.hours")
        assert "501.616" in florida["text"]
        assert florida["version"].startswith("2026-")
        assert florida["source"]

    async def test_the_clocks_of_every_place_are_told(self, api: httpx2.AsyncClient) -> None:
        """The number is Californian, the address is in Florida: both clocks count."""
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"], phone="+14155550142")

        said = await check(api, leadId=lead_id)

        assert {(place["zone"], place["time"][:16]) for place in said["localTimes"]} == {
            ("America/New_York", "2026-11-24T13:00"),
            ("America/Los_Angeles", "2026-11-24T10:00"),
        }

    async def test_without_a_campaign_only_the_law_is_asked(self, api: httpx2.AsyncClient) -> None:
        said = await check(api, phone="+15002550123")

        assert said["decision"] == "allow", said
        assert "sandbox.numbers" in {rule["ruleId"] for rule in said["decisions"]}

    async def test_nothing_is_stored(self, api: httpx2.AsyncClient) -> None:
        """Asking a hundred times uses up no attempt."""
        ours = await ready_campaign(api, autoDialer={"active": True, "maxAttemptsPerDay": 1})
        lead_id = await lead_in(api, ours["campaignId"])

        answers = [await check(api, leadId=lead_id) for _ in range(3)]

        assert {answer["decision"] for answer in answers} == {"allow"}


class TestEachCode:
    """Contract 7.4, one by one, in its order."""

    async def test_a_number_that_is_none(self, api: httpx2.AsyncClient) -> None:
        said = await check(api, phone="1234567")

        assert (said["decision"], said["code"]) == ("deny", "INVALID_PHONE_NUMBER")

    async def test_a_campaign_that_is_off(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api, active=False)

        said = await check(api, leadId=await lead_in(api, ours["campaignId"]))

        assert (said["decision"], said["code"]) == ("deny", "CAMPAIGN_INACTIVE")

    @pytest.mark.parametrize(
        ("channel", "code"), [("call", "VOICE_AGENT_NOT_CONFIGURED"), ("sms", "SMS_AGENT_NOT_CONFIGURED")]
    )
    async def test_nobody_is_there_to_talk(self, api: httpx2.AsyncClient, channel: str, code: str) -> None:
        ours = await campaign(api)

        said = await check(api, leadId=await lead_in(api, ours["campaignId"]), channel=channel)

        assert (said["decision"], said["code"]) == ("deny", code)

    async def test_an_archived_agent_does_not_talk(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        await api.post(f"/voice-agents/{ours['voice']['agentId']}/archive")

        said = await check(api, leadId=await lead_in(api, ours["campaignId"]))

        assert said["code"] == "VOICE_AGENT_NOT_CONFIGURED"

    async def test_no_number_of_ours(self, api: httpx2.AsyncClient) -> None:
        agent = await created(api, "/voice-agents", name="Ava")
        ours = await campaign(api, voice={"agentId": agent["agentId"]})

        said = await check(api, leadId=await lead_in(api, ours["campaignId"]))

        assert (said["decision"], said["code"]) == ("deny", "MISSING_PHONE_NUMBER")

    async def test_a_sender_that_carriers_do_not_know(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        path = f"/phone-numbers/{ours['sms']['phoneNumberId']}"
        await api.patch(path, json={"registration": {"status": "pending"}})
        lead_id = await lead_in(api, ours["campaignId"])

        assert (await check(api, leadId=lead_id, channel="sms"))["code"] == "SENDER_NOT_REGISTERED"
        assert (await check(api, leadId=lead_id, channel="call"))["decision"] == "allow"

    async def test_a_call_that_has_not_ended(self, api: httpx2.AsyncClient, dial: Dial) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"], phone="+15002550142")
        await dial(lead_id)

        said = await check(api, leadId=lead_id)

        assert (said["decision"], said["code"]) == ("deny", "CALL_IN_PROGRESS")

    async def test_a_number_on_the_list(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])
        await api.post("/do-not-call", json={"phone": "+13055550142", "reason": "asked by mail"})

        for channel in ("call", "sms"):
            said = await check(api, leadId=lead_id, channel=channel)
            assert (said["decision"], said["code"]) == ("deny", "DO_NOT_CALL")

    async def test_the_same_person_by_another_number(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        await lead_in(api, ours["campaignId"], phone="+13055550199")
        second = await lead_in(api, ours["campaignId"])
        await api.post("/do-not-call", json={"phone": "+13055550199", "reason": "asked by mail"})

        said = await check(api, leadId=second)

        assert (said["decision"], said["code"]) == ("deny", "DO_NOT_CALL")

    async def test_a_lead_that_agreed_to_nothing(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"], compliance={"tcpaConsent": False})

        said = await check(api, leadId=lead_id)

        assert (said["decision"], said["code"]) == ("deny", "CONSENT_MISSING")
        detail = next(rule["detail"] for rule in said["decisions"] if rule.get("code") == "CONSENT_MISSING")
        assert "compliance" in detail
        assert "consentBasis" in detail

    @pytest.mark.parametrize(
        "phone",
        ["+19005550142", "+88216123456", "+18005550142"],
        ids=["premium", "satellite", "toll-free"],
    )
    async def test_a_kind_of_number_that_is_never_reached(self, api: httpx2.AsyncClient, phone: str) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"], phone=phone, address={})

        codes = [code for code, _ in refusing(await check(api, leadId=lead_id))]

        assert "DESTINATION_NOT_ALLOWED" in codes or phone.startswith("+1800")
        assert codes

    async def test_a_country_that_is_not_allowed(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"], phone="+447400123456", address={}, country="GB")

        assert "DESTINATION_NOT_ALLOWED" in [code for code, _ in refusing(await check(api, leadId=lead_id))]

    async def test_a_test_key_outside_the_sandbox(
        self, api: httpx2.AsyncClient, test_key_api: httpx2.AsyncClient
    ) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])

        said = await check(test_key_api, leadId=lead_id)

        assert ("DESTINATION_NOT_ALLOWED", "key.test") in refusing(said)

    async def test_night(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])

        said = await check(api, leadId=lead_id, at="2026-11-25T02:00:00Z")

        assert (said["decision"], said["code"]) == ("hold", "OUTSIDE_LEGAL_HOURS")
        assert said["nextAllowedAt"] == "2026-11-25T13:00:00.000Z"

    async def test_the_last_five_minutes_of_the_day(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])

        assert (await check(api, leadId=lead_id, at="2026-11-25T00:54:59Z"))["decision"] == "allow"
        assert (await check(api, leadId=lead_id, at="2026-11-25T00:55:00Z"))["code"] == "OUTSIDE_LEGAL_HOURS"

    async def test_a_person_who_was_tried_often_enough(self, api: httpx2.AsyncClient, dial: Dial) -> None:
        """Florida allows three in a day; the fourth may follow the first after 24 hours."""
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])
        for hour in (15, 16, 17):
            await dial(lead_id, at=f"2026-11-24T{hour}:00:00+00:00", ended=True)

        said = await check(api, leadId=lead_id)

        assert (said["decision"], said["code"]) == ("hold", "FREQUENCY_CAP")
        assert said["nextAllowedAt"] == "2026-11-25T15:00:00.000Z"

    async def test_the_campaign_sleeps(self, api: httpx2.AsyncClient) -> None:
        hours = {"tue": {"start": "09:00", "end": "12:00"}, "wed": {"start": "10:00", "end": "12:00"}}
        ours = await ready_campaign(api, autoDialer={"active": True, "operatingHours": hours})
        lead_id = await lead_in(api, ours["campaignId"])

        said = await check(api, leadId=lead_id)

        assert (said["decision"], said["code"]) == ("hold", "OUTSIDE_OPERATING_HOURS")
        assert said["nextAllowedAt"] == "2026-11-25T15:00:00.000Z"

    async def test_too_soon_after_the_last_attempt(self, api: httpx2.AsyncClient, dial: Dial) -> None:
        ours = await ready_campaign(api, autoDialer={"active": True, "minGapMinutes": 120})
        lead_id = await lead_in(api, ours["campaignId"])
        await dial(lead_id, at="2026-11-24T17:00:00+00:00", ended=True)

        said = await check(api, leadId=lead_id)

        assert (said["decision"], said["code"]) == ("hold", "MIN_GAP_NOT_ELAPSED")
        assert said["nextAllowedAt"] == "2026-11-24T19:00:00.000Z"

    async def test_a_lead_that_was_given_up(self, api: httpx2.AsyncClient, dial: Dial) -> None:
        ours = await ready_campaign(api, autoDialer={"active": True, "minGapMinutes": 0, "maxAttempts": 1})
        lead_id = await lead_in(api, ours["campaignId"])
        await dial(lead_id, at="2026-11-23T17:00:00+00:00", ended=True)

        said = await check(api, leadId=lead_id)

        assert (said["decision"], said["code"]) == ("deny", "MAX_ATTEMPTS_REACHED")

    async def test_somebody_pressed_stop(self, api: httpx2.AsyncClient) -> None:
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"])
        await api.post("/hold", json={"reason": "something is wrong with the script"})

        held = await check(api, leadId=lead_id)
        await api.post("/release", json={"reason": "mended"})

        assert (held["decision"], held["code"]) == ("deny", "PLATFORM_ON_HOLD")
        assert (await check(api, leadId=lead_id))["decision"] == "allow"

    async def test_rules_that_cannot_be_read(self, broken_rules_api: httpx2.AsyncClient) -> None:
        said = await check(broken_rules_api, phone="+15002550123")

        assert (said["decision"], said["code"]) == ("deny", "RULES_UNAVAILABLE")

    async def test_the_first_in_order_gives_the_code(self, api: httpx2.AsyncClient) -> None:
        """Everything that stands against it is told; the list comes before consent, and consent before the hours."""
        ours = await ready_campaign(api)
        lead_id = await lead_in(api, ours["campaignId"], compliance={"tcpaConsent": False})
        await api.post("/do-not-call", json={"phone": "+13055550142", "reason": "asked by mail"})

        said = await check(api, leadId=lead_id, at="2026-11-25T03:00:00Z")

        codes = list(dict.fromkeys(code for code, _ in refusing(said)))
        assert said["code"] == "DO_NOT_CALL"
        assert codes[:3] == ["DO_NOT_CALL", "CONSENT_MISSING", "OUTSIDE_LEGAL_HOURS"]


class TestBadQuestions:
    async def test_nobody_is_named(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/contact-check", json={"channel": "call"})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["body: send a leadId or a phone"]

    async def test_a_lead_that_does_not_exist(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/contact-check", json={"channel": "call", "leadId": "lead_nobody"})

        assert answer.status_code == 404

    async def test_a_campaign_that_does_not_exist(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post(
            "/contact-check", json={"channel": "call", "phone": "+15002550123", "campaignId": "NOPE"}
        )

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["campaignId: no such campaign"]
