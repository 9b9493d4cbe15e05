"""What every answer has in common: the envelope, the request's id, and who is let in at all."""

from datetime import timedelta

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.tenants.rules import mint_key
from leadsail.features.tenants.schemas import NewKey
from leadsail.features.tenants.service import KeyService
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of

UNAUTHORIZED = {"success": False, "error": {"code": "UNAUTHORIZED", "message": "Authentication required"}}
WELL_FORMED = mint_key("live", lambda letters: letters // 2)
NOT_FOUND = {"success": False, "error": {"code": "NOT_FOUND", "message": "Resource not found"}}


class TestTheRequestId:
    async def test_is_given_back_as_it_came(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/clients", headers={"X-Request-Id": "crm-7.42_x"})

        assert answer.headers["x-request-id"] == "crm-7.42_x"

    async def test_is_made_up_where_none_came(self, api: httpx2.AsyncClient) -> None:
        first, second = await api.get("/clients"), await api.get("/clients")

        assert first.headers["x-request-id"].startswith("req_")
        assert first.headers["x-request-id"] != second.headers["x-request-id"]

    @pytest.mark.parametrize("strange", ["", " ", "a b", "x" * 65, "<script>", "a;b", "caf\u00e9"])
    async def test_is_replaced_where_it_is_strange(self, api: httpx2.AsyncClient, strange: str) -> None:
        answer = await api.get("/clients", headers=[(b"X-Request-Id", strange.encode("latin-1"))])

        assert answer.headers["x-request-id"].startswith("req_")

    @pytest.mark.parametrize("path", ["/clients", "/nowhere", "/clients/none"])
    async def test_stands_on_refusals_too(self, app: FrontDoor, path: str) -> None:
        async with client_of(app, None) as stranger:
            answer = await stranger.get(path)

        assert answer.headers["x-request-id"].startswith("req_")


class TestWithoutAGoodKey:
    @pytest.mark.parametrize(
        "key",
        [
            None,
            "",
            " ",
            "secret",
            "ls_live_",
            WELL_FORMED,
            WELL_FORMED[:-1],
            WELL_FORMED.replace("live", "test"),
            "ls_live_" + "0" * 39,
            "'; drop table api_key; --",
            "x" * 5000,
        ],
    )
    async def test_nothing_opens(self, app: FrontDoor, key: str | None) -> None:
        async with client_of(app, None) as client:
            answer = await client.get("/clients", headers={} if key is None else {"X-API-Key": key})

        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)

    async def test_of_strange_bytes_nothing_opens(self, app: FrontDoor) -> None:
        async with client_of(app, None) as client:
            answer = await client.get("/clients", headers=[(b"X-API-Key", b"ls_live_\xff\xfe\x00")])

        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)

    async def test_a_changed_letter_opens_nothing(self, app: FrontDoor, tenant: TestTenant) -> None:
        letter = "a" if tenant.key[20] != "a" else "b"
        async with client_of(app, f"{tenant.key[:20]}{letter}{tenant.key[21:]}") as client:
            answer = await client.get("/clients")

        assert answer.status_code == 401

    async def test_a_revoked_key_opens_nothing(self, app: FrontDoor, api: httpx2.AsyncClient) -> None:
        made = (await api.post("/api-keys", json={"name": "short-lived"})).json()["data"]
        await api.post(f"/api-keys/{made['keyId']}/revoke")

        async with client_of(app, made["key"]) as client:
            answer = await client.get("/clients")

        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)

    async def test_an_expired_key_opens_nothing(self, app: FrontDoor, platform: Platform, tenant: TestTenant) -> None:
        new = NewKey(name="short-lived", expires_at=platform.clock.now() + timedelta(hours=1))
        async with platform.database.work(tenant.tenant_id, "test") as work:
            minted = await platform.service(KeyService).mint(work, new)
            await work.execute("update api_key set expires_at = now() where key_id = $1", minted.key_id)

        async with client_of(app, minted.key) as client:
            answer = await client.get("/clients")

        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)

    async def test_unknown_paths_are_not_told_apart(self, app: FrontDoor) -> None:
        async with client_of(app, None) as client:
            answers = [await client.get(path) for path in ("/clients", "/nowhere", "/clients/client_1", "/")]

        assert [(answer.status_code, answer.json()) for answer in answers] == [(401, UNAUTHORIZED)] * 4


