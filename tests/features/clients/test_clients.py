"""Clients: the buyers of leads."""

from typing import Any

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of

FULL = {
    "name": "Sunny Solar",
    "abbrev": "SUN",
    "active": False,
    "contactName": "Bo Hill",
    "contactPhone": "call the office",
    "contactEmail": "bo@sunny.example",
    "address": {"street": "1 Main St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"},
    "settings": {
        "defaultPostingUrl": "https://sunny.example/leads?x=%20",
        "postingMethod": "http",
        "acceptDuplicates": False,
        "maxLeadsPerDay": 0,
        "maxLeadsPerMonth": 100_000_000,
        "timezone": "America/Los_Angeles",
        "notificationEmail": "leads@sunny.example",
        "sendDailyReport": True,
    },
    "description": "Pays late",
    "externalId": "crm-7",
    "tags": ["vip", "vip", ""],
}


async def made(api: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await api.post("/clients", json={"name": "Sunny Solar", "abbrev": "SUN"} | more)
    assert answer.status_code == 201, answer.text
    stored: dict[str, Any] = answer.json()["data"]
    return stored


class TestCreatingAClient:
    async def test_answers_the_stored_client_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/clients", json={"name": " Sunny Solar ", "abbrev": "SUN"})

        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        client = answer.json()["data"]
        assert client["clientId"].startswith("client_")
        assert client == {
            "clientId": client["clientId"],
            "name": "Sunny Solar",
            "abbrev": "SUN",
            "active": True,
            "tags": [],
            "createdAt": client["createdAt"],
            "updatedAt": client["createdAt"],
        }

    async def test_keeps_everything_that_it_is_told(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, **FULL)

        assert {name: stored[name] for name in FULL} == FULL
        assert (await api.get(f"/clients/{stored['clientId']}")).json()["data"] == stored

    async def test_names_every_fault_in_a_line_of_its_own(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/clients", json={"abbrev": 7, "contactEmail": "nobody", "colour": "red"})

        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["code"] == "VALIDATION_ERROR"
        names = [line.partition(":")[0] for line in error["details"]]
        assert names == ["name", "abbrev", "contactEmail", "colour"]

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"name": " "}, "name: string should have at least 1 character"),
            ({"name": "x" * 201}, "name: string should have at most 200 characters"),
            ({"abbrev": None}, "abbrev: input should be a valid string"),
            ({"active": "yes please"}, "active: input should be a valid boolean"),
            (
                {"settings": {"timezone": "Sun/City"}},
                "settings.timezone: must be an IANA time zone such as America/Chicago",
            ),
            (
                {"settings": {"defaultPostingUrl": "ftp://x"}},
                "settings.defaultPostingUrl: must be an http or https URL",
            ),
            (
                {"settings": {"defaultPostingUrl": "https://x y"}},
                "settings.defaultPostingUrl: must be an http or https URL",
            ),
            (
                {"settings": {"postingMethod": "fax"}},
                "settings.postingMethod: input should be 'http', 'email' or 'none'",
            ),
            (
                {"settings": {"maxLeadsPerDay": -1}},
                "settings.maxLeadsPerDay: input should be greater than or equal to 0",
            ),
            ({"address": {"planet": "Earth"}}, "address.planet: is not a field of this request"),
            ({"tags": "vip"}, "tags: input should be a valid list"),
            ({"clientId": "client_mine"}, "clientId: is not a field of this request"),
            ({"createdAt": "2020-01-01T00:00:00Z"}, "createdAt: is not a field of this request"),
            ({"archivedAt": "2020-01-01T00:00:00Z"}, "archivedAt: is not a field of this request"),
            ({"tenantId": "org_other"}, "tenantId: is not a field of this request"),
            ({"tenant_id": "org_other"}, "tenant_id: is not a field of this request"),
        ],
    )
    async def test_refuses_what_cannot_be(self, api: httpx2.AsyncClient, wrong: dict[str, Any], line: str) -> None:
        answer = await api.post("/clients", json={"name": "A", "abbrev": "A"} | wrong)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])
        assert (await api.get("/clients")).json()["data"]["clients"] == []

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        new, headers = {"name": "A", "abbrev": "A"}, {"Idempotency-Key": "client-1"}

        first, second = [await api.post("/clients", json=new, headers=headers) for _ in range(2)]

        assert second.content == first.content
        assert (await api.get("/clients")).json()["data"]["pagination"]["total"] == 1


