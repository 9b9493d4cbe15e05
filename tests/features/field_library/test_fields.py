"""The field library: the keys that a tenant's data goes by."""

from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.field_library.models import STANDARD_FIELDS
from leadsail.features.field_library.schemas import Field, NewField
from leadsail.features.field_library.service import FieldService
from leadsail.foundation.errors import Conflict
from tests.conftest import TestTenant

ROOF_AGE = {"key": "roof_age", "label": "Age of the roof", "category": "question", "dataType": "number"}


async def create(api: httpx2.AsyncClient, **fields: Any) -> Any:
    """A stored field."""
    answer = await api.post("/field-library", json=ROOF_AGE | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def keys(api: httpx2.AsyncClient, **query: str) -> list[str]:
    """The keys that a list shows."""
    answer = await api.get("/field-library", params=query)
    assert answer.status_code == 200, answer.text
    return [field["key"] for field in answer.json()["data"]["fields"]]


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    """Status, code and details of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("details", [])


class TestCreatingAField:
    async def test_answers_the_stored_field_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/field-library", json={"key": "nickname", "label": " Nickname "})

        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        field = answer.json()["data"]
        assert field == {
            "key": "nickname",
            "label": "Nickname",
            "category": "custom",
            "dataType": "string",
            "validationRules": {"required": False},
            "isStandard": False,
            "active": True,
            "createdAt": field["createdAt"],
            "updatedAt": field["createdAt"],
        }

    async def test_can_be_read_back_by_its_key(self, api: httpx2.AsyncClient) -> None:
        created = await create(api, validationRules={"min": 0, "max": 99.5, "required": True})

        answer = await api.get("/field-library/roof_age")

        assert (answer.json()["data"], answer.headers["etag"]) == (created, '"1"')
        assert created["validationRules"] == {"required": True, "min": 0, "max": 99.5}

    @pytest.mark.parametrize("key", ["roof_age", "email"])
    async def test_refuses_a_key_that_is_taken(self, api: httpx2.AsyncClient, key: str) -> None:
        await create(api)

        answer = await api.post("/field-library", json=ROOF_AGE | {"key": key})

        assert refusal(answer) == (409, "CONFLICT", [])
        assert answer.json()["error"]["message"].startswith(f"key {key} exists already")

    async def test_lets_two_tenants_use_the_same_key(
        self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient
    ) -> None:
        await create(api)

        theirs = await create(stranger, label="Roof")

        assert theirs["label"] == "Roof"

    async def test_names_every_fault_in_a_line_of_its_own(self, api: httpx2.AsyncClient) -> None:
        wrong = {
            "key": "RoofAge",
            "label": "",
            "category": "roof",
            "dataType": "text",
            "validationRules": {"minLength": -1, "longest": 3},
            "isStandard": True,
        }

        answer = await api.post("/field-library", json=wrong)

        assert refusal(answer) == (
            400,
            "VALIDATION_ERROR",
            [
                "label: string should have at least 1 character",
                (
                    "category: input should be 'question', 'file', 'system', 'contact', 'attribution', 'compliance',"
                    " 'flags' or 'custom'"
                ),
                (
                    "dataType: input should be 'string', 'number', 'boolean', 'date', 'datetime', 'array', 'object'"
                    " or 'file'"
                ),
                "validationRules.minLength: input should be greater than or equal to 0",
                "validationRules.longest: is not a field of this request",
                "key: string should match pattern '^[a-z][a-z0-9]*(_[a-z0-9]+)*$'",
                "isStandard: is not a field of this request",
            ],
        )

    @pytest.mark.parametrize(
        ("rules", "detail"),
        [
            ({"pattern": "("}, "validationRules.pattern: cannot be used as a regular expression: unclosed group"),
            (
                {"pattern": "(?=a)b"},
                (
                    "validationRules.pattern: cannot be used as a regular expression: look-around, including look-ahead"
                    " and look-behind, is not supported"
                ),
            ),
            (
                {"pattern": r"(a)\1"},
                "validationRules.pattern: cannot be used as a regular expression: backreferences are not supported",
            ),
            (
                {"pattern": "a{1000}{1000}"},
                (
                    "validationRules.pattern: cannot be used as a regular expression: Compiled regex exceeds size limit"
                    " of 10485760 bytes"
                ),
            ),
            ({"pattern": "a" * 201}, "validationRules.pattern: string should have at most 200 characters"),
            ({"minLength": 5, "maxLength": 4}, "validationRules.minLength: must not be larger than maxLength"),
            ({"min": 0.5, "max": 0}, "validationRules.min: must not be larger than max"),
        ],
    )
    async def test_refuses_rules_no_value_could_meet(
        self, api: httpx2.AsyncClient, rules: dict[str, Any], detail: str
    ) -> None:
        answer = await api.post("/field-library", json=ROOF_AGE | {"validationRules": rules})

        assert refusal(answer) == (400, "VALIDATION_ERROR", [detail])
        assert (await api.get("/field-library/roof_age")).status_code == 404

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        headers = {"Idempotency-Key": "field-1"}

        first = await api.post("/field-library", json=ROOF_AGE, headers=headers)
        second = await api.post("/field-library", json=ROOF_AGE, headers=headers)

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.json() == first.json()

    async def test_is_refused_when_the_library_is_full(self, platform: Platform, tenant: TestTenant) -> None:
        """The list is not paged, so a library must not grow without bound."""
        fields = FieldService(platform.clock, most=len(STANDARD_FIELDS) + 1)

        async def add(key: str) -> Field:
            async with platform.database.work(tenant.tenant_id, "test") as work:
                return (await fields.create(work, NewField(key=key, label="One more"))).value

        assert (await add("one_more")).key == "one_more"
        with pytest.raises(Conflict, match=r"^The field library is full: it holds \d+ fields; change one"):
            await add("too_many")


class TestListingFields:
    async def test_shows_the_newest_first(self, api: httpx2.AsyncClient) -> None:
        await create(api)

        assert (await keys(api))[0] == "roof_age"

    async def test_shows_one_category_only(self, api: httpx2.AsyncClient) -> None:
        await create(api, category="flags")

        found = await keys(api, category="flags")

        assert sorted(found) == ["is_dnc", "is_duplicate", "is_imported", "is_test", "roof_age"]

    async def test_shows_only_fields_in_use(self, api: httpx2.AsyncClient) -> None:
        await create(api, active=False)

        assert "roof_age" not in await keys(api, active="true")
        assert await keys(api, active="false") == ["roof_age"]

    @pytest.mark.parametrize("text", ["ROOF_", "of the Roof"])
    async def test_searches_key_and_label_in_any_case(self, api: httpx2.AsyncClient, text: str) -> None:
        await create(api)

        assert await keys(api, search=text) == ["roof_age"]

    @pytest.mark.parametrize("text", ["%", "roof\\", "roof%age"])
    async def test_searches_signs_for_themselves(self, api: httpx2.AsyncClient, text: str) -> None:
        await create(api)

        assert await keys(api, search=text) == []

    async def test_hides_archived_fields_unless_asked(self, api: httpx2.AsyncClient) -> None:
        await create(api)
        await api.post("/field-library/roof_age/archive")

        assert "roof_age" not in await keys(api)
        assert "roof_age" in await keys(api, includeArchived="true")

    async def test_shows_nothing_of_another_tenant(self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
        await create(api)

        assert "roof_age" not in await keys(stranger)

    @pytest.mark.parametrize(
        ("query", "detail"),
        [
            ({"active": "yes"}, 'active: must be "true" or "false"'),
            ({"includeArchived": "1"}, 'includeArchived: must be "true" or "false"'),
            (
                {"category": "roof"},
                (
                    "category: input should be 'question', 'file', 'system', 'contact', 'attribution', 'compliance',"
                    " 'flags' or 'custom'"
                ),
            ),
            ({"search": "x" * 201}, "search: string should have at most 200 characters"),
        ],
    )
    async def test_refuses_a_filter_it_cannot_read(
        self, api: httpx2.AsyncClient, query: dict[str, str], detail: str
    ) -> None:
        answer = await api.get("/field-library", params=query)

        assert refusal(answer) == (400, "VALIDATION_ERROR", [detail])


class TestReadingAField:
    @pytest.mark.parametrize("key", ["roof_age", "no_such_field", "NOT SNAKE", "ключ"])
    async def test_tells_a_stranger_nothing(
        self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, key: str
    ) -> None:
        await create(api)

        theirs = await stranger.get(f"/field-library/{key}")
        unknown = await stranger.get("/field-library/never_was")

        assert (theirs.status_code, theirs.content) == (404, unknown.content)


class TestChangingAField:
    async def test_keeps_what_is_absent_and_merges_rules(self, api: httpx2.AsyncClient) -> None:
        before = await create(api, validationRules={"required": True, "min": 0, "max": 50})

        answer = await api.patch("/field-library/roof_age", json={"validationRules": {"max": 80, "min": None}})

        after = answer.json()["data"]
        assert after == before | {
            "validationRules": {"required": True, "max": 80},
            "updatedAt": after["updatedAt"],
        }
        assert answer.headers["etag"] == '"2"'

    async def test_falls_back_to_the_default_for_null(self, api: httpx2.AsyncClient) -> None:
        await create(api, active=False, validationRules={"required": True})

        answer = await api.patch(
            "/field-library/roof_age", json={"category": None, "active": None, "validationRules": None}
        )

        field = answer.json()["data"]
        assert (field["category"], field["active"], field["validationRules"]) == (
            "custom",
            True,
            {"required": False},
        )

    async def test_refuses_to_clear_the_label(self, api: httpx2.AsyncClient) -> None:
        await create(api)

        answer = await api.patch("/field-library/roof_age", json={"label": None})

        assert refusal(answer) == (400, "VALIDATION_ERROR", ["label: is required"])

    async def test_judges_rules_together_with_those_that_stay(self, api: httpx2.AsyncClient) -> None:
        await create(api, validationRules={"max": 50})

        answer = await api.patch("/field-library/roof_age", json={"validationRules": {"min": 51}})

        assert refusal(answer) == (
            400,
            "VALIDATION_ERROR",
            ["validationRules.min: must not be larger than max"],
        )

    @pytest.mark.parametrize("name", ["key", "isStandard", "createdAt"])
    async def test_refuses_what_is_not_the_clients_to_set(self, api: httpx2.AsyncClient, name: str) -> None:
        await create(api)

        answer = await api.patch("/field-library/roof_age", json={name: "other"})

        assert refusal(answer) == (400, "VALIDATION_ERROR", [f"{name}: is not a field of this request"])

    async def test_refuses_a_change_of_an_older_state(self, api: httpx2.AsyncClient) -> None:
        await create(api)
        await api.patch("/field-library/roof_age", json={"label": "Mine"}, headers={"If-Match": '"1"'})

        answer = await api.patch("/field-library/roof_age", json={"label": "Theirs"}, headers={"If-Match": '"1"'})

        assert refusal(answer) == (409, "CONFLICT", [])
        assert (await api.get("/field-library/roof_age")).json()["data"]["label"] == "Mine"

    async def test_tells_a_stranger_nothing(self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
        await create(api)

        theirs = await stranger.patch("/field-library/roof_age", json={"label": "Mine"})
        unknown = await stranger.patch("/field-library/never_was", json={"label": "Mine"})

        assert (theirs.status_code, theirs.content) == (404, unknown.content)


class TestArchivingAField:
    async def test_marks_it_and_unarchiving_clears_the_mark(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        archived = (await api.post("/field-library/roof_age/archive")).json()["data"]
        fetched = (await api.post("/field-library/roof_age/unarchive")).json()["data"]

        assert archived["archivedAt"].endswith("Z")
        assert fetched == created | {"updatedAt": fetched["updatedAt"]}
        assert "roof_age" in await keys(api)

    async def test_changes_nothing_the_second_time(self, api: httpx2.AsyncClient) -> None:
        await create(api)

        first = await api.post("/field-library/roof_age/archive")
        second = await api.post("/field-library/roof_age/archive")

        assert (second.json(), second.headers["etag"]) == (first.json(), first.headers["etag"])

    @pytest.mark.parametrize("action", ["archive", "unarchive"])
    async def test_tells_a_stranger_nothing(
        self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, action: str
    ) -> None:
        await create(api)

        theirs = await stranger.post(f"/field-library/roof_age/{action}")
        unknown = await stranger.post(f"/field-library/never_was/{action}")

        assert (theirs.status_code, theirs.content) == (404, unknown.content)
