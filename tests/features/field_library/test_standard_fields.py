"""The standard fields: what every library holds, and what cannot be done to them."""

from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.field_library.models import STANDARD_FIELDS
from leadsail.features.field_library.schemas import NewField
from leadsail.features.field_library.service import FieldService
from tests.conftest import TestTenant


async def keys(api: httpx2.AsyncClient) -> list[str]:
    """The keys that a list shows."""
    return [field["key"] for field in (await api.get("/field-library")).json()["data"]["fields"]]


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and message of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


class TestANewTenant:
    async def test_has_all_standard_fields(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/field-library")

        fields = answer.json()["data"]["fields"]
        assert {field["key"] for field in fields} == {field.key for field in STANDARD_FIELDS}
        assert all(field["isStandard"] and field["active"] for field in fields)
        assert "pagination" not in answer.json()["data"]

    async def test_finds_names_contact_consent_flags_and_clicks_among_them(self, api: httpx2.AsyncClient) -> None:
        found = await keys(api)

        wanted = {"first_name", "email", "phone", "address_zip", "tcpa_consent", "is_dnc", "gclid", "lead_id"}
        assert wanted <= set(found)

    async def test_reads_a_standard_field_whole(self, api: httpx2.AsyncClient) -> None:
        field = (await api.get("/field-library/country")).json()["data"]

        assert field == {
            "key": "country",
            "label": "Country",
            "category": "contact",
            "dataType": "string",
            "validationRules": {"required": False, "pattern": "^[A-Z]{2}$"},
            "isStandard": True,
            "active": True,
            "createdAt": field["createdAt"],
            "updatedAt": field["createdAt"],
        }

    async def test_gets_missing_standard_fields_only_once(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await api.patch("/field-library/gclid", json={"label": "Click"})

        async with platform.database.work(tenant.tenant_id, "test") as work:
            await platform.service(FieldService).add_standard_fields(work)

        assert (await api.get("/field-library/gclid")).json()["data"]["label"] == "Click"
        assert len(await keys(api)) == len(STANDARD_FIELDS)

    def test_could_have_created_every_standard_field_itself(self) -> None:
        """Each standard field obeys the shapes that a tenant's own field has to obey."""
        for field in STANDARD_FIELDS:
            body = {name: value for name, value in field.body().items() if name != "isStandard"}

            assert NewField.model_validate(body).model_dump(mode="json", by_alias=True) == body


class TestChangingAStandardField:
    async def test_allows_label_use_and_rules(self, api: httpx2.AsyncClient) -> None:
        change = {"label": "Handy", "active": False, "validationRules": {"required": False}}

        answer = await api.patch("/field-library/phone", json=change)

        field = answer.json()["data"]
        assert (field["label"], field["active"], field["isStandard"]) == ("Handy", False, True)
        assert field["validationRules"]["required"] is False
        assert field["validationRules"]["minLength"] == 10

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"category": "custom"}, "category"),
            ({"dataType": None}, "dataType"),
            ({"category": "system", "dataType": "number"}, "category and dataType"),
        ],
    )
    async def test_refuses_another_category_or_type(
        self, api: httpx2.AsyncClient, change: dict[str, Any], named: str
    ) -> None:
        answer = await api.patch("/field-library/phone", json=change | {"label": "Handy"})

        assert refusal(answer) == (
            409,
            "CONFLICT",
            f"phone is a standard field and its {named} cannot be changed; create a field of your own instead",
        )
        assert (await api.get("/field-library/phone")).headers["etag"] == '"1"'

    async def test_takes_the_same_category_and_type(self, api: httpx2.AsyncClient) -> None:
        answer = await api.patch("/field-library/phone", json={"category": "contact", "dataType": "string"})

        assert answer.status_code == 200

    async def test_refuses_to_archive_it(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/field-library/phone/archive")

        assert refusal(answer) == (
            409,
            "CONFLICT",
            "phone is a standard field and cannot be archived; set `active` to false to stop using it",
        )
        assert "phone" in await keys(api)
