"""The page of a dossier in a real browser, as somebody would print it."""

from urllib.parse import urlsplit

import httpx2
from playwright.async_api import Browser

from leadsail.entrypoints.api import ApiOptions
from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.encryption import MasterKey
from leadsail.ports.journal import Journal
from tests.conftest import TestTenant
from tests.entrypoints.demo.telling import talks, tell
from tests.entrypoints.test_pages import Witness
from tests.foundation.web.serving import own_platform, serving


class TestTheDossierPage:
    async def test_answers_a_strangers_questions_and_asks_nobody(
        self, browser: Browser, platform: Platform, tenant: TestTenant, database_url: str, master_key: MasterKey,
        journal: Journal,
    ) -> None:  # fmt: skip
        await tell(platform, master_key, tenant.tenant_id)
        async with serving(own_platform(database_url, master_key, journal), ApiOptions()) as site:
            page = await browser.new_page(extra_http_headers={"X-API-Key": tenant.key})
            witness = Witness(page)

            await page.goto(f"{site}/api/v1/interactions/{await _denises(site, tenant)}/dossier/page")

            text = await page.inner_text("body")
            assert await page.title() == "Why +15005550108 was contacted"
            assert "Why was Denise Okafor contacted?" in text
            assert "By pressing the button I agree that Brightline Home & Solar may call" in text
            assert " 13:00 in America/Chicago" in text
            assert "I never asked for anything. Take me off your list." in text
            assert "None was kept." in text
            assert "{{" not in text
            assert witness.hosts() == {urlsplit(site).netloc}
            assert witness.complaints == []


async def _denises(site: str, tenant: TestTenant) -> str:
    """The conversation in which Denise asked to be left alone."""
    async with httpx2.AsyncClient(base_url=f"{site}/api/v1", headers={"X-API-Key": tenant.key}) as client:
        return str((await talks(client, phone="+15005550108"))[0]["interactionId"])
