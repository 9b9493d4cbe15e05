"""The pages for people, in a real browser: they show what they should and ask no other host for anything."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.routing import Route

from leadsail.entrypoints.api import ApiOptions
from leadsail.entrypoints.demo_file import DemoFile
from leadsail.entrypoints.health import Readiness
from leadsail.entrypoints.pages.routes import StartPage
from leadsail.foundation.encryption import MasterKey
from leadsail.ports.journal import Journal
from tests.foundation.web.serving import own_platform, serving

INTERACTION = "int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"
KEY = "ls_live_" + "a" * 40


@pytest.fixture
def demo_file(tmp_path: Path) -> DemoFile:
    """The demo's file, not written yet."""
    return DemoFile(tmp_path / "demo.json")


@pytest.fixture
async def site(database_url: str, master_key: MasterKey, journal: Journal, demo_file: DemoFile) -> AsyncIterator[str]:
    """The address of the platform."""
    async with serving(own_platform(database_url, master_key, journal), ApiOptions(demo_file=demo_file)) as address:
        yield address


class Witness:
    """What a page asked for, and what it complained about."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def hosts(self) -> set[str]:
        """The hosts that were asked, `data:` and `blob:` left out, since they ask nobody."""
        parts = [urlsplit(url) for url in self.requests]
        return {part.netloc for part in parts if part.scheme not in ("data", "blob")}


class TestTheReference:
    async def test_shows_operations_with_code_and_asks_nobody_else(self, browser: Browser, site: str) -> None:
        page = await browser.new_page()
        witness = Witness(page)

        await page.goto(f"{site}/docs")
        await page.get_by_role("heading", name="Create a lead directly").wait_for()
        await page.wait_for_load_state("networkidle")

        await page.locator("[id='tag/Leads/operation/createLead']").get_by_role("tab", name="Python").click()
        await page.get_by_text("client.leads.create").first.wait_for()
        assert await page.get_by_role("heading", name="Read an interaction").count() == 1
        assert witness.hosts() == {urlsplit(site).netloc}
        assert witness.complaints == []

    async def test_finds_an_operation_by_a_word(self, browser: Browser, site: str) -> None:
        page = await browser.new_page()
        await page.goto(f"{site}/docs")

        await page.get_by_placeholder("Search").first.fill("unarchive")

        found = page.locator("[data-role='search:results'] [role=menuitem]")
        await found.filter(has_text="Unarchive a campaign").wait_for()

    async def test_is_kept_by_the_browser(self, browser: Browser, site: str) -> None:
        page = await browser.new_page()
        async with page.expect_response(re.compile("redoc.js")) as caught:
            await page.goto(f"{site}/docs")

        headers = (await caught.value).headers
        assert "immutable" in headers["cache-control"]


class TestTheStartPage:
    async def test_says_what_runs(self, browser: Browser, site: str) -> None:
        page = await browser.new_page()
        witness = Witness(page)

        await page.goto(site)

        text = await page.inner_text("body")
        assert "LeadSail is running" in text
        assert re.search(r"PostgreSQL \d+\.\d+", text)
        assert "not affiliated with LeadSail" in text
        assert witness.hosts() == {urlsplit(site).netloc}
        assert witness.complaints == []

    async def test_says_when_the_database_is_silent(self) -> None:
        async def silent() -> Readiness:
            return Readiness()

        app = Starlette(routes=[Route("/", StartPage(silent, "http://127.0.0.1:8000", None).answer)])

        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://leadsail.test"
        ) as client:
            answer = await client.get("/")

        assert answer.status_code == 200
        assert "The database does not answer" in answer.text

    async def test_offers_the_demos_conversation_without_its_key(
        self, browser: Browser, site: str, demo_file: DemoFile
    ) -> None:
        demo_file.write({"apiKey": KEY, "interactionIds": [INTERACTION]})
        page = await browser.new_page()

        await page.goto(site)

        html = await page.content()
        assert f"/api/v1/interactions/{INTERACTION}" in html
        assert "$LEADSAIL_API_KEY" in html
        assert KEY not in html

    async def test_leads_on_to_pages_that_answer(self, browser: Browser, site: str) -> None:
        page = await browser.new_page()
        await page.goto(site)
        links = [await link.get_attribute("href") or "" for link in await page.locator("nav a").all()]

        answers = [await page.request.get(f"{site}/{link}") for link in links]

        assert links == ["docs", "openapi.json", "readyz", "metrics"]
        assert [answer.status for answer in answers] == [200] * 4
