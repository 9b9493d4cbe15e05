"""Flows: how conversations run, in YAML, with every version kept."""

from typing import Any

import httpx2
import pytest

GREETING = "start: greeting\nsteps:\n  greeting:\n    say: Hello!\n"
FAREWELL = "start: farewell\n"


async def create(api: httpx2.AsyncClient, **fields: Any) -> Any:
    """A stored flow."""
    answer = await api.post("/flows", json={"name": "First call", "yaml": GREETING} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def names(api: httpx2.AsyncClient, **query: str) -> list[str]:
    """The names that a list shows."""
    answer = await api.get("/flows", params=query)
    assert answer.status_code == 200, answer.text
    return [flow["name"] for flow in answer.json()["data"]["flows"]]


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    """Status, code and details of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("details", [])


class TestCreatingAFlow:
    async def test_answers_the_stored_flow_as_version_1(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/flows", json={"name": " First call ", "yaml": GREETING})

        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        stored = answer.json()["data"]
        assert stored["flowId"].startswith("flow_")
        assert stored == {
            "flowId": stored["flowId"],
            "name": "First call",
            "version": 1,
            "yaml": GREETING,
            "createdAt": stored["createdAt"],
            "updatedAt": stored["createdAt"],
        }

    async def test_can_be_read_back(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.get(f"/flows/{created['flowId']}")

        assert (answer.json()["data"], answer.headers["etag"]) == (created, '"1"')

    @pytest.mark.parametrize(
        ("wrong", "detail"),
        [
            ({"name": ""}, "name: string should have at least 1 character"),
            ({"yaml": 7}, "yaml: input should be a valid string"),
            ({"yaml": "#" * 200_001}, "yaml: string should have at most 200000 characters"),
            ({"version": 3}, "version: is not a field of this request"),
        ],
    )
    async def test_names_every_fault(self, api: httpx2.AsyncClient, wrong: dict[str, Any], detail: str) -> None:
        answer = await api.post("/flows", json={"name": "First call", "yaml": GREETING} | wrong)

        assert refusal(answer) == (400, "VALIDATION_ERROR", [detail])

    async def test_tells_where_the_yaml_is_wrong(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/flows", json={"name": "First call", "yaml": "start: greeting\nsteps: [1,\nend: }"})

        assert refusal(answer) == (
            400,
            "VALIDATION_ERROR",
            ["yaml: line 3, column 6: while parsing a flow node, did not find expected node content"],
        )
        assert await names(api) == []

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        new, headers = {"name": "First", "yaml": GREETING}, {"Idempotency-Key": "first"}

        first = await api.post("/flows", json=new, headers=headers)
        second = await api.post("/flows", json=new, headers=headers)

        assert second.json() == first.json()
        assert await names(api) == ["First"]


class TestListingFlows:
    async def test_shows_the_newest_first_in_pages(self, api: httpx2.AsyncClient) -> None:
        for number in range(3):
            await create(api, name=f"Flow {number}")

        answer = await api.get("/flows", params={"page": "2", "limit": "2"})

        assert answer.json()["data"]["pagination"] == {"total": 3, "page": 2, "limit": 2}
        assert await names(api, page="1", limit="2") == ["Flow 2", "Flow 1"]
        assert await names(api, page="2", limit="2") == ["Flow 0"]

    async def test_searches_the_name_in_any_case(self, api: httpx2.AsyncClient) -> None:
        await create(api, name="Solar")
        await create(api, name="Roofing")

        assert await names(api, search="sOL") == ["Solar"]

    async def test_shows_nothing_of_another_tenant(self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
        await create(api)

        assert await names(stranger, includeArchived="true") == []


class TestChangingAFlow:
    async def test_makes_a_new_version_of_another_text(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/flows/{created['flowId']}", json={"yaml": FAREWELL})

        changed = answer.json()["data"]
        assert changed == created | {"yaml": FAREWELL, "version": 2, "updatedAt": changed["updatedAt"]}

    @pytest.mark.parametrize("change", [{"name": "Renamed"}, {"yaml": GREETING}, {}])
    async def test_keeps_the_version_while_the_text_stays(
        self, api: httpx2.AsyncClient, change: dict[str, str]
    ) -> None:
        created = await create(api)

        answer = await api.patch(f"/flows/{created['flowId']}", json=change)

        assert answer.json()["data"]["version"] == 1
        assert answer.headers["etag"] == '"2"'

    @pytest.mark.parametrize("name", ["name", "yaml"])
    async def test_refuses_to_clear_what_is_required(self, api: httpx2.AsyncClient, name: str) -> None:
        created = await create(api)

        answer = await api.patch(f"/flows/{created['flowId']}", json={name: None})

        assert refusal(answer) == (400, "VALIDATION_ERROR", [f"{name}: is required"])

    async def test_keeps_the_old_text_when_the_new_is_refused(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/flows/{created['flowId']}", json={"yaml": "- a list"})

        assert refusal(answer)[2] == [
            "yaml: line 1, column 1: must be a mapping of names to values, such as `start: greeting`"
        ]
        assert (await api.get(f"/flows/{created['flowId']}")).json()["data"] == created

    async def test_refuses_a_change_of_an_older_state(self, api: httpx2.AsyncClient) -> None:
        path = f"/flows/{(await create(api))['flowId']}"
        await api.patch(path, json={"name": "Mine"}, headers={"If-Match": '"1"'})

        answer = await api.patch(path, json={"yaml": FAREWELL}, headers={"If-Match": '"1"'})

        assert refusal(answer) == (409, "CONFLICT", [])
        assert (await api.get(path)).json()["data"]["version"] == 1


class TestTheVersionsOfAFlow:
    async def test_are_listed_newest_first_in_pages(self, api: httpx2.AsyncClient) -> None:
        path = f"/flows/{(await create(api))['flowId']}"
        for yaml in (FAREWELL, GREETING):
            await api.patch(path, json={"yaml": yaml})

        whole = (await api.get(f"{path}/versions")).json()["data"]
        second = (await api.get(f"{path}/versions", params={"page": "2", "limit": "2"})).json()["data"]

        assert [entry["version"] for entry in whole["versions"]] == [3, 2, 1]
        assert all(entry.keys() == {"version", "createdAt"} for entry in whole["versions"])
        assert [entry["version"] for entry in second["versions"]] == [1]
        assert second["pagination"] == {"total": 3, "page": 2, "limit": 2}

    async def test_say_what_the_flow_said_then(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)
        path = f"/flows/{created['flowId']}"
        await api.patch(path, json={"yaml": FAREWELL})
        await api.patch(path, json={"name": "Renamed"})
        await api.post(f"{path}/archive")

        old = await api.get(f"{path}/versions/1")
        new = await api.get(f"{path}/versions/2")

        assert old.json()["data"] == {
            "flowId": created["flowId"],
            "version": 1,
            "yaml": GREETING,
            "createdAt": created["createdAt"],
        }
        assert (old.headers["etag"], new.headers["etag"]) == ('"1"', '"2"')
        assert new.json()["data"]["yaml"] == FAREWELL

    @pytest.mark.parametrize("version", ["2", "0", "-1", "01", "one", "1.0", "9999999999999999999999", "²"])
    async def test_that_never_were_are_not_found(self, api: httpx2.AsyncClient, version: str) -> None:
        created = await create(api)

        answer = await api.get(f"/flows/{created['flowId']}/versions/{version}")

        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


class TestArchivingAFlow:
    async def test_hides_it_until_it_is_fetched_back(self, api: httpx2.AsyncClient) -> None:
        path = f"/flows/{(await create(api))['flowId']}"

        archived = (await api.post(f"{path}/archive")).json()["data"]
        hidden, shown = await names(api), await names(api, includeArchived="true")
        fetched = (await api.post(f"{path}/unarchive")).json()["data"]

        assert (hidden, shown, await names(api)) == ([], ["First call"], ["First call"])
        assert ("archivedAt" in archived, "archivedAt" in fetched) == (True, False)
        assert (archived["version"], fetched["version"]) == (1, 1)


class TestAStranger:
    @pytest.mark.parametrize(
        ("method", "ending"),
        [
            ("GET", ""),
            ("PATCH", ""),
            ("POST", "/archive"),
            ("POST", "/unarchive"),
            ("GET", "/versions"),
            ("GET", "/versions/1"),
        ],
    )
    async def test_cannot_tell_a_foreign_flow_from_none(
        self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, method: str, ending: str
    ) -> None:
        flow_id = (await create(api))["flowId"]
        body = {"name": "Mine"} if method == "PATCH" else None

        theirs = await stranger.request(method, f"/flows/{flow_id}{ending}", json=body)
        unknown = await stranger.request(method, f"/flows/flow_0{ending}", json=body)

        assert (theirs.status_code, theirs.content) == (404, unknown.content)