class TestAKeyWithoutTheScope:
    @pytest.mark.parametrize(
        ("scopes", "method", "path", "missing"),
        [
            (["write"], "GET", "/clients", "read"),
            (["write"], "GET", "/interactions/int_1", "read"),
            (["read"], "POST", "/clients", "write"),
            (["read"], "POST", "/clients/client_1/archive", "write"),
            (["read", "write", "call", "sms"], "GET", "/api-keys", "admin"),
            (["admin"], "GET", "/tenant", "read"),
        ],
    )
    async def test_is_told_which_one(
        self, app: FrontDoor, new_tenant: NewTenant, scopes: list[str], method: str, path: str, missing: str
    ) -> None:
        tenant = await new_tenant(scopes=scopes)
        async with client_of(app, tenant.key) as client:
            answer = await client.request(method, path, json={"name": "A", "abbrev": "A"} if method == "POST" else None)

        assert answer.status_code == 403
        error = {"code": "FORBIDDEN", "message": f"This key lacks the scope `{missing}`"}
        assert answer.json() == {"success": False, "error": error}


class TestUnknownPaths:
    @pytest.mark.parametrize("path", ["/nowhere", "/clients/", "/clients/client_1/", "//clients", "/Clients", "/"])
    async def test_are_not_found(self, api: httpx2.AsyncClient, path: str) -> None:
        answer = await api.get(f"http://leadsail.test/api/v1{path}")

        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)

    @pytest.mark.parametrize("path", ["/nowhere", "/api", "/apis", "/.env", "/metrics/x"])
    async def test_are_not_found_outside_the_api(self, app: FrontDoor, path: str) -> None:
        async with client_of(app, None) as client:
            answer = await client.get(f"http://leadsail.test{path}")

        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)

    @pytest.mark.parametrize("segment", ["a%00b", "a%0Ab", "%7F", "%FF%FE", "%ED%A0%80", "\u202e", "x" * 3000])
    async def test_that_no_id_can_have_are_not_found(self, api: httpx2.AsyncClient, segment: str) -> None:
        answer = await api.get(f"/clients/{segment}")

        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


class TestQueriesNothingCanMatch:
    @pytest.mark.parametrize(
        ("query", "line"),
        [
            ("search=%00", "query: must not contain the NUL character"),
            ("search=%FF", "query: not valid UTF-8"),
            ("search=%ED%A0%80", "query: not valid UTF-8"),
        ],
    )
    async def test_are_refused(self, api: httpx2.AsyncClient, query: str, line: str) -> None:
        answer = await api.get(f"/clients?{query}")

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])


class TestMethodsNotOffered:
    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("DELETE", "/clients", "GET, POST"),
            ("PUT", "/clients/client_1", "GET, PATCH"),
            ("GET", "/clients/client_1/archive", "POST"),
            ("POST", "/interactions/int_1", "GET"),
            ("DELETE", "/tenant", "GET, PATCH"),
            ("BREW", "/leads/lead_1", "GET, PATCH, DELETE"),
        ],
    )
    async def test_are_refused_with_those_that_are(
        self, api: httpx2.AsyncClient, method: str, path: str, allowed: str
    ) -> None:
        answer = await api.request(method, path)

        assert answer.status_code == 405
        assert answer.json()["error"]["code"] == "METHOD_NOT_ALLOWED"
        assert answer.headers["allow"] == allowed


class TestBodies:
    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"]
    )
    async def test_of_another_type_are_refused(self, api: httpx2.AsyncClient, kind: str) -> None:
        answer = await api.post("/clients", content=b"{}", headers={"Content-Type": kind})

        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")

    @pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/ld+json"])
    async def test_of_json_come_in(self, api: httpx2.AsyncClient, kind: str) -> None:
        answer = await api.post("/clients", content=b'{"name":"A","abbrev":"A"}', headers={"Content-Type": kind})

        assert answer.status_code == 201

    @pytest.mark.parametrize("body", [b"", b"null"])
    async def test_must_not_be_missing(self, api: httpx2.AsyncClient, body: bytes) -> None:
        answer = await api.post("/clients", content=body, headers={"Content-Type": "application/json"})

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, ["body: send a JSON object"])

    @pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"true"])
    async def test_must_be_objects(self, api: httpx2.AsyncClient, body: bytes) -> None:
        answer = await api.post("/clients", content=body, headers={"Content-Type": "application/json"})

        assert answer.status_code == 400
        [line] = answer.json()["error"]["details"]
        assert line.startswith("body: ")
