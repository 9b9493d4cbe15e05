"""What the clients send again, what they do not, and how long they wait before."""

import pytest

from leadsail.client import (
    ApiError,
    ConflictError,
    ConnectionFailedError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    TimedOutError,
    UnavailableError,
)
from tests.client.callers import Caller
from tests.client.conftest import Make
from tests.client.lying_server import OFFER, TENANT, LyingServer, answer, refusal, success

HALF = success(TENANT)[:-20]
NOTHING = b""


class TestReading:
    @pytest.mark.parametrize(
        "trouble",
        [
            NOTHING,
            HALF,
            refusal(408, "REQUEST_TIMEOUT"),
            refusal(429, "RATE_LIMITED"),
            refusal(500, "INTERNAL_ERROR"),
            answer(502, b"<h1>Bad gateway</h1>", content_type="text/html"),
            refusal(503, "UNAVAILABLE"),
        ],
        ids=["reset", "half an answer", "408", "429", "500", "502 of a proxy", "503"],
    )
    async def test_is_repeated_when_that_may_help(self, misled: Caller, liar: LyingServer, trouble: bytes) -> None:
        liar.will(trouble, trouble, success(TENANT))

        tenant = await misled.ask(misled.client.tenant.get)

        assert tenant.name == "Sunny Solar"
        assert len(liar.ledger) == 3
        assert misled.naps == [0.5, 1.0]

    async def test_ends_with_the_last_failure_when_nothing_helps(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(*[refusal(503, "UNAVAILABLE")] * 5)

        with pytest.raises(UnavailableError):
            await misled.ask(misled.client.tenant.get)

        assert len(liar.ledger) == 3

    async def test_is_not_repeated_when_it_was_refused(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(404, "NOT_FOUND"), success(OFFER))

        with pytest.raises(NotFoundError):
            await misled.ask(misled.client.offers.get, "offer_1")

        assert len(liar.ledger) == 1

    async def test_is_not_repeated_by_a_client_without_retries(self, make: Make, liar: LyingServer) -> None:
        liar.will(NOTHING, success(TENANT))
        once = make(liar.url, max_retries=0)

        with pytest.raises(ConnectionFailedError) as failure:
            await once.ask(once.client.tenant.get)

        assert failure.value.sent
        await once.close()

    async def test_gives_up_on_an_answer_that_takes_too_long(self, make: Make, liar: LyingServer) -> None:
        liar.will(None, None)
        hasty = make(liar.url, max_retries=1, timeout=0.05)

        with pytest.raises(TimedOutError):
            await hasty.ask(hasty.client.tenant.get)

        assert len(liar.ledger) == 2
        await hasty.close()

    async def test_tells_when_nobody_listens(self, make: Make) -> None:
        nowhere = make("http://127.0.0.1:1")

        with pytest.raises(ConnectionFailedError) as failure:
            await nowhere.ask(nowhere.client.tenant.get)

        assert not failure.value.sent
        assert nowhere.naps == [0.5, 1.0]
        await nowhere.close()


class TestWaiting:
    async def test_lasts_as_long_as_the_platform_asked_for(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(429, "RATE_LIMITED", retry_after="7"), success(TENANT))

        await misled.ask(misled.client.tenant.get)

        assert misled.naps == [7.0]

    async def test_reads_a_date_by_the_answers_own_clock(self, misled: Caller, liar: LyingServer) -> None:
        now, later = "Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:09 GMT"
        liar.will(refusal(503, "UNAVAILABLE", retry_after=later, date=now), success(TENANT))

        await misled.ask(misled.client.tenant.get)

        assert misled.naps == [9.0]

    @pytest.mark.parametrize("wish", ["soon", "nan", "", "Wed, 21 Oct 2026 07:28:00 GMT"])
    async def test_is_its_own_when_the_wish_makes_no_sense(self, misled: Caller, liar: LyingServer, wish: str) -> None:
        liar.will(refusal(503, "UNAVAILABLE", retry_after=wish), success(TENANT))

        await misled.ask(misled.client.tenant.get)

        assert misled.naps == [0.5]

    async def test_is_left_to_the_caller_when_it_would_be_long(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(429, "RATE_LIMITED", retry_after="3600"), success(TENANT))

        with pytest.raises(RateLimitedError) as refused:
            await misled.ask(misled.client.tenant.get)

        assert refused.value.retry_after == 3600
        assert misled.naps == []


class TestCreating:
    async def test_sends_the_same_request_with_the_same_key_again(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(NOTHING, refusal(409, "IDEMPOTENCY_IN_PROGRESS", retry_after="1"), success(OFFER, 201))

        offer = await misled.ask(misled.client.offers.create, name="Rooftop solar", abbrev="ROOF")

        assert offer.offer_id == "offer_1"
        assert len({heard.headers["idempotency-key"] for heard in liar.ledger}) == 1
        assert [heard.json for heard in liar.ledger] == [{"name": "Rooftop solar", "abbrev": "ROOF"}] * 3
        assert misled.naps == [0.5, 1.0]

    async def test_takes_a_new_key_for_every_call(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(success(OFFER, 201), success(OFFER, 201))

        for _ in range(2):
            await misled.ask(misled.client.offers.create, name="Rooftop solar", abbrev="ROOF")

        assert len({heard.headers["idempotency-key"] for heard in liar.ledger}) == 2

    async def test_takes_the_callers_own_key(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(success(OFFER))

        await misled.ask(misled.client.offers.archive, "offer_1", idempotency_key="import-7")

        assert liar.ledger[0].headers["idempotency-key"] == "import-7"

    async def test_refuses_a_key_that_no_header_can_hold(self, misled: Caller, liar: LyingServer) -> None:
        with pytest.raises(ValueError, match="visible"):
            await misled.ask(misled.client.offers.archive, "offer_1", idempotency_key="two\nlines")

        assert liar.ledger == []

    async def test_is_not_repeated_after_a_conflict(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(409, "CONFLICT"), success(OFFER, 201))

        with pytest.raises(ConflictError):
            await misled.ask(misled.client.offers.create, name="Rooftop solar", abbrev="ROOF")

        assert len(liar.ledger) == 1


class TestChanging:
    """A change has no idempotency key: repeated blindly, a note would be written twice."""

    @pytest.mark.parametrize("trouble", [NOTHING, HALF], ids=["reset", "half an answer"])
    async def test_is_not_repeated_when_it_may_have_taken_effect(
        self, misled: Caller, liar: LyingServer, trouble: bytes
    ) -> None:
        liar.will(trouble, success(OFFER))

        with pytest.raises(ConnectionFailedError) as failure:
            await misled.ask(misled.client.offers.update, "offer_1", name="Panels")

        assert failure.value.sent
        assert len(liar.ledger) == 1

    async def test_is_not_repeated_after_an_error_of_the_platform(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(500, "INTERNAL_ERROR"), success(OFFER))

        with pytest.raises(ServerError):
            await misled.ask(misled.client.offers.update, "offer_1", name="Panels")

        assert len(liar.ledger) == 1

    async def test_is_repeated_when_it_was_refused_before(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(429, "RATE_LIMITED"), refusal(503, "UNAVAILABLE"), success(OFFER))

        offer = await misled.ask(misled.client.offers.update, "offer_1", name="Panels")

        assert offer.offer_id == "offer_1"


class TestAnAnswerOfSomethingElse:
    @pytest.mark.parametrize(
        "other",
        [
            answer(200, b"<h1>Welcome</h1>", content_type="text/html"),
            answer(200, b'{"hello": "world"}'),
            answer(200, b"[1, 2]"),
            answer(200, b'{"success": true, "data": null}'),
            answer(200, b"\xff\xfe"),
            success({"tenantId": 7}),
        ],
        ids=["a page", "other JSON", "a list", "no data", "no text", "no tenant"],
    )
    async def test_is_told_as_such_and_not_asked_for_again(
        self, misled: Caller, liar: LyingServer, other: bytes
    ) -> None:
        liar.will(other)

        with pytest.raises(MalformedAnswerError):
            await misled.ask(misled.client.tenant.get)

        assert len(liar.ledger) == 1

    async def test_is_a_refusal_when_its_status_says_so(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(answer(418, b"short and stout", content_type="text/plain"))

        with pytest.raises(ApiError) as refused:
            await misled.ask(misled.client.tenant.get)

        assert (refused.value.status, refused.value.code, refused.value.details) == (418, "HTTP_418", [])

    async def test_is_not_followed_to_another_place(self, misled: Caller, liar: LyingServer) -> None:
        """The key would travel along."""
        liar.will(answer(307, b"", location=f"{liar.url}/elsewhere"), success(TENANT))

        with pytest.raises(ApiError):
            await misled.ask(misled.client.tenant.get)

        assert len(liar.ledger) == 1
