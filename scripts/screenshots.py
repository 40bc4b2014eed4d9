"""Takes the pictures of the documents from a running demo.

    CARELINE_DEMO_PASSWORD=... python -m scripts.screenshots http://127.0.0.1:8080

Needs Debian's chromium-headless-shell or chromium. Pictures go to ``docs/images``; each stays
under 200 kB.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config import ROOT
from scripts.browser import ARGUMENTS, chromium

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 200_000
SETTLES_WITHIN_MS = 600


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """One picture.

    Attributes:
        name: file name without its ending.
        username: demo person who looks at it.
        path: address of the page.
        locale: language of the page, ``zh`` or ``en``.
        first_row: whether the first record of the list is opened.
        keys: keys pressed when the page stands, e.g. ``Control+k``.
        typed: text typed after them.
        dark: whether the page is dark.
    """

    name: str
    username: str
    path: str
    locale: str
    first_row: bool = False
    keys: tuple[str, ...] = ()
    typed: str = ""
    dark: bool = False


_LIST = "/complaints/list/"
PICTURES = (
    Picture("list", "supervisor", _LIST, "en"),
    Picture("list-zh", "supervisor", _LIST, "zh"),
    Picture("record", "supervisor", _LIST, "en", first_row=True),
    Picture("record-zh", "supervisor", _LIST, "zh", first_row=True),
    Picture("home-zh", "supervisor", "/", "zh"),
    Picture("panel-zh", "supervisor", _LIST, "zh", keys=("j", "j", "Space")),
    Picture("board", "supervisor", _LIST + "?mode=board", "en", dark=True),
    Picture("palette-zh", "agent", "/", "zh", keys=("Control+k",), typed="lx"),
    Picture("roles-zh", "admin", "/roles/matrix", "zh"),
    Picture("desk", "agent", "/enquiries/add", "en"),
    Picture("desk-zh", "agent", "/enquiries/add", "zh"),
    Picture("administration-zh", "admin", "/administration/", "zh"),
)


def sign_in(page: Page, url: str, username: str, password: str) -> None:
    """Sign in on the page, as people do."""
    page.goto(f"{url}/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def take(browser: Browser, url: str, password: str, picture: Picture) -> Path:
    """Take one picture and return its file.

    Args:
        browser: a running browser.
        url: address of the demo.
        password: password of the demo people.
        picture: what to take.

    Raises:
        RuntimeError: the file is too large for the repository.
    """
    locale = {"zh": "zh-CN", "en": "en-GB"}[picture.locale]
    context = browser.new_context(
        viewport={"width": 1120, "height": 580}, locale=locale,
        color_scheme="dark" if picture.dark else "light",
    )
    page = context.new_page()
    sign_in(page, url, picture.username, password)
    page.goto(url + picture.path)
    if picture.first_row:
        page.locator("table tbody a[href*='/show/']").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    for key in picture.keys:
        page.keyboard.press(key)
    page.keyboard.type(picture.typed)
    page.wait_for_load_state("networkidle")
    # What was asked for by keys comes with a short movement.
    page.wait_for_timeout(SETTLES_WITHIN_MS)
    file = IMAGES / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    if file.stat().st_size > MOST_BYTES:
        raise RuntimeError(f"{file.name} has {file.stat().st_size} bytes.")
    return file


def main() -> int:
    """Take all pictures."""
    if len(sys.argv) != 2 or "CARELINE_DEMO_PASSWORD" not in os.environ:
        print(__doc__)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for picture in PICTURES:
            print(take(browser, sys.argv[1], os.environ["CARELINE_DEMO_PASSWORD"], picture).name)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
