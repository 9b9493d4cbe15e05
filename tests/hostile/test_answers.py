"""What every read really answers, held against the reference: its headers, its shape, and whose record it is."""

from typing import Any

import httpx2
import jsonschema
import pytest

from leadsail.entrypoints.reference.document import operations
from leadsail.entrypoints.reference.headers import HEADERS
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.hostile.world import DOCUMENT, World

READS = [
    pytest.param(path, operation, id=operation["operationId"])
    for path, method, operation in operations(DOCUMENT["paths"])
    if method == "get" and path.startswith("/api/v1/")
]
OF_ONE_RECORD = [read for read in READS if "{" in str(read.values[0])]


@pytest.mark.parametrize(("path", "operation"), READS)
async def test_a_read_answers_what_the_reference_says(
    api: httpx2.AsyncClient, world: World, path: str, operation: dict[str, Any]
) -> None:
    answer = await api.get(world.path(path))

    told = operation["responses"]["200"]
    assert answer.status_code == 200
    # The rate limit is off here, and nobody repeats a read.
    expected = told["headers"].keys() - {"RateLimit", "RateLimit-Policy"}
    assert {name for name in HEADERS if name in answer.headers} == expected
    if "application/json" in told["content"]:
        schema = told["content"]["application/json"]["schema"] | {"components": DOCUMENT["components"]}
        assert [fault.message for fault in jsonschema.Draft202012Validator(schema).iter_errors(answer.json())] == []


@pytest.mark.parametrize(("path", "operation"), OF_ONE_RECORD)
async def test_a_record_of_another_organisation_never_was(
    app: FrontDoor, new_tenant: NewTenant, world: World, path: str, operation: dict[str, Any]
) -> None:
    stranger = await new_tenant()
    fixed = {"X-Request-Id": "the-same"}

    async with client_of(app, stranger.key) as client:
        theirs = await client.get(world.path(path), headers=fixed)
        nobodys = await client.get(world.path(path)[:-1] + "~", headers=fixed)

    assert theirs.status_code == 404, operation["operationId"]
    assert (theirs.content, theirs.headers) == (nobodys.content, nobodys.headers)
