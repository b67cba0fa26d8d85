"""The system's Chromium, for the tests that look at a page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

# The one without windows first: it needs half as much for the same page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters are as wide in each of them
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of one's own; on a machine without any the test says so and is skipped."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the browser test is skipped")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        await found.close()
