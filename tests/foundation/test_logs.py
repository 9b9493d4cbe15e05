"""Logs: one JSON object a line, and nothing in it that must not be there."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
import structlog

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.clock import ManualClock
from leadsail.foundation.encryption import MasterKey
from leadsail.foundation.logs import AccessLog, Logger, configure_logs
from tests.conftest import NewTenant, eventually
from tests.features.interactions.calls import Conversations
from tests.features.leads.leads import new_campaign, person
from tests.foundation.web.serving import ApiProcess, api_process

NAME, SURNAME = "Quirinia", "Zwetschgenbaum"
EMAIL, PHONE = "quirinia.canary@example.com", "+14155552671"
TRANSCRIPT = "my grandmother's maiden name is Xylophonowitsch"
NOTE = "keeps-seventeen-canaries"

Lines = Callable[[], list[dict[str, Any]]]
Logs = Callable[[], tuple[Logger, Lines]]


@pytest.fixture
def logs(capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Logs]:
    """Set logging up during a test; gives a logger and the lines written so far. What was set up before is put back."""
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def lines() -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in capsysbinary.readouterr().out.splitlines()]

    yield lambda: (configure_logs("test", level="INFO"), lines)
    structlog.configure(**kept)
    root.handlers[:] = handlers
    root.setLevel(level)


class TestALine:
    def test_says_what_happened_where_and_when(self, logs: Logs) -> None:
        log, lines = logs()

        log.info("started", port=8000)

        [line] = lines()
        assert (line["event"], line["level"], line["process"], line["port"]) == ("started", "info", "test", 8000)
        assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None

    def test_keeps_known_fields_alone(self, logs: Logs) -> None:
        log, lines = logs()

        log.warning("odd", lead="lead_1", phone=PHONE, name=NAME, body={"email": EMAIL})

        [line] = lines()
        assert (line["lead"], line["dropped"]) == ("lead_1", ["body", "name", "phone"])
        assert_clean(orjson.dumps(line).decode())

    def test_below_the_level_is_not_written(self, logs: Logs) -> None:
        log, lines = logs()

        log.debug("detail")

        assert lines() == []


class TestAFailure:
    def test_tells_its_class_and_place_but_not_its_text(self, logs: Logs) -> None:
        log, lines = logs()

        try:
            _fail(ValueError(f"no such person: {NAME} {PHONE}"))
        except ValueError as error:
            log.warning("request failed", exc=error)

        [line] = lines()
        assert line["error"] == "ValueError"
        assert line["traceback"][-1].endswith(" _fail")
        assert_clean(orjson.dumps(line).decode())


class TestALibrary:
    def test_that_complains_is_heard_without_its_words(self, logs: Logs) -> None:
        _, lines = logs()

        for name in ("uvicorn.error", "asyncpg", "asyncio", "httpx2", "somebody.else"):
            logging.getLogger(name).warning("cannot reach %s at %s", NAME, PHONE)

        said = lines()
        assert [line["logger"] for line in said] == ["uvicorn.error", "asyncpg", "asyncio", "httpx2", "somebody.else"]
        assert_clean(str(said))

    def test_that_fails_is_heard_without_its_words(self, logs: Logs) -> None:
        _, lines = logs()

        try:
            _fail(KeyError(EMAIL))
        except KeyError:
            logging.getLogger("asyncpg").exception("lost %s", NAME)

        [line] = lines()
        assert (line["error"], line["level"]) == ("KeyError", "error")
        assert_clean(str(line))

    def test_that_chats_is_not_heard(self, logs: Logs) -> None:
        _, lines = logs()

        logging.getLogger("uvicorn.error").info("serving %s", NAME)

        assert lines() == []


class TestTheAccessLog:
    def test_writes_one_line_of_fixed_fields(self, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        access = AccessLog("api", ManualClock(datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)))

        access.write("GET", "/api/v1/leads/{leadId}", 200, 0.0123456, "req_1", ("org_1", "key_1"))

        assert orjson.loads(capsysbinary.readouterr().out) == {
            "event": "request",
            "level": "info",
            "timestamp": "2026-01-02T03:04:05.678000Z",
            "process": "api",
            "method": "GET",
            "route": "/api/v1/leads/{leadId}",
            "status": 200,
            "ms": 12.35,
            "request_id": "req_1",
            "tenant": "org_1",
            "key": "key_1",
        }

    def test_switched_off_writes_nothing(self, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        access = AccessLog("api", ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), enabled=False)

        access.write("GET", "/healthz", 200, 0.001, "req_1", None)

        assert capsysbinary.readouterr().out == b""


@dataclass(frozen=True)
class Told:
    """What an api process wrote and counted while a lead's life went through it, and what it was told."""

    output: str
    metrics: str
    secrets: list[str]


