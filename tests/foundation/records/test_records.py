"""What every configuration record can do, tried on clients: lists, searches, pages, versions, archiving."""

import asyncio
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.errors import Conflict
from leadsail.foundation.records.service import require_version
from tests.conftest import TestTenant, eventually


async def made(api: httpx2.AsyncClient, name: str, **more: Any) -> dict[str, Any]:
    answer = await api.post("/clients", json={"name": name, "abbrev": "A"} | more)
    assert answer.status_code == 201, answer.text
    stored: dict[str, Any] = answer.json()["data"]
    return stored


async def names(api: httpx2.AsyncClient, **query: str) -> list[str]:
    answer = await api.get("/clients", params=query)
    assert answer.status_code == 200, answer.text
    return [client["name"] for client in answer.json()["data"]["clients"]]


class TestAList:
    async def test_shows_the_newest_first(self, api: httpx2.AsyncClient) -> None:
        for name in ("first", "second", "third"):
            await made(api, name)

        assert await names(api) == ["third", "second", "first"]

    async def test_keeps_its_order_among_those_of_one_instant(self, api: httpx2.AsyncClient) -> None:
        await asyncio.gather(*(made(api, str(number)) for number in range(20)))

        in_one = await names(api)
        in_pages = [name for page in range(1, 11) for name in await names(api, limit="2", page=str(page))]

        assert len(set(in_one)) == 20
        assert in_pages == in_one

    async def test_counts_all_pages_together(self, api: httpx2.AsyncClient) -> None:
        for number in range(5):
            await made(api, str(number))

        answer = await api.get("/clients", params={"limit": "2", "page": "3"})

        assert [client["name"] for client in answer.json()["data"]["clients"]] == ["0"]
        assert answer.json()["data"]["pagination"] == {"total": 5, "page": 3, "limit": 2}

    async def test_never_shows_more_than_a_hundred(self, api: httpx2.AsyncClient) -> None:
        for _ in range(4):
            await asyncio.gather(*(made(api, "x") for _ in range(26)))

        answer = await api.get("/clients", params={"limit": "5000"})

        assert len(answer.json()["data"]["clients"]) == 100
        assert answer.json()["data"]["pagination"] == {"total": 104, "page": 1, "limit": 100}

    async def test_can_be_narrowed_to_the_active(self, api: httpx2.AsyncClient) -> None:
        await made(api, "on")
        await made(api, "off", active=False)

        assert (await names(api, active="true"), await names(api, active="false")) == (["on"], ["off"])
        assert await names(api, active="") == ["off", "on"]

    async def test_hides_archived_ones_unless_asked(self, api: httpx2.AsyncClient) -> None:
        await made(api, "here")
        gone = await made(api, "gone")
        await api.post(f"/clients/{gone['clientId']}/archive")

        assert await names(api) == ["here"]
        assert await names(api, includeArchived="true") == ["gone", "here"]

    @pytest.mark.parametrize("query", ["active=yes", "includeArchived=1", f"search={'x' * 201}"])
    async def test_refuses_filters_that_make_no_sense(self, api: httpx2.AsyncClient, query: str) -> None:
        answer = await api.get(f"/clients?{query}")

        assert answer.status_code == 400
        assert answer.json()["error"]["details"][0].startswith(query.partition("=")[0])


class TestASearch:
    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("solar", ["100% Solar"]),
            ("SOLAR", ["100% Solar"]),
            (" solar ", ["100% Solar"]),
            ("%", ["100% Solar"]),
            ("0%", ["100% Solar"]),
            ("_", ["snake_case"]),
            ("e_c", ["snake_case"]),
            ("\\", ["back\\slash"]),
            ("k\\s", ["back\\slash"]),
            ("\\%", []),
            ("'", ["O'Neil"]),
            ("' or true --", []),
            ("\u00e4RZTE", ["\u00c4rzte"]),
            ("\u4f60", ["\u4f60\u597d"]),
        ],
    )
    async def test_finds_the_very_signs(self, api: httpx2.AsyncClient, search: str, found: list[str]) -> None:
        for name in ("100% Solar", "snake_case", "back\\slash", "O'Neil", "\u00c4rzte", "\u4f60\u597d"):
            await made(api, name)

        assert await names(api, search=search) == found

    async def test_looks_into_every_searched_field(self, api: httpx2.AsyncClient) -> None:
        await made(api, "Moon", abbrev="SUNNY")

        assert await names(api, search="sunny") == ["Moon"]

    async def test_of_nothing_finds_all(self, api: httpx2.AsyncClient) -> None:
        await made(api, "Moon")

        assert await names(api, search="") == ["Moon"]

    async def test_goes_with_other_filters(self, api: httpx2.AsyncClient) -> None:
        await made(api, "sun on")
        await made(api, "sun off", active=False)
        await made(api, "moon on")

        assert await names(api, search="sun", active="true") == ["sun on"]


