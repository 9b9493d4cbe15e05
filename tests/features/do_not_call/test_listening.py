"""Words that end contact, whoever hears them: a text, a spoken turn, or another agent's transcript."""

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.do_not_call.service import ListeningService
from leadsail.features.do_not_call.service.listening import Meaning, Said
from tests.conftest import TestTenant

HANDSET, OURS, ANOTHER_OF_OURS = "+15002550142", "+15002550100", "+15002550101"


class Ear:
    """The ear of one tenant."""

    def __init__(self, platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> None:
        self._platform = platform
        self._tenant = tenant
        self._api = api

    async def hears(self, words: str, channel: str = "sms", sender: str | None = OURS) -> Meaning:
        """What comes of these words."""
        said = Said(HANDSET, words, "sms" if channel == "sms" else "speech", sender)
        async with self._platform.database.work(self._tenant.tenant_id, "test") as work:
            return await self._platform.service(ListeningService).hear(work, said)

    async def hears_all(self, *words: str) -> Meaning:
        """What comes of a conversation."""
        turns = [Said(HANDSET, one, "speech", OURS) for one in words]
        async with self._platform.database.work(self._tenant.tenant_id, "test") as work:
            return await self._platform.service(ListeningService).hear_transcript(work, turns)

    async def may(self, channel: str) -> bool:
        """Whether the handset may be contacted now."""
        answer = await self._api.post("/contact-check", json={"phone": HANDSET, "channel": channel})
        return bool(answer.json()["data"]["decision"] == "allow")


@pytest.fixture
def ear(platform: Platform, tenant: TestTenant, api: httpx2.AsyncClient) -> Ear:
    """The ear of this test's tenant."""
    return Ear(platform, tenant, api)


class TestHearing:
    @pytest.mark.parametrize(
        ("words", "channel"),
        [("STOP", "sms"), ("please lose my number", "sms"), ("um could you stop calling me please", "speech")],
    )
    async def test_an_opt_out_closes_every_channel(self, ear: Ear, words: str, channel: str) -> None:
        assert await ear.hears(words, channel) == "opted_out"
        assert not await ear.may("call")
        assert not await ear.may("sms")

    async def test_the_words_are_kept_as_evidence(self, ear: Ear, api: httpx2.AsyncClient) -> None:
        await ear.hears("Please stop texting me")

        [entry] = (await api.get("/do-not-call")).json()["data"]["entries"]
        assert entry["source"] == "sms"
        assert entry["evidence"]["words"] == "Please stop texting me"
        assert entry["evidence"]["certainty"] == "free"

    async def test_wanting_more_changes_nothing(self, ear: Ear) -> None:
        assert await ear.hears("please don't stop calling me") == "nothing"
        assert await ear.may("call")

    async def test_a_transcript_of_another_agent_counts_as_well(self, ear: Ear) -> None:
        assert await ear.hears_all("hello", "who is this", "take me off your list") == "opted_out"
        assert not await ear.may("call")

    async def test_help_is_noticed(self, ear: Ear) -> None:
        assert await ear.hears("HELP") == "asked_for_help"


class TestStartingAgain:
    async def test_start_from_the_handset_lifts_that_sender(self, ear: Ear) -> None:
        await ear.hears("STOP")

        assert await ear.hears("START") == "restarted"

    async def test_start_that_is_only_spoken_lifts_nothing(self, ear: Ear) -> None:
        await ear.hears("STOP")

        assert await ear.hears("start", "speech") == "nothing"
        assert not await ear.may("call")
