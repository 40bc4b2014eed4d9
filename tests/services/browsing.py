"""The one browser of a test process: two could not be steered side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.web.assets import VENDOR
from scripts import browser
from tests.services.contexts import Contexts


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium of the system; without it, or without the front end, tests are skipped."""
    command = browser.chromium()
    if command is None:
        pytest.skip("Chromium is not installed (Debian: apt install chromium-headless-shell)")
    if not (VENDOR / ".stamp").exists():
        pytest.skip("the front end is not installed (python scripts/frontend.py)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=command, args=browser.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Contexts:
    """Contexts of the browser, lent to one visitor after the other."""
    return Contexts(chromium)
