"""Consents that are recorded besides what stands on a lead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.consents.making import FULL, GIVEN, PHONE, in_force, listed, recorded
from tests.features.leads.leads import new_lead


class TestRecordingAConsent:
    async def test_answers_what_is_kept(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/consents", json=GIVEN | {"phone": "(415) 555-2671"})

        assert answer.status_code == 201
        consent = answer.json()["data"]
        assert consent["consentId"].startswith("consent_")
        assert consent["createdBy"].startswith("key_")
        assert consent == GIVEN | {
            "consentId": consent["consentId"],
            "phone": PHONE,
            "channels": [],
            "sellers": [],
            "source": "api",
            "createdBy": consent["createdBy"],
            "createdAt": consent["createdAt"],
        }

    async def test_keeps_everything_that_it_is_told(self, api: httpx2.AsyncClient) -> None:
        stored = await recorded(api, **FULL)

        assert {name: stored[name] for name in FULL} == FULL
        assert (await api.get(f"/consents/{stored['consentId']}")).json()["data"] == stored

    async def test_of_a_lead_is_for_the_number_that_it_has(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="(512) 555-0143")

        stored = await recorded(api, leadId=lead["leadId"])

        assert (stored["phone"], stored["leadId"]) == ("+15125550143", lead["leadId"])

    async def test_takes_a_lead_and_its_own_number_spelled_differently(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        stored = await recorded(api, leadId=lead["leadId"], phone="415.555.2671")

        assert stored["phone"] == PHONE

    async def test_takes_an_instant_with_any_offset(self, api: httpx2.AsyncClient) -> None:
        stored = await recorded(api, givenAt="2026-01-02T10:04:05.678-05:00")

        assert stored["givenAt"] == "2026-01-02T15:04:05.678Z"

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"kind": "none"}, "kind: input should be 'express', 'written' or 'automated_call'"),
            ({"text": " "}, "text: is required"),
            ({"text": None}, "text: input should be a valid string"),
            ({"givenAt": "2026-01-02"}, "givenAt: must be an ISO 8601 date-time with an offset"),
            ({"givenAt": "2026-01-02T10:00:00"}, "givenAt: input should have timezone info"),
            ({"expiresAt": GIVEN["givenAt"]}, "expiresAt: must lie after givenAt"),
            ({"channels": ["email"]}, "channels.0: input should be 'call' or 'sms'"),
            ({"sellers": [" "]}, "sellers.0: string should have at least 1 character"),
            ({"ipAddress": "example.com"}, "ipAddress: must be an IPv4 or IPv6 address"),
            ({"pageUrl": "ftp://x"}, "pageUrl: must be an http or https URL"),
            ({"phone": None}, "phone: give the phone, or the leadId of whom it belongs to"),
            ({"phone": "0000000000"}, "phone: is no number of your country; write it with + and its country's code"),
            ({"leadId": "lead_nobody"}, "leadId: no such lead"),
            ({"colour": "red"}, "colour: is not a field of this request"),
            ({"withdrawnAt": GIVEN["givenAt"]}, "withdrawnAt: is not a field of this request"),
        ],
    )
    async def test_refuses_what_cannot_be(self, api: httpx2.AsyncClient, wrong: dict[str, Any], line: str) -> None:
        answer = await api.post("/consents", json=GIVEN | {"phone": PHONE} | wrong)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])
        assert await listed(api) == []

    async def test_refuses_a_consent_of_the_future(self, api: httpx2.AsyncClient) -> None:
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()

        answer = await api.post("/consents", json=GIVEN | {"phone": PHONE, "givenAt": tomorrow})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["givenAt: must not lie in the future"]

    async def test_refuses_a_lead_with_somebody_elses_number(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.post("/consents", json=GIVEN | {"leadId": lead["leadId"], "phone": "+15125550143"})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["phone: is not the number of this lead; leave one of them out"]

    async def test_names_every_contradiction_at_once(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/consents", json=GIVEN | {"expiresAt": "2020-01-01T00:00:00Z"})

        names = [line.partition(":")[0] for line in answer.json()["error"]["details"]]
        assert names == ["phone", "expiresAt"]

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        new, headers = GIVEN | {"phone": PHONE}, {"Idempotency-Key": "consent-1"}

        first, second = [await api.post("/consents", json=new, headers=headers) for _ in range(2)]

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert len(await listed(api)) == 1

    async def test_word_for_word_again_is_the_same_consent(self, api: httpx2.AsyncClient) -> None:
        first = await recorded(api)

        again = await recorded(api, phone="415-555-2671")

        assert again == first
        assert await listed(api) == [first["consentId"]]

    async def test_lifts_no_opt_out(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, flags={"isDnc": True})

        await recorded(api, leadId=lead["leadId"])

        assert (await api.get(f"/leads/{lead['leadId']}")).json()["data"]["flags"]["isDnc"] is True

    async def test_needs_the_scope_to_write(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        reader = await new_tenant(scopes=["read"])

        async with client_of(app, reader.key) as api:
            answer = await api.post("/consents", json=GIVEN | {"phone": PHONE})

        assert answer.status_code == 403


class TestReadingAConsent:
    async def test_of_another_tenant_is_as_unknown_as_none(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_consent = await recorded(their_api)
            their_lead = await new_lead(their_api)
        path = f"/consents/{their_consent['consentId']}"
        api.headers["X-Request-Id"] = "same"

        foreign, unknown = await api.get(path), await api.get("/consents/consent_nobody")
        withdrawn = await api.post(f"{path}/withdraw", json={"reason": "none of theirs"})
        named = await api.post("/consents", json=GIVEN | {"leadId": their_lead["leadId"]})

        assert (foreign.status_code, foreign.content) == (404, unknown.content)
        assert withdrawn.status_code == 404
        assert named.json()["error"]["details"] == ["leadId: no such lead"]
        assert await listed(api) == []
        async with client_of(app, theirs.key) as their_api:
            assert (await their_api.get(path)).json()["data"] == their_consent

    async def test_needs_no_more_than_the_scope_to_read(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        reader = await new_tenant(scopes=["read"])

        async with client_of(app, reader.key) as api:
            answers = [await api.get("/consents"), await api.get("/consents/consent_nobody")]

        assert [answer.status_code for answer in answers] == [200, 404]


class TestListingConsents:
    async def test_shows_the_newest_first_page_by_page(self, api: httpx2.AsyncClient) -> None:
        made = [(await recorded(api, jornayaLeadId=str(number)))["consentId"] for number in range(5)]

        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await api.get("/consents", params={"limit": "2"} | cursor)).json()["data"]
            seen += [consent["consentId"] for consent in page["consents"]]
            if not page["hasMore"]:
                break
            cursor = {"cursor": page["nextCursor"]}

        assert seen == list(reversed(made))
        assert "nextCursor" not in page

    async def test_finds_a_number_however_it_is_spelled(self, api: httpx2.AsyncClient) -> None:
        mine = await recorded(api)
        await recorded(api, phone="+15125550143")

        assert await listed(api, phone="(415) 555-2671") == [mine["consentId"]]
        assert await listed(api, phone="no number") == []

    async def test_finds_what_was_recorded_for_a_lead(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await recorded(api)
        of_lead = await recorded(api, leadId=lead["leadId"])

        assert await listed(api, leadId=lead["leadId"]) == [of_lead["consentId"]]
        assert await listed(api, leadId="lead_nobody") == []

    async def test_refuses_a_cursor_that_names_nothing(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/consents", params={"cursor": "consent_nobody"})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["cursor: no such consent; begin again without a cursor"]

    async def test_goes_on_after_a_consent_that_was_erased_since(self, api: httpx2.AsyncClient) -> None:
        first = await recorded(api, phone="+15125550143")
        lead = await new_lead(api)
        second = await recorded(api, leadId=lead["leadId"])
        await api.delete(f"/leads/{lead['leadId']}")

        assert await listed(api, cursor=second["consentId"]) == [first["consentId"]]


class TestWithdrawingAConsent:
    async def test_says_why_when_and_by_whom(self, api: httpx2.AsyncClient) -> None:
        consent = await recorded(api)

        answer = await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": "Asked by e-mail"})

        assert answer.status_code == 200
        withdrawn = answer.json()["data"]
        assert withdrawn["withdrawnAt"] >= consent["createdAt"]
        assert withdrawn["withdrawal"] == {"reason": "Asked by e-mail", "by": consent["createdBy"]}
        assert {name: withdrawn[name] for name in consent} == consent

    async def test_lets_it_count_no_more(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        consent = await recorded(api)
        assert len(await in_force(api, lead["leadId"])) == 1

        await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": "Asked"})

        assert await in_force(api, lead["leadId"]) == []
        assert await listed(api) == [consent["consentId"]]

    async def test_a_second_time_changes_nothing(self, api: httpx2.AsyncClient) -> None:
        path = f"/consents/{(await recorded(api))['consentId']}/withdraw"
        first = await api.post(path, json={"reason": "Asked"})

        second = await api.post(path, json={"reason": "Another"})

        assert second.json() == first.json()

    async def test_cannot_be_undone_by_recording_it_again(self, api: httpx2.AsyncClient) -> None:
        consent = await recorded(api)
        done = await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": "Asked"})

        again = await api.post("/consents", json=GIVEN | {"phone": PHONE})

        at = done.json()["data"]["withdrawnAt"]
        assert (again.status_code, again.json()["error"]["code"]) == (409, "CONFLICT")
        assert again.json()["error"]["message"] == (
            f"This consent was withdrawn at {at}; only a later one counts again"
        )

    async def test_leaves_a_later_consent_alone(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        consent = await recorded(api)
        await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": "Asked"})

        await recorded(api, givenAt="2026-03-01T00:00:00.000Z")

        assert [each["givenAt"] for each in await in_force(api, lead["leadId"])] == ["2026-03-01T00:00:00.000Z"]

    async def test_needs_a_reason(self, api: httpx2.AsyncClient) -> None:
        consent = await recorded(api)

        answer = await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": " "})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["reason: string should have at least 1 character"]
