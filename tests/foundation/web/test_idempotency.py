"""`Idempotency-Key`: sent twice, done once, and both times the same answer."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from starlette.types import Message, Scope

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.web.front_door import FrontDoor
from leadsail.foundation.web.idempotency import KEPT_DAYS, IdempotentRequest
from tests.conftest import NewTenant, TestTenant, client_of

SUN = {"name": "Sunny Solar", "abbrev": "SUN"}
ONCE = {"Idempotency-Key": "order-1"}


async def clients_in(api: httpx2.AsyncClient) -> int:
    total: int = (await api.get("/clients")).json()["data"]["pagination"]["total"]
    return total


class TestTheSameRequestAgain:
    async def test_hears_the_same_answer(self, api: httpx2.AsyncClient) -> None:
        first = await api.post("/clients", json=SUN, headers=ONCE)
        second = await api.post("/clients", json=SUN, headers=ONCE)

        assert (second.status_code, second.content) == (201, first.content)
        assert second.headers["idempotent-replayed"] == "true"
        assert second.headers["etag"] == first.headers["etag"]
        assert "idempotent-replayed" not in first.headers

    async def test_takes_effect_once(self, api: httpx2.AsyncClient) -> None:
        for _ in range(3):
            await api.post("/clients", json=SUN, headers=ONCE)

        assert await clients_in(api) == 1

    async def test_hears_it_even_after_the_record_changed(self, api: httpx2.AsyncClient) -> None:
        first = await api.post("/clients", json=SUN, headers=ONCE)
        await api.patch(f"/clients/{first.json()['data']['clientId']}", json={"name": "Other"})

        assert (await api.post("/clients", json=SUN, headers=ONCE)).content == first.content

    async def test_may_be_an_action_without_a_body(self, api: httpx2.AsyncClient) -> None:
        client_id = (await api.post("/clients", json=SUN)).json()["data"]["clientId"]
        first = await api.post(f"/clients/{client_id}/archive", headers=ONCE)
        await api.post(f"/clients/{client_id}/unarchive")

        second = await api.post(f"/clients/{client_id}/archive", headers=ONCE)

        assert second.content == first.content
        assert "archivedAt" not in (await api.get(f"/clients/{client_id}")).json()["data"]

    async def test_without_a_key_is_another_request(self, api: httpx2.AsyncClient) -> None:
        await api.post("/clients", json=SUN)
        await api.post("/clients", json=SUN)

        assert await clients_in(api) == 2


class TestAnotherRequestWithTheSameKey:
    @pytest.mark.parametrize(
        ("path", "body"),
        [("/clients", SUN | {"name": "Moon"}), ("/offers", SUN), ("/clients?x=1", SUN)],
    )
    async def test_is_refused(self, api: httpx2.AsyncClient, path: str, body: dict[str, str]) -> None:
        await api.post("/clients", json=SUN, headers=ONCE)

        answer = await api.post(path, json=body, headers=ONCE)

        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert await clients_in(api) == 1

    async def test_of_another_tenant_is_its_own(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        await api.post("/clients", json=SUN, headers=ONCE)

        async with client_of(app, (await new_tenant()).key) as other:
            answer = await other.post("/clients", json=SUN | {"name": "Moon"}, headers=ONCE)

        assert answer.status_code == 201
        assert "idempotent-replayed" not in answer.headers

    async def test_may_read_and_change(self, api: httpx2.AsyncClient) -> None:
        """Only a POST is not safe to repeat by itself."""
        made = await api.post("/clients", json=SUN, headers=ONCE)
        path = f"/clients/{made.json()['data']['clientId']}"

        assert (await api.get(path, headers=ONCE)).status_code == 200
        assert (await api.patch(path, json={"name": "Moon"}, headers=ONCE)).json()["data"]["name"] == "Moon"


class TestManyAtOnce:
    async def test_take_effect_once(self, api: httpx2.AsyncClient) -> None:
        answers = await asyncio.gather(*(api.post("/clients", json=SUN, headers=ONCE) for _ in range(20)))

        good = [answer for answer in answers if answer.status_code == 201]
        others = {(answer.status_code, answer.json()["error"]["code"]) for answer in answers if answer not in good}
        assert len({answer.content for answer in good}) == 1
        assert sum("idempotent-replayed" not in answer.headers for answer in good) == 1
        assert others <= {(409, "IDEMPOTENCY_IN_PROGRESS")}
        assert await clients_in(api) == 1

    async def test_wait_a_second_for_the_first(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        first = _request(platform, "/api/v1/clients", b"{}", "order-1")
        async with platform.database.work(tenant.tenant_id, "test") as still_running:
            await first.claim(still_running, platform.clock.now())

            answer = await api.post("/clients", json=SUN, headers=ONCE)

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IDEMPOTENCY_IN_PROGRESS")
        assert answer.headers["retry-after"] == "1"


class TestRefusals:
    async def test_of_wrong_input_are_not_kept(self, api: httpx2.AsyncClient) -> None:
        wrong = await api.post("/clients", json={"name": ""}, headers=ONCE)
        right = await api.post("/clients", json=SUN, headers=ONCE)

        assert (wrong.status_code, right.status_code) == (400, 201)

    async def test_found_by_the_database_are_not_kept_either(self, api: httpx2.AsyncClient) -> None:
        astray = {"name": "Solar", "clientId": "client_none", "offerId": "offer_none"}
        wrong = await api.post("/campaigns", json=astray, headers=ONCE)
        client_id = (await api.post("/clients", json=SUN)).json()["data"]["clientId"]
        offer_id = (await api.post("/offers", json=SUN)).json()["data"]["offerId"]

        right = await api.post("/campaigns", json=astray | {"clientId": client_id, "offerId": offer_id}, headers=ONCE)

        assert (wrong.status_code, right.status_code) == (400, 201)

    async def test_of_a_missing_record_are_not_kept(self, api: httpx2.AsyncClient) -> None:
        await api.post("/clients/client_none/archive", headers=ONCE)

        assert (await api.post("/clients", json=SUN, headers=ONCE)).status_code == 201

    async def test_for_the_present_state_are_kept(self, api: httpx2.AsyncClient) -> None:
        number = {"number": "+14155552671", "provider": "twilio", "capabilities": ["voice"]}
        await api.post("/phone-numbers", json=number)

        first = await api.post("/phone-numbers", json=number, headers=ONCE)
        second = await api.post("/phone-numbers", json=number, headers=ONCE)

        assert (first.status_code, first.json()["error"]["code"]) == (409, "CONFLICT")
        assert (second.status_code, second.content) == (409, first.content)
        assert second.headers["idempotent-replayed"] == "true"

    async def test_for_a_missing_scope_are_not_kept(self, app: FrontDoor, api: httpx2.AsyncClient) -> None:
        reader = (await api.post("/api-keys", json={"name": "reader", "scopes": ["read"]})).json()["data"]["key"]
        async with client_of(app, reader) as weak:
            refused = await weak.post("/clients", json=SUN, headers=ONCE)

        done = await api.post("/clients", json=SUN, headers=ONCE)

        assert (refused.status_code, done.status_code) == (403, 201)


class TestSecrets:
    async def test_are_shown_once_and_kept_nowhere(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        first = await api.post("/api-keys", json={"name": "CRM"}, headers=ONCE)
        second = await api.post("/api-keys", json={"name": "CRM"}, headers=ONCE)

        assert (first.status_code, second.status_code) == (201, 409)
        assert second.json()["error"]["code"] == "CONFLICT"
        assert "retry-after" not in second.headers, "asking again will never help"
        async with platform.database.work(tenant.tenant_id, "test") as work:
            kept = await work.fetch("select k::text from idempotency_key k")
        assert first.json()["data"]["key"] not in str(kept)
        assert len((await api.get("/api-keys")).json()["data"]["apiKeys"]) == 2


class TestKeptAnswers:
    async def test_stand_encrypted_in_the_database(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        """They may name people, and outlive the record that did."""
        await api.post("/clients", json=SUN | {"contactName": "Ann Lee"}, headers=ONCE)

        async with platform.database.work(tenant.tenant_id, "test") as work:
            kept = await work.fetch("select k::text from idempotency_key k")

        assert len(kept) == 1
        assert "Ann" not in str(kept)


class TestTheKeyItself:
    @pytest.mark.parametrize("key", ["a", "~" * 255, "550e8400-e29b-41d4-a716-446655440000", '"quoted"'])
    async def test_is_up_to_255_visible_characters(self, api: httpx2.AsyncClient, key: str) -> None:
        assert (await api.post("/clients", json=SUN, headers={"Idempotency-Key": key})).status_code == 201

    @pytest.mark.parametrize("key", [b"", b"x" * 256, b"a b", b"tab\there", b"caf\xe9"])
    async def test_is_nothing_else(self, api: httpx2.AsyncClient, key: bytes) -> None:
        headers = [(b"Idempotency-Key", key)]
        answer = await api.post("/clients", json=SUN, headers=headers)

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["Idempotency-Key: must be 1 to 255 visible ASCII characters"]
        assert await clients_in(api) == 0


class TestAnAnswerLostOnItsWay:
    async def test_is_heard_by_asking_again(self, api: httpx2.AsyncClient, app: FrontDoor, tenant: TestTenant) -> None:
        """The effect was committed, then the connection broke: the worst moment."""
        body = b'{"name":"Sunny Solar","abbrev":"SUN"}'

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def broken_pipe(message: Message) -> None:
            raise ConnectionResetError(str(message["type"]))

        await app(_post("/api/v1/clients", tenant.key), receive, broken_pipe)
        again = await api.post("/clients", content=body, headers=ONCE | {"Content-Type": "application/json"})

        assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
        assert await clients_in(api) == 1


class TestAfterAWeek:
    async def test_a_key_is_forgotten(self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant) -> None:
        await api.post("/clients", json=SUN, headers=ONCE)
        await api.post("/clients", json=SUN, headers={"Idempotency-Key": "order-2"})
        async with platform.database.work(tenant.tenant_id, "test") as work:
            aged = platform.keyed_hash.of("idempotency-key", "order-1")
            by = timedelta(days=KEPT_DAYS, seconds=1)
            await work.execute(
                "update idempotency_key set created_at = created_at - $2::interval where key_hash = $1", aged, by
            )

        before = platform.clock.now() - timedelta(days=KEPT_DAYS)
        forgotten = await platform.database.fetchval("select forget_idempotency_keys($1)", before)

        assert forgotten >= 1
        assert "idempotent-replayed" not in (await api.post("/clients", json=SUN, headers=ONCE)).headers
        younger = await api.post("/clients", json=SUN, headers={"Idempotency-Key": "order-2"})
        assert younger.headers["idempotent-replayed"] == "true"


def _request(platform: Platform, path: str, body: bytes, key: str) -> IdempotentRequest:
    sent, hashed = f"POST {path}?\n".encode() + body, platform.keyed_hash
    return IdempotentRequest(
        hashed.of("idempotency-key", key), hashed.of("idempotent-request", sent), platform.secret_box
    )


def _post(path: str, key: str) -> Scope:
    headers: list[tuple[bytes, bytes]] = [
        (b"host", b"leadsail.test"),
        (b"x-api-key", key.encode()),
        (b"content-type", b"application/json"),
        (b"idempotency-key", b"order-1"),
    ]
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "headers": headers,
    }
    return scope | {"path": path, "raw_path": path.encode(), "query_string": b"", "server": ("leadsail.test", 80)}
