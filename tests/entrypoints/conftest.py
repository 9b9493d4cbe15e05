"""A real browser, and the pages as it sees them."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium, or Playwright's own."""
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    async with async_playwright() as playwright:
        # As root, Chromium starts only without its sandbox; the pages here are our own.
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()
