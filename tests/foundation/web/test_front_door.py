"""The first thing a request meets and the last: limits, rates, and an answer whatever happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from leadsail.foundation.clock import ManualClock
from leadsail.foundation.logs import AccessLog
from leadsail.foundation.metrics import Metrics
from leadsail.foundation.web.caller import Caller
from leadsail.foundation.web.front_door import FrontDoor, Instruments, RequestLimits
from leadsail.foundation.web.rate_limit import RateLimiter

MINE, OTHER = {"X-API-Key": "mine"}, {"X-API-Key": "other"}


class EveryKeyOpens:
    """An authenticator that takes any key for its owner's name."""

    async def identify(self, key: str) -> Caller | None:
        return Caller("org_1", key, "live", frozenset({"read"}))


Doors = Callable[..., FrontDoor]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def door(clock: ManualClock, metrics: Metrics) -> Doors:
    """Puts a front door before an application."""

    def build(app: ASGIApp, *, rate: float = 0, burst: int = 1, limits: RequestLimits | None = None) -> FrontDoor:
        log = structlog.wrap_logger(
            structlog.PrintLogger(), wrapper_class=structlog.make_filtering_bound_logger("critical")
        )
        return FrontDoor(
            app,
            instruments=Instruments(clock, log, AccessLog("test", clock, enabled=False), metrics),
            authenticator=EveryKeyOpens(),
            limiter=RateLimiter(rate=rate, burst=burst),
            limits=limits or RequestLimits(),
        )

    return build


def client(door: FrontDoor) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(door), base_url="http://leadsail.test/api/v1", headers=MINE
    )


async def count_bytes(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await JSONResponse({"bytes": len(body)})(scope, receive, send)


async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError("Ann Lee, +12025550123, said: my pin is 4711")


class TestTheUnforeseen:
    async def test_is_an_answer_that_tells_nothing(self, door: Doors) -> None:
        async with client(door(fail)) as api:
            answer = await api.get("/leads")

        error = {"code": "INTERNAL_ERROR", "message": "Something went wrong on our side"}
        assert (answer.status_code, answer.json()) == (500, {"success": False, "error": error})

    async def test_is_counted_like_every_answer(self, door: Doors, metrics: Metrics) -> None:
        async with client(door(fail)) as api:
            await api.get("/leads")

        assert b'{method="GET",route="(none)",status="500"} 1.0' in metrics.render()

    async def test_during_an_answer_ends_it_without_another(self, door: Doors) -> None:
        sent = []

        async def break_off(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise ValueError("too late")

        async def send(message: object) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": []}
        await door(break_off)(scope, no_body, send)

        assert len(sent) == 1


class TestASlowAnswer:
    async def test_is_given_up_for_later(self, door: Doors) -> None:
        async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
            await forever()

        async with client(door(never, limits=RequestLimits(seconds=0.05))) as api:
            answer = await api.get("/leads")

        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "UNAVAILABLE")
        assert int(answer.headers["retry-after"]) >= 1


class TestABodysSize:
    LIMITS = RequestLimits(body_bytes=1000)

    @pytest.mark.parametrize("size", [0, 1, 1000])
    async def test_up_to_the_limit_comes_in(self, door: Doors, size: int) -> None:
        async with client(door(count_bytes, limits=self.LIMITS)) as api:
            answer = await api.post("/leads", content=b"x" * size)

        assert answer.json() == {"bytes": size}

    async def test_above_it_is_refused_by_its_announcement(self, door: Doors) -> None:
        async with client(door(count_bytes, limits=self.LIMITS)) as api:
            answer = await api.post("/leads", content=b"x" * 1001)

        assert answer.status_code == 413
        message = "The body is larger than 1,000 bytes; send less at once"
        assert answer.json()["error"] == {"code": "PAYLOAD_TOO_LARGE", "message": message}

    async def test_above_it_is_refused_when_it_was_not_announced(self, door: Doors) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(11):
                yield b"x" * 100

        async with client(door(count_bytes, limits=self.LIMITS)) as api:
            answer = await api.post("/leads", content=chunks())

        assert answer.status_code == 413

    @pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000, "0x10"])
    async def test_announced_as_nonsense_is_refused(self, door: Doors, length: str) -> None:
        async with client(door(count_bytes, limits=self.LIMITS)) as api:
            answer = await api.post("/leads", content=b"x", headers={"Content-Length": length})

        assert answer.status_code == 413


