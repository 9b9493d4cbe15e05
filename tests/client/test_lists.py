"""Lists whose pages lie."""

from typing import Any

import pytest

from leadsail.client import MalformedAnswerError
from tests.client.callers import Caller
from tests.client.lying_server import OFFER, LyingServer, success

LEADS: dict[str, Any] = {"leads": [], "hasMore": True}


class TestALazyList:
    async def test_sends_nothing_before_it_is_read(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(success({"offers": [OFFER], "pagination": {"total": 1, "page": 1, "limit": 100}}))

        offers = misled.client.offers.list()
        before = len(liar.ledger)
        read = await misled.all(offers)

        assert (before, len(read), len(liar.ledger)) == (0, 1, 1)

    async def test_keeps_its_filters_on_every_page(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(
            *[success({"offers": [OFFER], "pagination": {"total": 2, "page": page, "limit": 1}}) for page in (1, 2)]
        )

        await misled.all(misled.client.offers.list(search="ö & co", limit=1))

        assert [heard.target for heard in liar.ledger] == [
            "/api/v1/offers?search=%C3%B6+%26+co&limit=1",
            "/api/v1/offers?search=%C3%B6+%26+co&limit=1&page=2",
        ]


class TestALyingList:
    async def test_ends_when_a_page_is_empty(self, misled: Caller, liar: LyingServer) -> None:
        """Records that were put away meanwhile are still in the total."""
        liar.will(success({"offers": [], "pagination": {"total": 9, "page": 2, "limit": 1}}))

        assert await misled.all(misled.client.offers.list()) == []

    async def test_does_not_run_in_circles(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(*[success(LEADS | {"nextCursor": "lead_1"})] * 3)

        with pytest.raises(MalformedAnswerError):
            await misled.all(misled.client.leads.list())

        assert len(liar.ledger) == 2

    @pytest.mark.parametrize(
        "data",
        [LEADS, {"hasMore": False}, {"leads": {}}, {"leads": [7]}, {"leads": [], "pagination": {"total": "9"}}],
        ids=["no cursor", "no list", "no array", "no record", "no numbers"],
    )
    async def test_is_told_as_such(self, misled: Caller, liar: LyingServer, data: dict[str, Any]) -> None:
        liar.will(success(data))

        with pytest.raises(MalformedAnswerError):
            await misled.all(misled.client.leads.list())