class TestReadingAClient:
    async def test_of_another_tenant_is_reading_one_that_never_was(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant("Other")).key) as theirs:
            foreign = (await made(theirs))["clientId"]
        headers = {"X-Request-Id": "same"}

        answers = [await api.get(f"/clients/{client_id}", headers=headers) for client_id in (foreign, "client_none")]

        assert answers[0].status_code == 404
        assert (answers[0].content, answers[0].headers) == (answers[1].content, answers[1].headers)


class TestChangingAClient:
    async def test_leaves_what_is_absent_and_clears_what_is_null(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, **FULL)
        change = {"description": None, "contactName": "Cy", "tags": ["new"], "active": True}

        changed = (await api.patch(f"/clients/{stored['clientId']}", json=change)).json()["data"]

        expected = stored | {"contactName": "Cy", "tags": ["new"], "active": True, "updatedAt": changed["updatedAt"]}
        del expected["description"]
        assert changed == expected
        assert changed["updatedAt"] >= stored["updatedAt"]

    async def test_merges_objects_one_level(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, **FULL)
        change = {"address": {"city": "Elko", "zip": None}, "settings": None}

        changed = (await api.patch(f"/clients/{stored['clientId']}", json=change)).json()["data"]

        assert changed["address"] == {"street": "1 Main St", "city": "Elko", "state": "NV", "country": "US"}
        assert "settings" not in changed

    async def test_with_nothing_changes_nothing_but_the_version(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, **FULL)

        answer = await api.patch(f"/clients/{stored['clientId']}", json={})

        assert answer.json()["data"] == stored | {"updatedAt": answer.json()["data"]["updatedAt"]}

    async def test_brings_back_the_default_of_a_cleared_field(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, **FULL)

        changed = (await api.patch(f"/clients/{stored['clientId']}", json={"active": None, "tags": None})).json()[
            "data"
        ]

        assert (changed["active"], changed["tags"]) == (True, [])

    @pytest.mark.parametrize(
        ("change", "lines"),
        [
            ({"name": None, "abbrev": None}, ["name: is required", "abbrev: is required"]),
            ({"clientId": "client_mine"}, ["clientId: is not a field of this request"]),
            ({"tags": ["x"] * 101}, ["tags: list should have at most 100 items after validation, not 101"]),
            ({"settings": {"hats": 1}}, ["settings.hats: is not a field of this request"]),
        ],
    )
    async def test_refuses_what_cannot_be(
        self, api: httpx2.AsyncClient, change: dict[str, Any], lines: list[str]
    ) -> None:
        stored = await made(api)
        path = f"/clients/{stored['clientId']}"

        answer = await api.patch(path, json=change)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, lines)
        assert (await api.get(path)).json()["data"] == stored

    @pytest.mark.parametrize("method", ["GET", "PATCH"])
    async def test_that_nobody_has_is_not_found(self, api: httpx2.AsyncClient, method: str) -> None:
        answer = await api.request(method, "/clients/client_none", json={} if method == "PATCH" else None)

        assert answer.status_code == 404

    async def test_knows_fields_by_their_wire_names_only(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api)

        answer = await api.patch(f"/clients/{stored['clientId']}", json={"contact_name": "Ann"})

        assert answer.json()["error"]["details"] == ["contact_name: is not a field of this request"]


class TestArchivingAClient:
    async def test_hides_it_from_lists_alone(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api)
        path = f"/clients/{stored['clientId']}"

        archived = (await api.post(f"{path}/archive")).json()["data"]

        assert archived == stored | {"archivedAt": archived["updatedAt"], "updatedAt": archived["updatedAt"]}
        assert (await api.get("/clients")).json()["data"]["clients"] == []
        assert (await api.get(path)).json()["data"] == archived