@pytest.fixture(scope="module")
async def told(
    platform: Platform,
    database_url: str,
    master_key: MasterKey,
    new_tenant: NewTenant,
    tmp_path_factory: pytest.TempPathFactory,
    open_folder: Path,
) -> Told:
    """Everything that a process says about requests full of canaries, good ones and bad ones."""
    tenant = await new_tenant()
    folder: Path = tmp_path_factory.mktemp("api")
    async with api_process(database_url, master_key, folder, open_folder) as process:
        async with httpx2.AsyncClient(
            base_url=f"{process.url}/api/v1", headers={"X-API-Key": tenant.key}, timeout=30
        ) as api:
            lead_id = await _good_requests(api, Conversations(platform, tenant.tenant_id, api))
            await _bad_requests(api, lead_id)
            made = (await api.post("/api-keys", json={"name": NOTE})).json()["data"]["key"]
            metrics = (await api.get(f"{process.url}/metrics")).text
        await _garbage(process, tenant.key)
    return Told(process.output.read_text(), metrics, [tenant.key, made, tenant.tenant_id, lead_id])


class TestARunningProcess:
    def test_tells_of_every_request(self, told: Told) -> None:
        lines = [orjson.loads(line) for line in told.output.splitlines()]

        requests = [line for line in lines if line["event"] == "request"]
        assert {line["status"] for line in requests} >= {200, 201, 400, 401, 404, 405, 409, 413, 415, 422}
        assert all(line["route"].startswith("/") or line["route"] == "(none)" for line in requests)

    def test_tells_of_a_broken_request_without_its_words(self, told: Told) -> None:
        assert '"logger":"uvicorn.error"' in told.output

    def test_writes_no_word_of_a_lead(self, told: Told) -> None:
        assert_clean(told.output)

    def test_writes_no_key(self, told: Told) -> None:
        tenant_key, made, _, _ = told.secrets

        assert tenant_key[8:-6] not in told.output
        assert made[8:-6] not in told.output

    def test_counts_nobody_by_name_or_id(self, told: Told) -> None:
        assert "leadsail_http_requests_total" in told.metrics
        assert_clean(told.metrics)
        assert not [secret for secret in told.secrets if secret in told.metrics]


def _fail(error: Exception) -> None:
    raise error


def assert_clean(text: str) -> None:
    canaries = (NAME, SURNAME, EMAIL, PHONE, PHONE[2:], TRANSCRIPT, NOTE, "Xylophonowitsch", "quirinia")
    assert not [canary for canary in canaries if canary in text]


async def _good_requests(api: httpx2.AsyncClient, conversations: Conversations) -> str:
    body = person(await new_campaign(api), firstName=NAME, lastName=SURNAME, email=EMAIL, phone=PHONE)
    lead_id = (await api.post("/leads", json=body, headers={"Idempotency-Key": NOTE})).json()["data"]["leadId"]
    lead = (await api.get(f"/leads/{lead_id}")).json()["data"]
    interaction_id = await conversations.call(lead)
    await conversations.say(interaction_id, TRANSCRIPT)
    await conversations.close(interaction_id)
    seen = [
        await api.get("/leads", params={"search": NAME}),
        await api.get(f"/interactions/{interaction_id}"),
        await api.get(f"/interactions/{interaction_id}/events"),
        await api.patch(f"/leads/{lead_id}", json={"lastName": SURNAME}),
    ]
    assert [answer.status_code for answer in seen] == [200] * 4
    assert TRANSCRIPT in seen[1].text
    return str(lead_id)


async def _bad_requests(api: httpx2.AsyncClient, lead_id: str) -> None:
    json = {"Content-Type": "application/json"}
    raw = f'{{"firstName": "{NAME}", "phone": "{PHONE}", "email": "{EMAIL}"'.encode()
    refused = [
        (400, await api.post("/leads", content=raw, headers=json)),
        (400, await api.post("/leads", json={"firstName": NAME, "phone": PHONE, "email": f"{EMAIL}\0", "x": SURNAME})),
        (400, await api.get("/leads", params={"startDate": NAME})),
        (401, await api.get("/leads", headers={"X-API-Key": NAME})),
        (404, await api.get(f"/leads/{EMAIL}")),
        (404, await api.get(f"/{NAME}/{PHONE}")),
        (405, await api.put(f"/leads/{lead_id}", json={"firstName": NAME})),
        (409, await api.patch("/tenant", json={"name": NAME}, headers={"If-Match": f'"{NAME}"'})),
        (413, await api.post("/leads", content=raw * 30_000, headers=json)),
        (415, await api.post("/leads", content=raw, headers={"Content-Type": f"text/{NAME}"})),
        (422, await api.post("/clients", json={"name": NAME, "abbrev": "A"}, headers={"Idempotency-Key": NOTE})),
    ]
    assert [answer.status_code for _, answer in refused] == [status for status, _ in refused]


async def _garbage(process: ApiProcess, key: str) -> None:
    """A request that is no HTTP at all: the server itself complains, not the platform."""
    host, port = process.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {NAME} {PHONE} {key}\r\n{EMAIL}\r\n\r\n".encode())
    await reader.read()
    writer.close()
    await eventually(lambda: _has_complained(process))


async def _has_complained(process: ApiProcess) -> bool:
    return "uvicorn.error" in process.output.read_text()
