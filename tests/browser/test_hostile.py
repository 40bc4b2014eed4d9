"""A record full of hostile text, opened on every kind of page: nothing of it runs.

Every page is watched (see ``visit``): a violation of the policy or an error of a script fails the
test; a dialog that a text has opened does as well.
"""

from __future__ import annotations

import io

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.services import actor_for
from app.database import db, write
from app.notices.models import Announcement
from app.people.models import Staff
from app.records.comments import comment
from app.records.custom_fields.definitions import CustomChoice, CustomField
from app.records.custom_fields.store import define_field
from app.records.files import FileStore, attach
from app.records.services import update
from app.screens.models import SavedView
from tests.integration.screens import building, sample
from tests.services.choosing import further

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}</textarea>"
SHORT = "\"'><img src=x onerror=alert(3)>"


@pytest.fixture(scope="module")
def hostile(site_app) -> int:
    """Key of the record."""
    with site_app.app_context():
        session = db.session
        person = session.scalar(select(User.id).where(User.username == "agent"))
        actor = actor_for(session, person)
        (key,) = building.add_cases(1, subject=SHORT, story=EVIL, phone=SHORT)
        record = session.get(sample.Case, key)
        define_field(session, SYSTEM, sample.Case, CustomField(
            name="evil", kind="choice", label=SHORT, label_zh=SHORT, help=EVIL[:200],
            choices=(CustomChoice("a", SHORT, SHORT),)))
        define_field(session, SYSTEM, sample.Case, CustomField(name="words", label=SHORT))
        update(session, actor, record, {"x_evil": "a", "x_words": EVIL, "story": EVIL + "2"})
        store = FileStore(site_app.config["CARELINE_SETTINGS"])
        attach(session, actor, store, record, f"{SHORT}.txt", io.BytesIO(b"x"))
        comment(session, actor, record, EVIL, mentions=[person], view="sample.Case")
        with write(session):
            session.add(SavedView(list_name="sample.Case", owner_id=person, title=SHORT,
                                  query="state__in=new", shared="all"))
            session.add(Announcement(title=SHORT, text=EVIL))
            kind = session.scalar(select(sample.Kind).limit(1))
            kind.name = SHORT
            staff = session.scalar(select(Staff).where(Staff.user_id != person).limit(1))
            staff.name = SHORT
            record.kind_id = kind.id
            session.add(sample.Note(case_id=key, title=SHORT))
        session.remove()
    return key


@pytest.mark.parametrize(("username", "language"), [further("agent", "en"), ("admin", "zh")])
def test_nothing_of_it_runs(visit, hostile, username, language):
    page = visit(username, language).page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    base = "/sample/cases"
    columns = "all=1&columns=x_evil"
    for path in (
        "/", f"{base}/list/?all=1", f"{base}/list/?{columns.partition('&')[0]}&q=img",
        f"{base}/list/?all=1&mode=board", f"{base}/list/?all=1&mode=calendar",
        f"{base}/list/?all=1&open={hostile}", f"{base}/show/{hostile}", f"{base}/edit/{hostile}",
        f"{base}/peek/{hostile}", f"{base}/delete/{hostile}", f"{base}/bin/", f"{base}/add",
        f"{base}/act/{hostile}/finish", f"{base}/list/?x_evil__in=a",
        f"{base}/add?subject=%22%3E%3Cscript%3Ealert(9)%3C/script%3E", "/search/?q=onerror",
        "/sample/kinds/list/", "/sample/notes/list/", "/notices/", "/account/",
    ):
        answer = page.goto(path)
        if answer.status == 403:
            continue
        assert answer.status == 200, (path, answer.status)
        page.wait_for_timeout(50)
        assert page.locator("img[src=x]").count() == 0, path
    if username == "admin":
        for path in ("/audit/", "/fields/sample.case", "/announcements/list/", "/staff/list/"):
            assert page.goto(path).status == 200
            assert page.locator("img[src=x]").count() == 0, path
    # What scripts draw: tabs, the filter menu, the palette, the people that a comment can name.
    page.goto(f"{base}/show/{hostile}")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.keyboard.press("Control+k")
    page.keyboard.type("img", delay=10)
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    box = page.locator("textarea[name=text]").first
    if box.count():
        box.click()
        page.keyboard.type("@", delay=10)
        page.wait_for_timeout(500)
    assert page.locator("img[src=x]").count() == 0
    assert dialogs == []
