"""Changing leads: what a PATCH keeps, merges, replaces and clears, and what follows from it."""

from typing import Any

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.leads.leads import lead_of, new_campaign, new_lead


async def changed(api: httpx2.AsyncClient, lead: dict[str, Any], **change: Any) -> dict[str, Any]:
    """The lead that a PATCH answers."""
    answer = await api.patch(f"/leads/{lead['leadId']}", json=change)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


class TestChangingALead:
    async def test_answers_the_whole_lead_as_it_is_now(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.patch(f"/leads/{lead['leadId']}", json={"lastName": "Bell", "detail": "Wants two quotes"})

        after = answer.json()["data"]
        assert (after["lastName"], after["detail"]) == ("Bell", "Wants two quotes")
        assert after["firstName"] == "Ann"
        assert after == await lead_of(api, lead["leadId"])
        assert (answer.headers["etag"], after["createdAt"]) == ('"2"', lead["createdAt"])

    async def test_takes_every_field_of_the_contract(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        change: dict[str, Any] = {
            "firstName": "Bo", "lastName": "Bell", "email": "bo@example.com", "phone": "+12125550100", "country": "US",
            "address": {"city": "Columbus"}, "dateOfBirth": "1980-02-29", "timezone": "America/Chicago",
            "timezoneSource": "zip", "customFields": {"score": 7, "list": [None]}, "attribution": {"gclid": "g"},
            "compliance": {"tcpaConsent": False}, "status": "qualified", "detail": "d", "tags": ["hot"],
            "clientLeadId": "c-1", "repostedTo": [{"campaignId": "ABC"}], "submissionCount": 3,
            "latestSubmittedAt": "2026-01-02T03:04:05.678Z", "lastActivityAt": "2026-01-02T03:04:05.678Z",
            "deliveredAt": "2026-01-02T03:04:05.678Z",
        }  # fmt: skip

        after = await changed(api, lead, **change)

        assert {name: after[name] for name in change} == change

    async def test_merges_objects_one_level_deep(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(
            api,
            address={"street": "1 Main St", "city": "Columbus"},
            attribution={"params": {"a": "1"}, "gclid": "g"},
            compliance={"tcpaConsent": True, "consentText": "yes", "vendor": 1},
        )

        after = await changed(
            api,
            lead,
            address={"city": "Dayton", "zip": "45402", "street": None},
            attribution={"params": {"b": "2"}},
            compliance={"consentText": None, "vendor": None, "more": 2},
        )

        assert after["address"] == {"city": "Dayton", "zip": "45402"}
        assert after["attribution"] == {"params": {"b": "2"}, "gclid": "g"}
        assert after["compliance"] == {"tcpaConsent": True, "more": 2}

    async def test_null_clears(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, notes=[{"text": "x"}], questionnaire={"a": 1}, address={"city": "Rome"})
        await changed(api, lead, tags=["x"], customFields={"a": 1}, detail="x", deliveredAt="2026-01-02T03:04:05Z")
        names = ("notes", "questionnaire", "address", "tags", "customFields", "detail", "deliveredAt", "flags")

        after = await changed(api, lead, **dict.fromkeys(names))

        assert (after["notes"], after["questionnaire"], after["tags"], after["deliveredAt"]) == ([], [], [], None)
        assert {"address", "customFields", "detail"} & after.keys() == set()
        assert not any(after["flags"].values())

    async def test_custom_fields_merge_and_clear_by_key(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await changed(api, lead, customFields={"keep": 1, "drop": 2, "change": {"a": 1}})

        after = await changed(api, lead, customFields={"drop": None, "change": {"b": 2}})

        assert after["customFields"] == {"keep": 1, "change": {"b": 2}}

    async def test_replaces_tags_and_reposts(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await changed(api, lead, tags=["a", "b"], repostedTo=["X"])

        after = await changed(api, lead, tags=["c"], repostedTo=[])

        assert (after["tags"], after["repostedTo"]) == (["c"], [])

    async def test_questionnaire_merges_by_key_and_deletes(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, questionnaire={"a": 1, "b": 2, "c": 3})

        after = await changed(
            api,
            lead,
            questionnaire=[{"key": "b", "question": "B?"}, {"key": "c", "answer": None}, {"key": "d", "answer": 4}],
            deleteQuestionnaireKeys=["a", "unknown"],
        )

        assert after["questionnaire"] == [
            {"key": "b", "question": "B?", "answer": 2},
            {"key": "c", "question": "c", "answer": None},
            {"key": "d", "question": "d", "answer": 4},
        ]

    async def test_a_note_with_a_known_id_replaces_others_are_added(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, notes=[{"text": "one"}, {"text": "two"}])
        first, second = lead["notes"]

        after = await changed(api, lead, notes=[{"id": second["id"], "text": "2"}, {"text": "three"}])

        assert [note["text"] for note in after["notes"]] == ["one", "2", "three"]
        assert after["notes"][:2] == [first, second | {"text": "2"}]
        assert after["notes"][2]["id"].startswith("note_")

    async def test_ignores_and_names_unknown_fields(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        strange = {"leadId": "lead_x", "createdAt": "2020-01-01T00:00:00Z", "flags": {"isVip": True}, "role": "admin"}

        answer = await api.patch(f"/leads/{lead['leadId']}", json=strange)

        assert answer.headers["x-ignored-fields"] == "createdAt, flags.isVip, leadId, role"
        assert answer.json()["data"] | {"updatedAt": ""} == lead | {"updatedAt": ""}

    async def test_another_tenants_lead_is_as_unknown_as_none(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            their_lead = await new_lead(their_api)

            foreign = await api.patch(f"/leads/{their_lead['leadId']}", json={"detail": "x"})
            unknown = await api.patch("/leads/lead_nobody", json={"detail": "x"})

            assert (foreign.status_code, foreign.content) == (404, unknown.content)
            assert await lead_of(their_api, their_lead["leadId"]) == their_lead

    async def test_if_match_guards_against_a_change_in_between(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await changed(api, lead, detail="first")

        answer = await api.patch(f"/leads/{lead['leadId']}", json={"detail": "second"}, headers={"If-Match": '"1"'})

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")
        assert (await lead_of(api, lead["leadId"]))["detail"] == "first"


class TestChangingThePhone:
    async def test_spells_it_anew_and_finds_its_zone(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="415 555 2671")

        after = await changed(api, lead, phone="(312) 555-2671")

        assert (after["phone"], after["timezone"]) == ("+13125552671", "America/Chicago")

    async def test_leaves_a_stated_zone_alone(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, timezone="Europe/Rome")

        after = await changed(api, lead, phone="(312) 555-2671")

        assert (after["timezone"], after["timezoneSource"]) == ("Europe/Rome", "user_input")

    async def test_clearing_a_zone_clears_its_source(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, timezone="Europe/Rome")

        after = await changed(api, lead, timezone=None)

        assert {"timezone", "timezoneSource"} & after.keys() == set()


class TestChangingTheAddress:
    async def test_finds_the_zone_of_the_new_zip(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="415 555 2671")

        after = await changed(api, lead, address={"zip": "10001"})

        assert (after["timezone"], after["timezoneSource"]) == ("America/New_York", "zip")

    async def test_without_a_zip_falls_back_on_the_phone(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="415 555 2671", address={"zip": "10001"})

        after = await changed(api, lead, address=None)

        assert (after["timezone"], after["timezoneSource"]) == ("America/Los_Angeles", "area_code")

    async def test_to_a_place_that_tells_nothing_forgets_the_guess(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone="+1 800 555 1234", address={"zip": "10001"})

        after = await changed(api, lead, address={"zip": None})

        assert {"timezone", "timezoneSource"} & after.keys() == set()

    async def test_leaves_a_stated_zone_alone(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, timezone="Europe/Rome")

        after = await changed(api, lead, address={"zip": "10001"})

        assert (after["timezone"], after["timezoneSource"]) == ("Europe/Rome", "user_input")


class TestMovingALead:
    async def test_shows_the_other_campaign(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        elsewhere = await new_campaign(api, "Elsewhere")

        after = await changed(api, lead, campaign={"campaignId": elsewhere})

        assert (after["campaign"]["campaignId"], after["campaign"]["name"]) == (elsewhere, "Elsewhere")

    async def test_flags_it_where_the_person_is_known(self, api: httpx2.AsyncClient) -> None:
        known = await new_lead(api)
        lead = await new_lead(api)

        after = await changed(api, lead, campaign={"campaignId": known["campaign"]["campaignId"]})

        assert after["flags"]["isDuplicate"]

    async def test_takes_the_flag_off_where_nobody_is_like_it(self, api: httpx2.AsyncClient) -> None:
        first = await new_lead(api)
        second = await new_lead(api, first["campaign"]["campaignId"])

        after = await changed(api, second, email="bo@example.com", phone="312 555 2671")

        assert (second["flags"]["isDuplicate"], after["flags"]["isDuplicate"]) == (True, False)

    async def test_believes_who_says_whether_it_is_a_duplicate(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        after = await changed(api, lead, email="bo@example.com", flags={"isDuplicate": True})

        assert after["flags"]["isDuplicate"]


class TestApproving:
    async def test_notes_who_decided_and_when(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        after = await changed(api, lead, approval={"status": "approved", "reason": "Good"})

        approval = after["approval"]
        assert approval["decidedBy"].startswith("key_")
        assert approval["decidedAt"] == after["updatedAt"]
        assert (approval["status"], approval["reason"]) == ("approved", "Good")
        assert approval["campaignId"] == lead["campaign"]["campaignId"]

    async def test_nobody_can_sign_for_another(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.patch(
            f"/leads/{lead['leadId']}", json={"approval": {"status": "approved", "decidedBy": "the boss"}}
        )

        assert answer.headers["x-ignored-fields"] == "approval.decidedBy"
        assert answer.json()["data"]["approval"]["decidedBy"].startswith("key_")

    async def test_rejecting_rejects_the_lead_too(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        after = await changed(api, lead, approval={"status": "rejected", "reason": "Out of area"})

        assert (after["status"], after["approval"]["status"]) == ("rejected", "rejected")

    async def test_pending_takes_the_decision_back(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await changed(api, lead, approval={"status": "approved", "reason": "Good"})

        after = await changed(api, lead, approval={"status": "pending"})

        assert after["approval"] == {"status": "pending", "campaignId": lead["campaign"]["campaignId"]}

    async def test_a_reason_alone_needs_a_decision(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.patch(f"/leads/{lead['leadId']}", json={"approval": {"reason": "Good"}})

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, ["approval.status: is required"])


class TestOptingOut:
    async def test_status_dnc_sets_the_flag(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        after = await changed(api, lead, status="dnc", flags={"isDnc": False})

        assert (after["status"], after["flags"]["isDnc"]) == ("dnc", True)

    async def test_leaving_dnc_removes_nothing(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await changed(api, lead, status="dnc")

        after = await changed(api, lead, status="contacted")

        assert (after["status"], after["flags"]["isDnc"]) == ("contacted", True)


class TestRefusingAChange:
    @pytest.mark.parametrize(
        ("change", "line"),
        [
            ({"firstName": None}, "firstName: is required"),
            ({"status": None}, "status: is required"),
            ({"campaign": None}, "campaign: is required"),
            ({"campaign": {"campaignId": "NOPE1"}}, "campaign.campaignId: no such campaign"),
            ({"dateOfBirth": "1981-02-29"}, "dateOfBirth: must be a day of the calendar, spelled YYYY-MM-DD"),
            ({"deliveredAt": "yesterday"}, "deliveredAt: must be an ISO 8601 date-time with an offset"),
            ({"questionnaire": {"a": 1}}, "questionnaire: input should be a valid list"),
            ({"submissionCount": -1}, "submissionCount: input should be greater than or equal to 0"),
            ({"tags": ["x" * 2_001]}, "tags.0: string should have at most 2000 characters"),
            ({"customFields": {"a": "x" * 10_001}}, "customFields.a: must not be longer than 10,000 characters"),
        ],
    )  # fmt: skip
    async def test_a_value_that_cannot_be(self, api: httpx2.AsyncClient, change: dict[str, Any], line: str) -> None:
        lead = await new_lead(api)

        answer = await api.patch(f"/leads/{lead['leadId']}", json=change)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])
        assert await lead_of(api, lead["leadId"]) == lead

    async def test_an_unknown_status(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        answer = await api.patch(f"/leads/{lead['leadId']}", json={"status": "happy"})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"][0].startswith("status: input should be 'new', 'pending',")

    async def test_a_move_to_an_archived_campaign(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        archived = await new_campaign(api)
        await api.post(f"/campaigns/{archived}/archive")

        answer = await api.patch(f"/leads/{lead['leadId']}", json={"campaign": {"campaignId": archived}})

        details = answer.json()["error"]["details"]
        assert (answer.status_code, details) == (400, ["campaign.campaignId: this campaign is archived"])

    async def test_growing_beyond_what_a_lead_may_hold(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)
        await changed(api, lead, customFields={f"a{n}": n for n in range(400)})

        answer = await api.patch(f"/leads/{lead['leadId']}", json={"customFields": {f"b{n}": n for n in range(101)}})

        details = answer.json()["error"]["details"]
        assert (answer.status_code, details) == (400, ["customFields: a lead holds at most 500"])
