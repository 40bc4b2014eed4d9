"""A real browser on a real server: the sample department on a temporary database.

Chromium is the system's. Every page is watched: a request to another host, a violation of the
content security policy or an error in the console fails the test.
"""

from __future__ import annotations

import dataclasses
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Cookie,
    Page,
    Request,
    expect,
)
from sqlalchemy import select
from werkzeug.serving import make_server

from app import create_app
from app.database import db, write
from app.records.search.index import index
from config import Settings
from tests.integration.screens import building, sample
from tests.services.applications import SharedApplications, release
from tests.services.contexts import PATIENCE_MS, Contexts, sign_in
from tests.services.databases import sqlite_database
from tests.services.schema import FIELD_KEY
from tests.services.shared import SharedServices
from tests.services.verdicts import share

expect.set_options(timeout=PATIENCE_MS)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


# Whether pages are looked at in all combinations; see ``tests/browser/product/pages.py``.
EVERY_COMBINATION = os.environ.get("CARELINE_EVERY_COMBINATION", "")
# An address for the signed in alone that costs little.
_CHEAP = "/notices/count?known="


@dataclasses.dataclass
class Watch:
    """What went wrong on the pages of one context."""

    host: str
    problems: list[str] = dataclasses.field(default_factory=list)
    expected: list[str] = dataclasses.field(default_factory=list)

    def request(self, request: Request) -> None:
        """Note a request to another host; the browser's own viewer of PDF is a part of it."""
        own = (self.host, "data:", "blob:", "about:", "chrome-extension:", "chrome:")
        if not request.url.startswith(own):
            self.problems.append(f"request to {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        """Note errors and warnings; a status that a test asks for is told beforehand."""
        if message.type in ("error", "warning") and not any(
            text in message.text for text in self.expected
        ):
            place = message.location.get("url", "")
            self.problems.append(f"console {message.type}: {message.text} ({place})")

    def failure(self, error: object) -> None:
        """Note an error that a script did not catch."""
        self.problems.append(f"script: {error}")


@pytest.fixture(scope="session")
def site_applications(applications: SharedApplications) -> SharedApplications:
    """The applications behind the sites of this test process, on a folder of their own."""
    return SharedApplications(applications.folder.parent / "site" / "var")


@pytest.fixture(scope="module")
def database_of_site() -> str:
    """Which template the database of a module's site is a copy of."""
    return "sample"


@pytest.fixture(scope="module")
def site_settings(
    services: SharedServices, site_applications: SharedApplications, secret_key: str,
    database_of_site: str,
) -> Settings:
    """Settings of an installation for the tests of one module; only its contents are its own."""
    site_applications.empty_folder()
    folder = site_applications.folder.parent
    return Settings.from_environment(
        {}, environment="test", secret_key=secret_key, field_keys=(FIELD_KEY,),
        var_dir=share(site_applications.folder),
        database_url=sqlite_database(services.sqlite_template(database_of_site), folder),
        # The public register would add 15,000 rows and half a minute.
        data_dir=folder / "no-data",
    )


@pytest.fixture(scope="module")
def product(site_settings: Settings, site_applications: SharedApplications) -> Iterator[Flask]:
    """The whole product on the module's database, without what the module adds to it."""
    app = site_applications.give(site_settings, create_app)
    yield app
    release(app)


@pytest.fixture(scope="module")
def site_app(site_settings: Settings, site_applications: SharedApplications) -> Iterator[Flask]:
    """The application with the sample and some data, for the tests of one module."""
    app = site_applications.give(site_settings, building.build)
    with app.app_context():
        with write(db.session):
            db.session.add_all([sample.Kind(name=name) for name in ("贷款咨询", "车辆质量")])
        building.add_cases(60)
        (key,) = building.add_cases(
            1, subject="提前还款手续费争议", urgent=True, phone="13800138000",
            story="客户用 13800138000 来电，反映提前还款手续费与合同约定不一致。\n要求书面答复。",
        )
        with write(db.session):
            db.session.add(sample.Note(case_id=key, title="Called back"))
            for case in db.session.scalars(select(sample.Case)).all():
                index(db.session, [case])
        db.session.remove()
    yield app
    release(app)


@pytest.fixture(scope="session")
def site_socket() -> Iterator[socket.socket]:
    """The socket of all sites of this test process: under one address scripts stay in the cache."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        yield listening


@pytest.fixture(scope="module")
def site(site_app: Flask, site_socket: socket.socket) -> Iterator[str]:
    """Address of the running server."""
    host, port = site_socket.getsockname()
    server = make_server(host, port, site_app, threaded=True, fd=site_socket.fileno())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://{host}:{port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclasses.dataclass
class Visitor:
    """A browser context with one page."""

    context: BrowserContext
    page: Page
    watch: Watch


@pytest.fixture(scope="module")
def signed_in(site: str) -> dict[tuple[str, str], list[Cookie]]:
    """The cookies of those who have signed in, by name and language."""
    return {}


@pytest.fixture
def visit(
    contexts: Contexts, site: str, signed_in: dict[tuple[str, str], list[Cookie]],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Visitor]]:
    """Open a page: ``visit("agent", language="zh", theme="dark", width="phone")``.

    The page is still empty; who is named has signed in.

    Fails afterwards when the watch has seen anything, and keeps a picture of a failed test where
    ``CARELINE_SCREENSHOTS`` names a folder.
    """
    opened: list[Visitor] = []

    def open_context(
        username: str = "", language: str = "en", theme: str = "light", width: str = "desk"
    ) -> Visitor:
        context = contexts.lend(site, language, theme, width)
        known = signed_in.get((username, language), [])
        context.add_cookies(known)
        # A test may have ended the session.
        if username and not (known and context.request.get(_CHEAP, max_redirects=0).ok):
            sign_in(context, username)
            signed_in[username, language] = context.cookies()
        watch = Watch(site)
        page = context.new_page()
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", watch.failure)
        visitor = Visitor(context, page, watch)
        opened.append(visitor)
        return visitor

    yield open_context
    problems = [problem for visitor in opened for problem in visitor.watch.problems]
    folder = os.environ.get("CARELINE_SCREENSHOTS")
    for place, visitor in enumerate(opened):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            name = request.node.name.translate(str.maketrans("[]/ ", "----"))
            visitor.page.screenshot(path=Path(folder) / f"{name}-{place}.png")
        contexts.take_back(visitor.context)
    assert problems == []


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of axe-core; run through the debugger, so the policy stays in force."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (python scripts/frontend.py)")
    return AXE.read_text(encoding="utf-8")


