"""The reference: complete, true to the code, and usable by programs and by people."""

import ast
import inspect
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, get_args, get_origin, get_type_hints

import httpx2
import jsonschema
import orjson
import pytest
from fastapi.routing import iter_route_contexts
from typing_extensions import Unpack

from leadsail.client import LeadSail
from leadsail.entrypoints.api import framework
from leadsail.entrypoints.reference.document import describe, operations
from leadsail.entrypoints.reference.stories import REQUESTS
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import client_of

Json = dict[str, Any]

DOCUMENT = describe(framework(), "http://127.0.0.1:8000")
OPERATIONS = list(operations(DOCUMENT["paths"]))
OF_API = [(path, method, operation) for path, method, operation in OPERATIONS if path.startswith("/api/v1/")]


def referred(part: Json) -> Json:
    """The component that `part` refers to, or itself."""
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def answers() -> Iterator[tuple[str, str, str, Json]]:
    """Every answer of every operation: path, method, status, response."""
    for path, method, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            yield path, method, status, referred(answer)


def calls_the_client(source: str) -> bool:
    """Whether the Python client has what a code sample calls, with those arguments."""
    client = LeadSail("http://127.0.0.1:1", api_key="ls_test_none")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("client."):
            called = attrgetter(ast.unparse(node.func).removeprefix("client."))(client)
            names = [keyword.arg for keyword in node.keywords if keyword.arg]
            inspect.signature(called).bind(*node.args, **dict.fromkeys(names))
            hints = get_type_hints(called, include_extras=True).values()
            taken = [get_args(hint)[0] for hint in hints if get_origin(hint) is Unpack]
            return all(name in kind.__required_keys__ | kind.__optional_keys__ for kind in taken for name in names)
    return False


def faults(schema: Json, value: Any) -> list[str]:
    """What is wrong with `value`."""
    whole = schema | {"components": DOCUMENT["components"]}
    validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]


class TestTheDocument:
    async def test_is_served_without_a_key(self, app: FrontDoor) -> None:
        async with client_of(app, None) as client:
            answer = await client.get("http://leadsail.test/openapi.json")

        assert answer.status_code == 200
        assert answer.json() == orjson.loads(orjson.dumps(DOCUMENT))

    async def test_is_not_sent_twice_to_whoever_has_it(self, app: FrontDoor) -> None:
        async with client_of(app, None) as client:
            first = await client.get("http://leadsail.test/openapi.json")
            tag = {"If-None-Match": first.headers["etag"]}

            second = await client.get("http://leadsail.test/openapi.json", headers=tag)

        assert (second.status_code, second.content) == (304, b"")

    def test_says_where_this_installation_is_reached(self) -> None:
        document = describe(framework(), "https://leads.example.com")

        assert document["servers"] == [{"url": "https://leads.example.com", "description": "This installation"}]
        assert "https://leads.example.com/api/v1/clients" in str(document["paths"]["/api/v1/clients"])

    def test_is_openapi_3_1_under_the_products_licence(self) -> None:
        assert DOCUMENT["openapi"].startswith("3.1.")
        assert DOCUMENT["info"]["license"]["identifier"] == "Apache-2.0"

    def test_holds_every_route_of_the_api(self) -> None:
        routes = [context for context in iter_route_contexts(framework().routes) if context.methods]

        told = {(path, method.upper()) for path, method, _ in OF_API}
        assert told == {(context.path, method) for context in routes for method in context.methods or ()}

    def test_refers_to_nothing_that_is_missing(self) -> None:
        def references(node: Any) -> Iterator[str]:
            if isinstance(node, dict):
                yield from (value for key, value in node.items() if key == "$ref")
                node = list(node.values())
            if isinstance(node, list):
                for item in node:
                    yield from references(item)

        names = set(references(DOCUMENT))

        assert names
        assert all(referred({"$ref": name}) for name in names)


class TestAnOperation:
    @pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
    def test_is_named_summed_up_and_described(self, path: str, method: str, operation: Json) -> None:
        assert operation["operationId"].isidentifier(), (path, method)
        assert operation["operationId"][0].islower()
        assert operation["summary"]
        assert operation["description"]

    def test_has_a_name_of_its_own(self) -> None:
        names = [operation["operationId"] for _, _, operation in OPERATIONS]

        assert len(set(names)) == len(names)

    def test_stands_under_a_heading_that_is_explained(self) -> None:
        headings = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}

        assert {tag for _, _, operation in OPERATIONS for tag in operation["tags"]} == headings

    def test_needs_a_key_with_a_scope(self) -> None:
        scheme = DOCUMENT["components"]["securitySchemes"]["ApiKeyAuth"]

        assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "X-API-Key")
        scopes = {operation["operationId"]: operation["security"][0]["ApiKeyAuth"] for _, _, operation in OF_API}
        assert (scopes["readInteraction"], scopes["createLead"], scopes["createKey"]) == (
            ["read"],
            ["write"],
            ["admin"],
        )
        assert all(len(needed) == 1 for needed in scopes.values())

    def test_shows_code_in_three_languages(self) -> None:
        for path, method, operation in OF_API:
            curl, python, javascript = (sample["source"] for sample in operation["x-codeSamples"])
            assert calls_the_client(python), (method, path)
            assert curl.startswith("curl ")
            assert "$LEADSAIL_API_KEY" in curl
            assert "fetch(" in javascript

    def test_takes_an_idempotency_key_where_it_is_a_post(self) -> None:
        for path, method, operation in OF_API:
            names = [referred(parameter)["name"] for parameter in operation.get("parameters", ())]
            assert ("Idempotency-Key" in names) == (method == "post"), path

    def test_takes_query_parameters_as_text(self) -> None:
        for path, _, operation in OF_API:
            for parameter in map(referred, operation.get("parameters", ())):
                assert parameter["schema"].get("type") == "string", (path, parameter["name"])


