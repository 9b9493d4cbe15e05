"""Every route of the API, asked for another tenant's records: the answer is the one for an id that never was."""

import re

import httpx2
import pytest
from fastapi.routing import APIRoute

from leadsail.entrypoints.api import FEATURES
from leadsail.foundation.ids import new_id
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import client_of
from tests.isolation.world import CANARY, World

# Paths with a word in braces that is a choice, and no id of anybody's.
CHOICES = frozenset({"/registries/{registry}/files"})
ROUTES = sorted(
    (method, route.path)
    for routes in FEATURES
    for route in routes.routes
    if isinstance(route, APIRoute) and "{" in route.path and route.path not in CHOICES
    for method in route.methods or ()
)
LISTS = sorted(
    route.path
    for routes in FEATURES
    for route in routes.routes
    if isinstance(route, APIRoute)
    and "{" not in route.path
    and "GET" in (route.methods or ())
    and route.path != "/tenant"
)
# Further parameters of a path, with a value that the other tenant's record has.
FURTHER = {"{version}": "1"}
# What an action needs to be told, without which it would be refused before the record is looked for.
BODIES = {
    ("POST", "/consents/{consentId}/withdraw"): {"reason": "Asked"},
    ("DELETE", "/do-not-call/{entryId}"): {"reason": "Asked", "evidence": {"by": "letter"}},
}

Told = tuple[int, bytes, list[tuple[str, str]]]


class TestEveryRouteWithAnId:
    def test_is_known_here(self, world: World) -> None:
        """A route with a new kind of id has to be furnished in `world`."""
        assert {path for _, path in ROUTES if _furnished(world, path) is None} == set()

    @pytest.mark.parametrize(("method", "path"), ROUTES)
    async def test_answers_a_foreign_id_like_one_that_never_was(
        self, outside: httpx2.AsyncClient, world: World, method: str, path: str
    ) -> None:
        foreign = _furnished(world, path) or ""

        theirs = await _told(outside, method, path, foreign)
        unknown = await _told(outside, method, path, _unknown_like(foreign))

        assert theirs == unknown
        assert theirs[0] == 404

    @pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "{leadId}" in route[1]])
    async def test_answers_an_erased_id_like_one_that_never_was(
        self, app: FrontDoor, world: World, method: str, path: str
    ) -> None:
        async with client_of(app, world.tenant.key) as theirs:
            theirs.headers["X-Request-Id"] = "same"
            erased = await _told(theirs, method, path, world.erased_lead_id)
            unknown = await _told(theirs, method, path, new_id("lead"))

        assert erased == unknown
        assert erased[0] == 404


class TestTheOwnerOfThoseIds:
    @pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "GET" and "/events" not in path])
    async def test_reads_them(self, app: FrontDoor, world: World, path: str) -> None:
        """Else the tests above would compare two ids that nobody has."""
        async with client_of(app, world.tenant.key) as theirs:
            answer = await theirs.get(_filled(path, _furnished(world, path) or ""))

        assert answer.status_code == 200


class TestEveryList:
    @pytest.mark.parametrize("path", LISTS)
    async def test_shows_nothing_of_another_tenant(self, outside: httpx2.AsyncClient, world: World, path: str) -> None:
        answer = await outside.get(path, params={"includeArchived": "true"} if path != "/leads" else {})

        assert answer.status_code == 200
        assert CANARY not in answer.text
        # A campaign's code is short and each tenant's own, so it may come up by chance.
        ids = [text for text in world.ids.values() if len(text) > 10]
        assert not [text for text in ids if text in answer.text]

    @pytest.mark.parametrize(
        ("path", "parameter", "of"),
        [
            ("/leads", "campaignIds", "/campaigns/{campaignId}"),
            ("/leads", "clientIds", "/clients/{clientId}"),
            ("/leads", "offerIds", "/offers/{offerId}"),
            ("/leads", "search", "/leads/{leadId}"),
            ("/leads", "cursor", "/leads/{leadId}"),
            ("/interactions", "leadId", "/leads/{leadId}"),
            ("/interactions", "campaignIds", "/campaigns/{campaignId}"),
            ("/interactions", "cursor", "/interactions/{interactionId}"),
            ("/campaigns", "clientId", "/clients/{clientId}"),
            ("/clients", "search", "/clients/{clientId}"),
        ],
    )
    async def test_answers_a_foreign_filter_like_an_unknown_one(
        self, outside: httpx2.AsyncClient, world: World, path: str, parameter: str, of: str
    ) -> None:
        foreign = world.ids[of]

        theirs = await outside.get(path, params={parameter: foreign})
        unknown = await outside.get(path, params={parameter: _unknown_like(foreign)})

        assert (theirs.status_code, theirs.content) == (unknown.status_code, unknown.content)


class TestEveryReference:
    @pytest.mark.parametrize(
        ("path", "body", "of"),
        [
            ("/campaigns", {"name": "x", "clientId": "?", "offerId": "offer_1"}, "/clients/{clientId}"),
            ("/voice-agents", {"name": "x", "phoneNumberId": "?"}, "/phone-numbers/{phoneNumberId}"),
            ("/voice-agents", {"name": "x", "engine": {"flowId": "?"}}, "/flows/{flowId}"),
            (
                "/voice-agents",
                {"name": "x", "engine": {"promptTemplateId": "?"}},
                "/prompt-templates/{promptTemplateId}",
            ),
            ("/voice-agents", {"name": "x", "inbound": {"campaignIds": ["?"]}}, "/campaigns/{campaignId}"),
            (
                "/leads",
                {"campaignId": "?", "firstName": "A", "lastName": "B", "phone": "+14155552671", "email": "a@b.example"},
                "/campaigns/{campaignId}",
            ),
        ],
    )
    async def test_to_a_foreign_record_fails_like_one_to_nothing(
        self, outside: httpx2.AsyncClient, world: World, path: str, body: dict[str, object], of: str
    ) -> None:
        foreign = world.ids[of]

        theirs = await outside.post(path, json=_with(body, foreign))
        unknown = await outside.post(path, json=_with(body, _unknown_like(foreign)))

        assert theirs.status_code == unknown.status_code == 400
        assert theirs.text.replace(foreign, "?") == unknown.text.replace(_unknown_like(foreign), "?")


async def _told(client: httpx2.AsyncClient, method: str, path: str, record_id: str) -> Told:
    body = BODIES.get((method, path), {} if method == "PATCH" else None)
    answer = await client.request(method, _filled(path, record_id), json=body)
    return answer.status_code, answer.content, sorted(answer.headers.items())


def _furnished(world: World, path: str) -> str | None:
    """The id of the record that the longest known beginning of `path` names."""
    known = [beginning for beginning in world.ids if path == beginning or path.startswith(f"{beginning}/")]
    return world.ids[max(known, key=len)] if known else None


def _filled(path: str, record_id: str) -> str:
    for name, value in FURTHER.items():
        path = path.replace(name, value)
    return re.sub(r"\{\w+\}", record_id, path)


def _unknown_like(record_id: str) -> str:
    """An id of the same shape that nobody has."""
    prefix, mark, rest = record_id.rpartition("_")
    if mark and len(rest) == 32:
        return f"{prefix}_{rest[:-8]}00000000"
    return "ZZZZZ" if record_id.isupper() else f"{record_id}x"


def _with(body: object, record_id: str) -> object:
    if isinstance(body, dict):
        return {name: _with(value, record_id) for name, value in body.items()}
    if isinstance(body, list):
        return [_with(value, record_id) for value in body]
    return record_id if body == "?" else body