class TestAnEntityTag:
    async def test_grows_with_every_change_alone(self, api: httpx2.AsyncClient) -> None:
        path = f"/clients/{(await made(api, 'Sun'))['clientId']}"

        tags = [
            (await api.get(path)).headers["etag"],
            (await api.patch(path, json={"name": "Moon"})).headers["etag"],
            (await api.get(path)).headers["etag"],
            (await api.post(f"{path}/archive")).headers["etag"],
            (await api.post(f"{path}/archive")).headers["etag"],
        ]

        assert tags == ['"1"', '"2"', '"2"', '"3"', '"3"']

    @pytest.mark.parametrize("tag", ['"1"', "*", ' "1" ', '"7", "1"', 'W/"1"'])
    async def test_that_still_holds_lets_a_change_through(self, api: httpx2.AsyncClient, tag: str) -> None:
        path = f"/clients/{(await made(api, 'Sun'))['clientId']}"

        assert (await api.patch(path, json={"name": "Moon"}, headers={"If-Match": tag})).status_code == 200

    @pytest.mark.parametrize("tag", ['"2"', "1", "", '"one"', '"11"'])
    async def test_that_does_not_hold_stops_it(self, api: httpx2.AsyncClient, tag: str) -> None:
        path = f"/clients/{(await made(api, 'Sun'))['clientId']}"

        answer = await api.patch(path, json={"name": "Moon"}, headers={"If-Match": tag})

        message = "The record has changed since it was read; read it again and repeat the change"
        assert (answer.status_code, answer.json()["error"]) == (409, {"code": "CONFLICT", "message": message})
        assert (await api.get(path)).json()["data"]["name"] == "Sun"

    async def test_lets_one_of_two_writers_win(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        """Both have read the first version; the second waits for the first, and only then looks."""
        client_id = (await made(api, "Sun"))["clientId"]
        async with platform.database.work(tenant.tenant_id, "test") as first:
            await first.execute("update client set version = version + 1 where client_id = $1", client_id)
            change = api.patch(f"/clients/{client_id}", json={"name": "Moon"}, headers={"If-Match": '"1"'})
            second = asyncio.create_task(change)
            await eventually(lambda: _is_waiting(platform))

        assert (await second).status_code == 409

    def test_is_not_asked_of_whoever_sends_none(self) -> None:
        require_version(None, 7)
        with pytest.raises(Conflict):
            require_version('"6"', 7)


class TestArchiving:
    async def test_twice_keeps_the_first_time(self, api: httpx2.AsyncClient) -> None:
        path = f"/clients/{(await made(api, 'Sun'))['clientId']}"

        first, second = await api.post(f"{path}/archive"), await api.post(f"{path}/archive")

        assert "archivedAt" in first.json()["data"]
        assert second.json() == first.json()

    async def test_can_be_undone_and_leaves_no_trace(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, "Sun")
        path = f"/clients/{stored['clientId']}"
        await api.post(f"{path}/archive")

        back = (await api.post(f"{path}/unarchive")).json()["data"]

        assert back == stored | {"updatedAt": back["updatedAt"]}
        assert await names(api) == ["Sun"]

    async def test_leaves_the_record_readable_and_changeable(self, api: httpx2.AsyncClient) -> None:
        path = f"/clients/{(await made(api, 'Sun'))['clientId']}"
        archived = (await api.post(f"{path}/archive")).json()["data"]

        changed = (await api.patch(path, json={"name": "Moon"})).json()["data"]

        assert (changed["name"], changed["archivedAt"]) == ("Moon", archived["archivedAt"])
        assert (await api.get(path)).json()["data"] == changed


class TestAChangeThatBreaksTheRecord:
    async def test_is_refused_as_a_whole(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, "Sun")
        path = f"/clients/{stored['clientId']}"

        answer = await api.patch(path, json={"name": None, "description": "new"})

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, ["name: is required"])
        assert (await api.get(path)).json()["data"] == stored


async def _is_waiting(platform: Platform) -> bool:
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%client%'"
    return bool(await platform.database.fetchval(query) == 1)
