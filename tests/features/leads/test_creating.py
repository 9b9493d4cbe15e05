"""Creating leads directly: what is stored, how phones and zones are told, and what is refused."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.leads.schemas import NewLead
from leadsail.features.leads.service import LeadService
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.features.leads.leads import lead_of, new_campaign, new_lead, person

TOO_LONG = "must not be longer than 10,000 characters"
NO_URI = "must be a URI such as https://example.com/quote"
NO_INSTANT = "must be an ISO 8601 date-time with an offset"


class TestCreatingALead:
    async def test_answers_ids_of_lead_and_submission(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)

        answer = await api.post("/leads", json=person(campaign_id))

        assert answer.status_code == 201
        data = answer.json()["data"]
        assert sorted(data) == ["leadId", "submissionId"]
        assert data["leadId"].startswith("lead_")
        assert data["submissionId"].startswith("sub_")

    async def test_stores_a_new_lead_with_defaults(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api, "Solar Ohio")

        lead = await new_lead(api, campaign_id)

        flags = {"isTest": False, "isDuplicate": False, "isImported": False, "isDnc": False}
        assert lead["campaign"]["campaignId"] == campaign_id
        assert lead["campaign"]["clientAbbrev"] == "SUN"
        assert (lead["firstName"], lead["lastName"], lead["email"]) == ("Ann", "Lee", "ann.lee@example.com")
        assert (lead["status"], lead["flags"], lead["submissionCount"]) == ("new", flags, 1)
        assert (lead["notes"], lead["questionnaire"], lead["tags"], lead["repostedTo"]) == ([], [], [], [])
        assert lead["latestSubmittedAt"] == lead["createdAt"] == lead["updatedAt"]
        assert (lead["lastActivityAt"], lead["deliveredAt"]) == (None, None)
        assert {"approval", "address", "customFields", "dateOfBirth"} & lead.keys() == set()

    async def test_counts_as_the_first_submission(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)
        created = (await api.post("/leads", json=person(campaign_id))).json()["data"]

        answer = await api.get(f"/leads/{created['leadId']}/submissions")

        data = answer.json()["data"]
        [submission] = data["submissions"]
        assert submission["submissionId"] == created["submissionId"]
        assert submission["leadId"] == created["leadId"]
        assert submission["campaign"]["campaignId"] == campaign_id
        assert (submission["submissionNumber"], submission["status"], submission["type"]) == (1, "new", "standard")
        assert data["pagination"] == {"total": 1, "page": 1, "limit": 100}

    async def test_keeps_every_detail_that_was_given(self, api: httpx2.AsyncClient) -> None:
        details: dict[str, Any] = {
            "country": "US",
            "address": {"street": "1 Main St", "city": "Columbus", "state": "OH", "zip": "43004", "country": "US"},
            "attribution": {"params": {"utm_source": "ads"}, "captureUrl": "https://a.example/quote", "gclid": "g1"},
            "compliance": {"tcpaConsent": True, "consentText": "I agree", "sellers": ["Sunny"], "vendor": {"id": 7}},
        }

        lead = await new_lead(api, **details)

        assert {name: lead[name] for name in details} == details

    async def test_ignores_fields_that_mean_nothing_and_names_them(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)
        strange: dict[str, Any] = {"tenant_id": "org_other", "status": "accepted", "address": {"planet": "Mars"}}

        answer = await api.post("/leads", json=person(campaign_id, **strange))

        assert answer.headers["x-ignored-fields"] == "address.planet, status, tenant_id"
        lead = await lead_of(api, answer.json()["data"]["leadId"])
        assert (lead["status"], "address" in lead) == ("new", False)

    async def test_names_ignored_fields_in_any_alphabet(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)

        answer = await api.post("/leads", json=person(campaign_id, **{"größe\r\nX: y": 1}))

        assert answer.status_code == 201
        assert answer.headers["x-ignored-fields"] == "gr%C3%B6%C3%9Fe%0D%0AX%3A%20y"

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        body = person(await new_campaign(api))
        headers = {"Idempotency-Key": "import-row-1"}

        first = await api.post("/leads", json=body, headers=headers)
        second = await api.post("/leads", json=body, headers=headers)

        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second.headers["idempotent-replayed"] == "true"
        assert len((await api.get("/leads")).json()["data"]["leads"]) == 1

    async def test_needs_the_scope_to_write(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        reader = await new_tenant(scopes=["read"])

        async with client_of(app, reader.key) as api:
            answer = await api.post("/leads", json=person("HXZ"))

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")


class TestTheCostOfCreatingALead:
    @pytest.mark.parametrize("phone", ["+14155552671", "415 555 2671"])
    async def test_is_one_statement_and_nothing_after_it(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant, phone: str
    ) -> None:
        """A unit of work that was spent on its only statement refuses another; imports live on this one round trip."""
        campaign_id = (await new_lead(api))["campaign"]["campaignId"]
        new = NewLead.model_validate(person(campaign_id, phone=phone))

        async with platform.database.work(tenant.tenant_id, "test") as work:
            await platform.service(LeadService).create(work, new)

            with pytest.raises(RuntimeError, match="is over"):
                await work.fetchval("select 1")


class TestTheQuestionnaireOfANewLead:
    async def test_may_be_an_object_of_answers_by_key(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, questionnaire={"roof_age": 12, "owner": None})

        assert lead["questionnaire"] == [
            {"key": "roof_age", "question": "roof_age", "answer": 12},
            {"key": "owner", "question": "owner", "answer": None},
        ]

    async def test_may_be_a_list_with_questions_of_its_own(self, api: httpx2.AsyncClient) -> None:
        given = [{"key": "roof_age", "question": "How old is your roof?", "answer": ["12", {"about": True}]}]

        lead = await new_lead(api, questionnaire=given)

        assert lead["questionnaire"] == given

    async def test_takes_missing_questions_from_the_field_library(self, api: httpx2.AsyncClient) -> None:
        field = {"key": "roof_age", "label": "Age of the roof", "category": "question", "dataType": "number"}
        await api.post("/field-library", json=field)

        lead = await new_lead(api, questionnaire={"roof_age": 12})

        assert lead["questionnaire"] == [{"key": "roof_age", "question": "Age of the roof", "answer": 12}]


class TestTheNotesOfANewLead:
    async def test_get_an_id_a_time_and_an_author(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, notes=[{"text": "Call in the evening"}])

        [note] = lead["notes"]
        assert note["id"].startswith("note_")
        assert note["createdBy"].startswith("key_")
        assert (note["text"], note["createdAt"]) == ("Call in the evening", lead["createdAt"])

    async def test_keep_what_an_import_says_of_them(self, api: httpx2.AsyncClient) -> None:
        given = {"id": "n1", "text": "Old", "createdAt": "2020-01-02T03:04:05+02:00", "createdBy": "Bob"}

        lead = await new_lead(api, notes=[given])

        assert lead["notes"] == [given | {"createdAt": "2020-01-02T01:04:05.000Z"}]


class TestThePhoneOfALead:
    @pytest.mark.parametrize(
        ("given", "country", "stored"),
        [
            ("(415) 555-2671", "US", "+14155552671"),
            ("1-415-555-2671", None, "+14155552671"),
            ("+1 415.555.2671", "DE", "+14155552671"),
            ("+1 (500) 234-5600", None, "+15002345600"),
            ("030 2345 6789", "DE", "+493023456789"),
            ("+44 (20) 7946 0000", "US", "+442079460000"),
            ("020 7946 0000", "GB", "+442079460000"),
        ],
    )
    async def test_is_stored_as_e164(
        self, api: httpx2.AsyncClient, given: str, country: str | None, stored: str
    ) -> None:
        lead = await new_lead(api, phone=given, country=country)

        assert lead["phone"] == stored

    @pytest.mark.parametrize("given", ["123-456-7890", "----------", "+999 999 999 999 999", "555 123 4567 89"])
    async def test_stays_as_given_where_it_makes_no_number(self, api: httpx2.AsyncClient, given: str) -> None:
        lead = await new_lead(api, phone=given)

        assert lead["phone"] == given

    async def test_is_read_in_the_tenants_country_without_one_of_its_own(self, api: httpx2.AsyncClient) -> None:
        before = await new_lead(api, phone="030 2345 6789")
        await api.patch("/tenant", json={"country": "DE"})

        after = await new_lead(api, phone="030 2345 6789")

        assert (before["phone"], after["phone"]) == ("030 2345 6789", "+493023456789")


class TestTheTimeZoneOfALead:
    async def test_is_the_stated_one_first(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, timezone="America/Chicago")

        assert (lead["timezone"], lead["timezoneSource"]) == ("America/Chicago", "user_input")

    async def test_keeps_the_source_it_came_with(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, timezone="America/Chicago", timezoneSource="ip")

        assert lead["timezoneSource"] == "ip"

    async def test_is_found_from_the_area_code(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="(312) 555-2671")

        assert (lead["timezone"], lead["timezoneSource"]) == ("America/Chicago", "area_code")

    async def test_is_found_from_the_zip_before_the_area_code(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="(312) 555-2671", address={"zip": "94107"})

        assert (lead["timezone"], lead["timezoneSource"]) == ("America/Los_Angeles", "zip")

    async def test_is_left_open_by_an_area_of_two_zones(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="(850) 555-2671")

        assert {"timezone", "timezoneSource"} & lead.keys() == set()

    @pytest.mark.parametrize("phone", ["+1 500 234 5600", "+1 800 555 1234", "+1 415 555 2671 99", "----------"])
    async def test_stays_unknown_where_the_number_has_no_place(self, api: httpx2.AsyncClient, phone: str) -> None:
        lead = await new_lead(api, phone=phone, timezoneSource="zip")

        assert {"timezone", "timezoneSource"} & lead.keys() == set()


class TestDuplicates:
    async def test_the_same_phone_in_the_campaign_is_flagged(self, api: httpx2.AsyncClient) -> None:
        first = await new_lead(api)

        second = await new_lead(api, first["campaign"]["campaignId"], email="other@example.com", phone="415 555 2671")

        assert second["flags"]["isDuplicate"]
        assert not (await lead_of(api, first["leadId"]))["flags"]["isDuplicate"]

    async def test_the_same_email_in_any_case_is_flagged(self, api: httpx2.AsyncClient) -> None:
        first = await new_lead(api)

        second = await new_lead(api, first["campaign"]["campaignId"], email="ANN.LEE@example.com", phone="415 555 0000")

        assert second["flags"]["isDuplicate"]

    async def test_the_same_person_in_another_campaign_is_not(self, api: httpx2.AsyncClient) -> None:
        await new_lead(api)

        elsewhere = await new_lead(api)

        assert not elsewhere["flags"]["isDuplicate"]

    async def test_two_at_the_same_moment_flag_exactly_one(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)

        for round_ in range(5):
            same = person(campaign_id, email=f"{round_}@example.com", phone=f"415-555-000{round_}")
            await asyncio.gather(*(api.post("/leads", json=same) for _ in range(4)))

        leads = (await api.get("/leads")).json()["data"]["leads"]
        unflagged = [lead["email"] for lead in leads if not lead["flags"]["isDuplicate"]]
        assert sorted(unflagged) == [f"{round_}@example.com" for round_ in range(5)]


class TestOptingOutOnCreation:
    async def test_an_import_may_say_so(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, flags={"isDnc": True, "isImported": True})

        assert (lead["flags"]["isDnc"], lead["flags"]["isImported"], lead["status"]) == (True, True, "dnc")


class TestRefusingANewLead:
    async def test_names_every_missing_field(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/leads", json={})

        assert answer.status_code == 400
        assert answer.json()["error"] == {
            "code": "VALIDATION_ERROR",
            "message": "Invalid input data",
            "details": [
                "campaignId: is required",
                "firstName: is required",
                "lastName: is required",
                "email: is required",
                "phone: is required",
            ],
        }

    async def test_an_unknown_campaign(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/leads", json=person("NOPE1"))

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, ["campaignId: no such campaign"])

    async def test_another_tenants_campaign_like_an_unknown_one(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_campaign = await new_campaign(their_api)

        answer = await api.post("/leads", json=person(their_campaign))

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, ["campaignId: no such campaign"])

    async def test_an_archived_campaign(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)
        await api.post(f"/campaigns/{campaign_id}/archive")

        answer = await api.post("/leads", json=person(campaign_id))

        details = answer.json()["error"]["details"]
        assert (answer.status_code, details) == (400, ["campaignId: this campaign is archived"])

    @pytest.mark.parametrize(
        ("details", "line"),
        [
            ({"firstName": " "}, "firstName: string should have at least 1 character"),
            ({"firstName": "A" * 10_000}, "firstName: string should have at most 200 characters"),
            ({"firstName": "A\0"}, "firstName: must not contain the NUL character"),
            ({"phone": "555-2671"}, "phone: string should have at least 10 characters"),
            ({"phone": "call me maybe"}, r"phone: string should match pattern '^[0-9\s\-().+]+$'"),
            ({"country": "usa"}, "country: string should match pattern '^[A-Z]{2}$'"),
            ({"timezone": "Mars/Base"}, "timezone: must be an IANA time zone such as America/Chicago"),
            ({"notes": [{"text": ""}]}, "notes.0.text: string should have at least 1 character"),
            ({"questionnaire": [{"answer": 1}]}, "questionnaire.0.key: is required"),
            ({"questionnaire": {"x": "y" * 10_001}}, f"questionnaire.0.answer: {TOO_LONG}"),
            ({"attribution": {"captureUrl": "nowhere"}}, f"attribution.captureUrl: {NO_URI}"),
            ({"attribution": {"params": {"a": 1}}}, "attribution.params.a: input should be a valid string"),
            ({"compliance": {"more": "y" * 10_001}}, f"compliance.more: {TOO_LONG}"),
            ({"compliance": {"consentAt": "2026-01-01"}}, f"compliance.consentAt: {NO_INSTANT}"),
        ],
    )  # fmt: skip
    async def test_a_value_that_cannot_be(self, api: httpx2.AsyncClient, details: dict[str, Any], line: str) -> None:
        campaign_id = await new_campaign(api)

        answer = await api.post("/leads", json=person(campaign_id, **details))

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])
        assert (await api.get("/leads")).json()["data"]["leads"] == []

    @pytest.mark.parametrize(
        ("details", "line"),
        [
            (lambda: {"compliance": {str(i): i for i in range(101)}}, "compliance: a lead holds at most 100"),
            (lambda: {"questionnaire": {str(i): i for i in range(501)}}, "questionnaire: list should have at most 500"),
            (lambda: {"notes": [{"text": "x"}] * 1_001}, "notes: list should have at most 1000"),
            (lambda: {"attribution": {"params": {str(i): "" for i in range(201)}}}, "attribution.params: dictionary"),
        ],
    )  # fmt: skip
    async def test_more_than_a_lead_may_hold(
        self, api: httpx2.AsyncClient, details: Callable[[], dict[str, Any]], line: str
    ) -> None:
        campaign_id = await new_campaign(api)

        answer = await api.post("/leads", json=person(campaign_id, **details()))

        assert answer.status_code == 400
        assert answer.json()["error"]["details"][0].startswith(line)
