"""The client against the reference: every operation can be called as its code sample says, and sends what it shows."""

import asyncio
import json
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import unquote, urlsplit

import pytest

from leadsail.client import filters
from leadsail.client.shapes import wire_name
from tests.client.callers import waiting
from tests.client.lying_server import LyingServer, answer

Json = dict[str, Any]

_DOCUMENT = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())
_OPERATIONS = {
    operation["operationId"]: (path, method.upper(), operation)
    for path, methods in _DOCUMENT["paths"].items()
    if path.startswith("/api/v1")
    for method, operation in methods.items()
    if isinstance(operation, dict)
}
_FILTERS = {
    "listLeads": filters.LeadFilters,
    "listInteractions": filters.InteractionFilters,
    "listCampaigns": filters.CampaignFilters,
    "listPromptTemplates": filters.PromptTemplateFilters,
    "listFlows": filters.FlowFilters,
    "listFields": filters.FieldFilters,
    "listFlowVersions": filters.PageFilters,
    "listSubmissions": filters.PageFilters,
    "listHolds": filters.HoldFilters,
    "listConsents": filters.ConsentFilters,
    "listDoNotCall": filters.DoNotCallFilters,
    "listKeys": None,
    "listLeadConsents": None,
    "listLeadInteractions": None,
    "listRegistries": None,
}
"""What narrows each list; all others take the filters of ordinary records."""


@pytest.mark.parametrize("name", sorted(_OPERATIONS))
async def test_every_code_sample_runs_and_sends_what_it_shows(liar: LyingServer, name: str) -> None:
    path, method, operation = _OPERATIONS[name]
    liar.will(_documented_answer(operation))
    caller = waiting(liar.url)

    await asyncio.to_thread(_run, _sample(operation), caller.client)

    heard = liar.ledger[0]
    assert (heard.method, unquote(urlsplit(heard.target).path)) == (method, _filled(path, operation))
    assert (heard.json if heard.body else None) == _documented_body(operation)
    await caller.close()


@pytest.mark.parametrize("name", sorted(name for name in _OPERATIONS if name.startswith("list")))
def test_every_filter_of_a_list_can_be_given(name: str) -> None:
    _, _, operation = _OPERATIONS[name]
    offered = {each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query"}

    shape = _FILTERS.get(name, filters.RecordFilters)

    assert {wire_name(each) for each in (get_type_hints(shape) if shape else ())} == offered


def _sample(operation: Json) -> str:
    """What stands after the client was made."""
    source: str = next(each["source"] for each in operation["x-codeSamples"] if each["lang"] == "Python")
    return source.partition("client = LeadSail(")[2].partition("\n")[2]


def _run(sample: str, client: Any) -> None:
    exec(compile(sample, "sample", "exec"), {"client": client, "print": str})  # noqa: S102 - our own documentation


def _documented_answer(operation: Json) -> bytes:
    if "204" in operation["responses"]:
        return b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    status = next(status for status in operation["responses"] if status.startswith("2"))
    kind, content = next(iter(operation["responses"][status]["content"].items()))
    example: str | Json = content["example"]
    body = example.encode() if isinstance(example, str) else example
    return answer(int(status), body, content_type=kind)


def _documented_body(operation: Json) -> Json | None:
    content = operation.get("requestBody", {}).get("content", {})
    body: Json | None = content["application/json"]["example"] if content else None
    return body


def _filled(path: str, operation: Json) -> str:
    for each in operation.get("parameters", ()):
        if each.get("in") == "path":
            path = path.replace(f"{{{each['name']}}}", each["example"])
    return path
