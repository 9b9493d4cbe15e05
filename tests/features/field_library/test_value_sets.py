"""Value sets: shared lists of values that conditions compare with."""

from typing import Any

import httpx2
import pytest


async def create(api: httpx2.AsyncClient, **fields: Any) -> Any:
    """A stored value set."""
    answer = await api.post("/value-sets", json={"name": "States", "values": ["TX", "FL"]} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def names(api: httpx2.AsyncClient, **query: str) -> list[str]:
    """The names that a list shows."""
    answer = await api.get("/value-sets", params=query)
    assert answer.status_code == 200, answer.text
    return [value_set["name"] for value_set in answer.json()["data"]["valueSets"]]


class TestCreatingAValueSet:
    async def test_answers_the_stored_set_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/value-sets", json={"name": " States ", "values": [" TX ", "tx", "FL"]})

        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        stored = answer.json()["data"]
        assert stored["valueSetId"].startswith("vs_")
        assert stored == {
            "valueSetId": stored["valueSetId"],
            "name": "States",
            "values": ["TX", "tx", "FL"],
            "active": True,
            "createdAt": stored["createdAt"],
            "updatedAt": stored["createdAt"],
        }

    async def test_can_be_read_back(self, api: httpx2.AsyncClient) -> None:
        created = await create(api, values=[f"value {number}" for number in range(10_000)])

        answer = await api.get(f"/value-sets/{created['valueSetId']}")

        assert answer.json()["data"] == created
        assert len(created["values"]) == 10_000

    async def test_shows_an_empty_set_as_an_empty_array(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/value-sets", json={"name": "To be filled"})

        assert answer.json()["data"]["values"] == []

    @pytest.mark.parametrize(
        ("wrong", "details"),
        [
            ({"name": ""}, ["name: string should have at least 1 character"]),
            ({"values": "TX"}, ["values: input should be a valid list"]),
            ({"values": ["TX", "  "]}, ["values.1: string should have at least 1 character"]),
            ({"values": ["TX", "x" * 501]}, ["values.1: string should have at most 500 characters"]),
            (
                {"values": [str(number) for number in range(10_001)]},
                ["values: list should have at most 10000 items after validation, not 10001"],
            ),
            (
                {"values": ["TX", "FL", "TX ", "FL"]},
                [
                    "values.2: is the same as values.0; name each value once",
                    "values.3: is the same as values.1; name each value once",
                ],
            ),
            ({"colour": "red"}, ["colour: is not a field of this request"]),
        ],
    )
    async def test_names_every_fault(self, api: httpx2.AsyncClient, wrong: dict[str, Any], details: list[str]) -> None:
        answer = await api.post("/value-sets", json={"name": "States", "values": []} | wrong)

        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["details"]) == (400, "VALIDATION_ERROR", details)

    async def test_tells_of_at_most_twenty_repeated_values(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/value-sets", json={"name": "States", "values": ["TX"] * 1_000})

        assert len(answer.json()["error"]["details"]) == 20

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        headers = {"Idempotency-Key": "states"}

        first = await api.post("/value-sets", json={"name": "States"}, headers=headers)
        second = await api.post("/value-sets", json={"name": "States"}, headers=headers)

        assert second.json() == first.json()
        assert await names(api) == ["States"]


class TestListingValueSets:
    async def test_shows_the_newest_first_in_pages(self, api: httpx2.AsyncClient) -> None:
        for number in range(3):
            await create(api, name=f"Set {number}")

        answer = await api.get("/value-sets", params={"page": "1", "limit": "2"})

        assert answer.json()["data"]["pagination"] == {"total": 3, "page": 1, "limit": 2}
        assert await names(api, page="1", limit="2") == ["Set 2", "Set 1"]
        assert await names(api, page="2", limit="2") == ["Set 0"]

    async def test_searches_the_name_and_filters_by_use(self, api: httpx2.AsyncClient) -> None:
        await create(api, name="States we serve")
        await create(api, name="Lenders", active=False)

        assert await names(api, search="sTATES") == ["States we serve"]
        assert await names(api, active="false") == ["Lenders"]

    async def test_shows_nothing_of_another_tenant(self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
        await create(api)

        assert await names(stranger, includeArchived="true") == []


class TestChangingAValueSet:
    async def test_replaces_the_values_and_keeps_the_rest(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/value-sets/{created['valueSetId']}", json={"values": ["NY"]})

        changed = answer.json()["data"]
        assert changed == created | {"values": ["NY"], "updatedAt": changed["updatedAt"]}

    async def test_empties_the_values_for_null(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/value-sets/{created['valueSetId']}", json={"values": None})

        assert answer.json()["data"]["values"] == []

    async def test_refuses_repeated_values(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/value-sets/{created['valueSetId']}", json={"values": ["NY", "NY"]})

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["values.1: is the same as values.0; name each value once"]

    async def test_refuses_a_change_of_an_older_state(self, api: httpx2.AsyncClient) -> None:
        path = f"/value-sets/{(await create(api))['valueSetId']}"
        await api.patch(path, json={"name": "Mine"}, headers={"If-Match": '"1"'})

        answer = await api.patch(path, json={"name": "Theirs"}, headers={"If-Match": '"1"'})

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")
        assert await names(api) == ["Mine"]


class TestArchivingAValueSet:
    async def test_hides_it_until_it_is_fetched_back(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)
        path = f"/value-sets/{created['valueSetId']}"

        archived = (await api.post(f"{path}/archive")).json()["data"]
        hidden, shown = await names(api), await names(api, includeArchived="true")
        fetched = (await api.post(f"{path}/unarchive")).json()["data"]

        assert (hidden, shown, await names(api)) == ([], ["States"], ["States"])
        assert "archivedAt" in archived
        assert "archivedAt" not in fetched


class TestAStranger:
    @pytest.mark.parametrize(
        ("method", "ending"), [("GET", ""), ("PATCH", ""), ("POST", "/archive"), ("POST", "/unarchive")]
    )
    async def test_cannot_tell_a_foreign_set_from_none(
        self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, method: str, ending: str
    ) -> None:
        created = await create(api)
        body = {"name": "Mine"} if method == "PATCH" else None

        theirs = await stranger.request(method, f"/value-sets/{created['valueSetId']}{ending}", json=body)
        unknown = await stranger.request(method, f"/value-sets/vs_0{ending}", json=body)

        assert (theirs.status_code, theirs.content) == (404, unknown.content)