class TestAnAnswer:
    @pytest.mark.parametrize("status", ["400", "401", "403", "429", "503"])
    def test_may_be_any_of_the_common_refusals(self, status: str) -> None:
        assert all(status in operation["responses"] for _, _, operation in OF_API)

    def test_is_never_the_frameworks_own_refusal(self) -> None:
        assert "HTTPValidationError" not in str(DOCUMENT)

    def test_that_refuses_is_the_failure_with_an_example(self) -> None:
        for path, method, status, answer in answers():
            if status >= "400":
                content = answer["content"]["application/json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Failure"}, (path, method, status)
                assert content["examples"], (path, method, status)

    def test_that_asks_for_patience_says_how_much(self) -> None:
        for path, method, status, answer in answers():
            if status in ("429", "503"):
                assert "Retry-After" in answer["headers"], (path, method)

    def test_always_names_the_request(self) -> None:
        for path, method, status, answer in answers():
            assert "X-Request-Id" in answer["headers"], (path, method, status)

    def test_tells_the_entity_tag_of_a_single_record(self) -> None:
        headers = {name: DOCUMENT["paths"][name]["get"]["responses"]["200"]["headers"] for name in (
            "/api/v1/clients/{clientId}", "/api/v1/interactions/{interactionId}", "/api/v1/clients",
        )}  # fmt: skip

        assert ["ETag" in found for found in headers.values()] == [True, True, False]

    def test_names_ignored_fields_where_some_may_be(self) -> None:
        told = {
            operation["operationId"]
            for _, _, operation in OF_API
            if any("X-Ignored-Fields" in answer.get("headers", {}) for answer in operation["responses"].values())
        }

        assert told == {"createLead", "changeLead"}


class TestAShape:
    def test_of_ours_refuses_unknown_fields(self) -> None:
        assert DOCUMENT["components"]["schemas"]["NewClient"]["additionalProperties"] is False

    def test_of_an_answer_shows_null_only_where_the_contract_does(self) -> None:
        lead = DOCUMENT["components"]["schemas"]["Lead"]

        nullable = {name for name, field in lead["properties"].items() if "null" in str(field)}
        assert nullable == {"latestSubmittedAt", "lastActivityAt", "deliveredAt"}

    def test_of_an_answer_requires_what_is_never_left_out(self) -> None:
        lead = DOCUMENT["components"]["schemas"]["Lead"]

        assert {"leadId", "notes", "tags", "flags", "createdAt"} <= set(lead["required"])
        assert "dateOfBirth" not in lead["required"]


class TestAnExample:
    def test_of_an_answer_fits_its_schema(self) -> None:
        for path, method, status, answer in answers():
            for content in answer.get("content", {}).values():
                shown = [content["example"]] if "example" in content else []
                shown += [example["value"] for example in content.get("examples", {}).values()]
                assert shown, (path, method, status)
                for example in shown:
                    assert faults(content["schema"], example) == [], (path, method, status)

    def test_of_an_answer_leaves_nothing_to_be_filled_in(self) -> None:
        for path, method, _, answer in answers():
            assert '"…"' not in orjson.dumps(answer).decode(), (path, method)

    @pytest.mark.parametrize(("path", "method", "operation"), [entry for entry in OF_API if "requestBody" in entry[2]])
    def test_of_a_request_fits_its_schema(self, path: str, method: str, operation: Json) -> None:
        content = operation["requestBody"]["content"]["application/json"]

        assert operation["operationId"] in REQUESTS, f"tell a story for {method} {path} in reference/stories.py"
        assert faults(content["schema"], content["example"]) == []

    async def test_of_a_request_is_accepted(self, api: httpx2.AsyncClient) -> None:
        """References are to records that this tenant does not have, so only a line that says so may come back."""
        for path, method, operation in OF_API:
            if method == "post" and "requestBody" in operation:
                body = operation["requestBody"]["content"]["application/json"]["example"]

                parameters = [referred(one) for one in operation.get("parameters", ())]
                needed = {one["name"]: one for one in parameters if one["required"]}
                query = {name: one["example"] for name, one in needed.items() if one["in"] == "query"}
                named = path.removeprefix("/api/v1").format(**{name: one["example"] for name, one in needed.items()})

                answer = await api.post(named, json=body, params=query)

                if "{" in path and answer.status_code == 404:
                    continue  # What is acted on is not there either.
                lines = [] if answer.is_success else answer.json()["error"].get("details", [answer.text])
                assert all("no such" in line or "not a record" in line for line in lines), (path, lines)