class TestABodysTime:
    async def test_is_limited_by_itself(self, door: Doors) -> None:
        async def endless(scope: Scope, _receive: Receive, send: Send) -> None:
            async def stuck() -> dict[str, object]:
                await forever()
                return {}

            await door(count_bytes, limits=RequestLimits(body_seconds=0.05))(scope, stuck, send)

        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(endless), base_url="http://test") as api:
            answer = await api.post("/api/v1/leads", headers=MINE, content=b"x")

        error = {"code": "REQUEST_TIMEOUT", "message": "The body did not arrive in time"}
        assert (answer.status_code, answer.json()) == (408, {"success": False, "error": error})


class TestTheRate:
    async def test_stands_on_every_answer(self, door: Doors) -> None:
        async with client(door(count_bytes, rate=1, burst=3)) as api:
            answers = [await api.post("/leads") for _ in range(3)]

        assert [answer.headers["ratelimit"] for answer in answers] == [
            '"default";r=2;t=1',
            '"default";r=1;t=2',
            '"default";r=0;t=3',
        ]
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"default";q=3;w=3'}

    async def test_above_the_burst_is_told_when_to_come_back(self, door: Doors, clock: ManualClock) -> None:
        async with client(door(count_bytes, rate=0.5, burst=1)) as api:
            await api.post("/leads")
            refused = await api.post("/leads")
            clock.advance(timedelta(seconds=int(refused.headers["retry-after"])))
            again = await api.post("/leads")

        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "RATE_LIMITED")
        assert (refused.headers["retry-after"], refused.headers["ratelimit"]) == ("2", '"default";r=0;t=2')
        assert again.status_code == 200

    async def test_is_each_keys_own(self, door: Doors) -> None:
        async with client(door(count_bytes, rate=1, burst=1)) as api:
            statuses = [(await api.post("/leads", headers=who)).status_code for who in (MINE, MINE, OTHER, OTHER)]

        assert statuses == [200, 429, 200, 429]

    async def test_switched_off_is_not_mentioned(self, door: Doors) -> None:
        async with client(door(count_bytes, rate=0)) as api:
            answer = await api.post("/leads")

        assert "ratelimit" not in answer.headers
        assert "ratelimit-policy" not in answer.headers

    async def test_is_shared_by_all_without_a_key_at_one_address(self, door: Doors) -> None:
        """Guessing keys is slow, and whoever has a key is not held back by it."""
        async with client(door(count_bytes, rate=0.001, burst=2)) as api:
            guesses = [await api.get("/leads", headers={"X-API-Key": ""}) for _ in range(3)]
            rightful = await api.get("/leads")

        assert [answer.status_code for answer in guesses] == [401, 401, 429]
        assert guesses[0].headers["ratelimit"].startswith('"default";r=1;')
        assert rightful.status_code == 200


class TestUnknownMethods:
    async def test_are_counted_under_one_name(self, door: Doors, metrics: Metrics) -> None:
        async def fine(scope: Scope, receive: Receive, send: Send) -> None:
            await Response()(scope, receive, send)

        async with client(door(fine)) as api:
            for method in ("BREW", "PROPFIND", "X" * 500):
                await api.request(method, "/leads")

        assert b'{method="OTHER",route="(none)",status="200"} 3.0' in metrics.render()


async def no_body() -> dict[str, object]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def forever() -> None:
    await asyncio.Event().wait()
