"""Prompt templates: what agents are told before they talk, checked when it is saved."""

from typing import Any

import httpx2
import pytest

GREETING = "Hello {{ lead.firstName }}, this is {{ agent.name }} from {{ client.name }}."


async def create(api: httpx2.AsyncClient, **fields: Any) -> Any:
    """A stored prompt template."""
    answer = await api.post(
        "/prompt-templates", json={"name": "First call", "kind": "voice", "body": GREETING} | fields
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def names(api: httpx2.AsyncClient, **query: str) -> list[str]:
    """The names that a list shows."""
    answer = await api.get("/prompt-templates", params=query)
    assert answer.status_code == 200, answer.text
    return [template["name"] for template in answer.json()["data"]["promptTemplates"]]


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    """Status, code and details of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("details", [])


class TestCreatingAPromptTemplate:
    async def test_answers_the_stored_template_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/prompt-templates", json={"name": " First call ", "kind": "voice", "body": GREETING})

        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        stored = answer.json()["data"]
        assert stored["promptTemplateId"].startswith("tmpl_")
        assert stored == {
            "promptTemplateId": stored["promptTemplateId"],
            "name": "First call",
            "kind": "voice",
            "body": GREETING,
            "active": True,
            "createdAt": stored["createdAt"],
            "updatedAt": stored["createdAt"],
        }

    async def test_can_be_read_back(self, api: httpx2.AsyncClient) -> None:
        created = await create(api, kind="sms", active=False)

        answer = await api.get(f"/prompt-templates/{created['promptTemplateId']}")

        assert (answer.json()["data"], answer.headers["etag"]) == (created, '"1"')

    async def test_may_name_every_documented_variable(self, api: httpx2.AsyncClient) -> None:
        body = (
            "{{ lead.address.city }} {{ lead.tags.first }} {{ campaign.name }} {{ client.abbrev }} {{ offer.name }}"
            " {{ agent.description }} {{ questionnaire.any_key }} {{ custom.any_key }} {{ call_direction }}"
            " {{ contact_type }} {{ now | date: '%H:%M' }}"
            "{% for item in known_information %}{{ item.question }} {{ item.answer }}{% endfor %}"
            "{% for item in information_to_collect %}{{ item.question }} {{ item.required }}{% endfor %}"
        )

        created = await create(api, body=body)

        assert created["body"] == body

    async def test_tells_each_fault_of_the_template_with_its_place(self, api: httpx2.AsyncClient) -> None:
        body = "Hello {{ lead.firstNam }},\n{% if now %}it is {{ tomorrow }}."

        answer = await api.post("/prompt-templates", json={"name": "First call", "kind": "voice", "body": body})

        status, code, details = refusal(answer)
        assert (status, code) == (400, "VALIDATION_ERROR")
        assert details[0].startswith("body: line 1, column 10: `lead` has no `firstNam`")
        assert details[1].startswith("body: line 2, column 1: `if` is never closed")
        assert details[2].startswith("body: line 2, column 22: there is no variable `tomorrow`")
        assert await names(api) == []

    @pytest.mark.parametrize(
        ("wrong", "detail"),
        [
            ({"name": ""}, "name: string should have at least 1 character"),
            ({"kind": "email"}, "kind: input should be 'voice' or 'sms'"),
            ({"body": None}, "body: input should be a valid string"),
            ({"body": "x" * 65_537}, "body: string should have at most 65536 characters"),
            ({"text": "Hello"}, "text: is not a field of this request"),
        ],
    )
    async def test_names_every_fault(self, api: httpx2.AsyncClient, wrong: dict[str, Any], detail: str) -> None:
        answer = await api.post("/prompt-templates", json={"name": "First", "kind": "voice", "body": "Hi"} | wrong)

        assert refusal(answer) == (400, "VALIDATION_ERROR", [detail])

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        new, headers = {"name": "First", "kind": "voice", "body": "Hi"}, {"Idempotency-Key": "first"}

        first = await api.post("/prompt-templates", json=new, headers=headers)
        second = await api.post("/prompt-templates", json=new, headers=headers)

        assert second.json() == first.json()
        assert await names(api) == ["First"]


class TestListingPromptTemplates:
    async def test_shows_the_newest_first_in_pages(self, api: httpx2.AsyncClient) -> None:
        for number in range(3):
            await create(api, name=f"Call {number}")

        answer = await api.get("/prompt-templates", params={"page": "2", "limit": "2"})

        assert answer.json()["data"]["pagination"] == {"total": 3, "page": 2, "limit": 2}
        assert await names(api, page="1", limit="2") == ["Call 2", "Call 1"]
        assert await names(api, page="2", limit="2") == ["Call 0"]

    async def test_filters_by_kind_use_and_name(self, api: httpx2.AsyncClient) -> None:
        await create(api, name="Call")
        await create(api, name="Text", kind="sms")
        await create(api, name="Old text", kind="sms", active=False)

        assert await names(api, kind="voice") == ["Call"]
        assert await names(api, kind="sms", active="true") == ["Text"]
        assert await names(api, search="TEXT") == ["Old text", "Text"]

    async def test_refuses_an_unknown_kind(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/prompt-templates", params={"kind": "email"})

        assert refusal(answer) == (400, "VALIDATION_ERROR", ["kind: input should be 'voice' or 'sms'"])

    async def test_shows_nothing_of_another_tenant(self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient) -> None:
        await create(api)

        assert await names(stranger, includeArchived="true") == []


class TestChangingAPromptTemplate:
    async def test_keeps_what_is_absent(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/prompt-templates/{created['promptTemplateId']}", json={"body": "Hi!"})

        changed = answer.json()["data"]
        assert changed == created | {"body": "Hi!", "updatedAt": changed["updatedAt"]}
        assert answer.headers["etag"] == '"2"'

    async def test_checks_the_template_again(self, api: httpx2.AsyncClient) -> None:
        created = await create(api)

        answer = await api.patch(f"/prompt-templates/{created['promptTemplateId']}", json={"body": "{{ 7*7 }}"})

        status, code, details = refusal(answer)
        assert (status, code) == (400, "VALIDATION_ERROR")
        assert details[0].startswith("body: line 1, column ")

    @pytest.mark.parametrize("name", ["name", "kind", "body"])
    async def test_refuses_to_clear_what_is_required(self, api: httpx2.AsyncClient, name: str) -> None:
        created = await create(api)

        answer = await api.patch(f"/prompt-templates/{created['promptTemplateId']}", json={name: None})

        assert refusal(answer) == (400, "VALIDATION_ERROR", [f"{name}: is required"])

    async def test_refuses_a_change_of_an_older_state(self, api: httpx2.AsyncClient) -> None:
        path = f"/prompt-templates/{(await create(api))['promptTemplateId']}"
        await api.patch(path, json={"name": "Mine"}, headers={"If-Match": '"1"'})

        answer = await api.patch(path, json={"name": "Theirs"}, headers={"If-Match": '"1"'})

        assert refusal(answer) == (409, "CONFLICT", [])
        assert await names(api) == ["Mine"]


class TestArchivingAPromptTemplate:
    async def test_hides_it_until_it_is_fetched_back(self, api: httpx2.AsyncClient) -> None:
        path = f"/prompt-templates/{(await create(api))['promptTemplateId']}"

        archived = (await api.post(f"{path}/archive")).json()["data"]
        hidden, shown = await names(api), await names(api, includeArchived="true")
        fetched = (await api.post(f"{path}/unarchive")).json()["data"]

        assert (hidden, shown, await names(api)) == ([], ["First call"], ["First call"])
        assert "archivedAt" in archived
        assert "archivedAt" not in fetched


class TestPreviewingAPromptTemplate:
    async def test_renders_with_sample_variables(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/prompt-template-previews", json={"body": GREETING})

        assert answer.status_code == 200
        assert answer.json()["data"] == {"text": "Hello Ann, this is Sam from Sunny Solar."}

    async def test_replaces_the_samples_that_are_given(self, api: httpx2.AsyncClient) -> None:
        """The rest of a group stays; `null` takes a sample away, to see what a lead without it would hear."""
        variables = {"lead": {"firstName": "Zoë", "lastName": None}, "questionnaire": {"roof_age": 30}}
        body = (
            "{{ lead.firstName }} {{ lead.lastName | default: 'friend' }} {{ lead.email }} {{ questionnaire.roof_age }}"
        )

        answer = await api.post("/prompt-template-previews", json={"body": body, "variables": variables})

        assert answer.json()["data"]["text"] == "Zoë friend ann.lee@example.com 30"

    async def test_has_a_sample_for_every_variable(self, api: httpx2.AsyncClient) -> None:
        body = (
            "{% for tag in lead.tags %}{{ tag }}{% endfor %}|{{ now | date: '%Y' }}|{{ lead.address.zip }}|"
            "{% for item in known_information %}{{ item.question }} {{ item.answer }}{% endfor %}|"
            "{% for item in information_to_collect %}{{ item.question }}{% endfor %}|{{ call_direction }}|"
            "{{ contact_type }}|{{ campaign.campaignId }}|{{ offer.abbrev }}|{{ agent.description }}"
        )

        answer = await api.post("/prompt-template-previews", json={"body": body})

        assert all(answer.json()["data"]["text"].split("|"))

    async def test_tells_the_faults_that_saving_would_tell(self, api: httpx2.AsyncClient) -> None:
        body = "{{ leed.firstName }}\n{{ now | upcse }}"

        tried = await api.post("/prompt-template-previews", json={"body": body})
        saved = await api.post("/prompt-templates", json={"name": "First", "kind": "voice", "body": body})

        assert tried.status_code == 400
        assert len(tried.json()["error"]["details"]) == 2
        assert tried.json()["error"] == saved.json()["error"]

    async def test_refuses_variables_that_no_template_can_name(self, api: httpx2.AsyncClient) -> None:
        variables = {"lead": {"frstName": "Zoë", "email": {"home": "z@example.com"}}, "weather": "fine"}

        answer = await api.post("/prompt-template-previews", json={"body": "Hi", "variables": variables})

        assert refusal(answer) == (
            400,
            "VALIDATION_ERROR",
            [
                "variables.lead.frstName: `lead` has no `frstName`; did you mean `lead.firstName`?",
                "variables.lead.email.home: `lead.email` is a single value and has no `home`",
                "variables.weather: there is no variable `weather`",
            ],
        )

    async def test_stops_a_template_that_costs_too_much(self, api: httpx2.AsyncClient) -> None:
        body = "{% for a in (1..1000) %}\n{% for b in (1..1000) %}x{% endfor %}{% endfor %}"

        answer = await api.post("/prompt-template-previews", json={"body": body})

        status, code, details = refusal(answer)
        assert (status, code, len(details)) == (400, "VALIDATION_ERROR", 1)
        assert details[0].startswith("body: line ")

    async def test_stores_nothing(self, api: httpx2.AsyncClient) -> None:
        await api.post("/prompt-template-previews", json={"body": GREETING})

        assert await names(api, includeArchived="true") == []


class TestAStranger:
    @pytest.mark.parametrize(
        ("method", "ending"), [("GET", ""), ("PATCH", ""), ("POST", "/archive"), ("POST", "/unarchive")]
    )
    async def test_cannot_tell_a_foreign_template_from_none(
        self, api: httpx2.AsyncClient, stranger: httpx2.AsyncClient, method: str, ending: str
    ) -> None:
        template_id = (await create(api))["promptTemplateId"]
        body = {"name": "Mine"} if method == "PATCH" else None

        theirs = await stranger.request(method, f"/prompt-templates/{template_id}{ending}", json=body)
        unknown = await stranger.request(method, f"/prompt-templates/tmpl_0{ending}", json=body)

        assert (theirs.status_code, theirs.content) == (404, unknown.content)
