"""Phone numbers: what a tenant calls and texts from."""

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.campaigns.making import created, faults

_NUMBER = {"number": "+14155552671", "provider": "twilio", "capabilities": ["voice", "sms"]}


class TestCreatingAPhoneNumber:
    async def test_answers_the_stored_number(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/phone-numbers", json=_NUMBER)

        assert answer.status_code == 201
        assert answer.headers["etag"] == '"1"'
        stored = answer.json()["data"]
        assert stored.pop("phoneNumberId").startswith("num_")
        assert stored.pop("createdAt") == stored.pop("updatedAt")
        assert stored == _NUMBER | {"active": True, "registration": {"status": "pending"}}

    @pytest.mark.parametrize(
        ("number", "provider", "status"),
        [
            ("+14155552671", "vonage", "pending"),
            ("+14155552671", "sandbox", "not_required"),
            ("+15005550006", "sandbox", "not_required"),
            ("+442079460000", "vonage", "not_required"),
        ],
    )
    async def test_assumes_no_registration_that_carriers_ask_for(
        self, api: httpx2.AsyncClient, number: str, provider: str, status: str
    ) -> None:
        stored = await created(api, "/phone-numbers", **_NUMBER | {"number": number, "provider": provider})

        assert stored["registration"] == {"status": status}

    async def test_refuses_a_number_that_the_tenant_has(self, api: httpx2.AsyncClient) -> None:
        first = await created(api, "/phone-numbers", **_NUMBER)
        await api.post(f"/phone-numbers/{first['phoneNumberId']}/archive")

        answer = await api.post("/phone-numbers", json=_NUMBER)

        assert answer.status_code == 409
        assert answer.json()["error"] == {
            "code": "CONFLICT",
            "message": "You have this number already, maybe archived; change or unarchive that one",
        }

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        first = await api.post("/phone-numbers", json=_NUMBER, headers={"Idempotency-Key": "k1"})
        again = await api.post("/phone-numbers", json=_NUMBER, headers={"Idempotency-Key": "k1"})

        assert (again.status_code, again.json()) == (201, first.json())

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"number": "4155552671"}, "number: string should match pattern '^\\+[1-9]\\d{6,14}$'"),
            (
                {"number": "+19995552671"},
                "number: must be a phone number that exists, in E.164 form such as +14155552671",
            ),
            ({"capabilities": []}, "capabilities: list should have at least 1 item after validation, not 0"),
            ({"capabilities": ["sms", "sms"]}, "capabilities: name each one once"),
            ({"capabilities": ["fax"]}, "capabilities.0: input should be 'voice' or 'sms'"),
            ({"provider": "pigeon"}, "provider: input should be 'vonage', 'twilio', 'sip' or 'sandbox'"),
            ({"registration": {"brandId": "B1"}}, "registration.status: is required"),
        ],
    )
    async def test_names_the_field_and_the_fault(
        self, api: httpx2.AsyncClient, wrong: dict[str, object], line: str
    ) -> None:
        answer = await api.post("/phone-numbers", json=_NUMBER | wrong)

        assert faults(answer) == [line]


class TestReadingPhoneNumbers:
    async def test_lists_the_newest_first_page_by_page(self, api: httpx2.AsyncClient) -> None:
        first = await created(api, "/phone-numbers", **_NUMBER)
        await created(api, "/phone-numbers", **_NUMBER | {"number": "+15005550006"})

        data = (await api.get("/phone-numbers", params={"page": "2", "limit": "1"})).json()["data"]

        assert data == {"phoneNumbers": [first], "pagination": {"total": 2, "page": 2, "limit": 1}}

    async def test_finds_by_digits_and_activity(self, api: httpx2.AsyncClient) -> None:
        await created(api, "/phone-numbers", **_NUMBER)
        sandbox = await created(api, "/phone-numbers", **_NUMBER | {"number": "+15005550006", "active": False})

        by_digits = (await api.get("/phone-numbers", params={"search": "500555"})).json()["data"]
        inactive = (await api.get("/phone-numbers", params={"active": "false"})).json()["data"]

        assert by_digits["phoneNumbers"] == inactive["phoneNumbers"] == [sandbox]

    async def test_tells_nothing_of_another_tenants_number(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant()).key) as other:
            theirs = await created(other, "/phone-numbers", **_NUMBER)

        foreign = await api.get(f"/phone-numbers/{theirs['phoneNumberId']}")
        unknown = await api.get("/phone-numbers/num_0")

        assert foreign.status_code == 404
        assert foreign.content == unknown.content


class TestChangingAPhoneNumber:
    async def test_merges_the_registration(self, api: httpx2.AsyncClient) -> None:
        registration = {"status": "pending", "brandId": "B1"}
        stored = await created(api, "/phone-numbers", **_NUMBER, registration=registration)

        answer = await api.patch(
            f"/phone-numbers/{stored['phoneNumberId']}",
            json={"registration": {"status": "registered", "campaignId": "C1"}},
        )

        assert answer.json()["data"]["registration"] == {
            "status": "registered",
            "brandId": "B1",
            "campaignId": "C1",
        }

    async def test_assumes_anew_when_the_registration_is_cleared(self, api: httpx2.AsyncClient) -> None:
        stored = await created(api, "/phone-numbers", **_NUMBER, registration={"status": "registered"})

        answer = await api.patch(f"/phone-numbers/{stored['phoneNumberId']}", json={"registration": None})

        assert answer.json()["data"]["registration"] == {"status": "pending"}

    async def test_never_changes_the_digits(self, api: httpx2.AsyncClient) -> None:
        stored = await created(api, "/phone-numbers", **_NUMBER)

        answer = await api.patch(f"/phone-numbers/{stored['phoneNumberId']}", json={"number": "+15005550006"})

        assert faults(answer) == ["number: is not a field of this request"]

    async def test_refuses_a_version_that_has_passed(self, api: httpx2.AsyncClient) -> None:
        path = f"/phone-numbers/{(await created(api, '/phone-numbers', **_NUMBER))['phoneNumberId']}"
        await api.patch(path, json={"active": False})

        answer = await api.patch(path, json={"active": True}, headers={"If-Match": '"1"'})

        assert answer.status_code == 409


class TestArchivingAPhoneNumber:
    async def test_hides_it_from_lists_until_it_is_back(self, api: httpx2.AsyncClient) -> None:
        path = f"/phone-numbers/{(await created(api, '/phone-numbers', **_NUMBER))['phoneNumberId']}"

        archived = await api.post(f"{path}/archive")
        hidden = (await api.get("/phone-numbers")).json()["data"]["phoneNumbers"]
        back = await api.post(f"{path}/unarchive")

        assert "archivedAt" in archived.json()["data"]
        assert hidden == []
        assert "archivedAt" not in back.json()["data"]
