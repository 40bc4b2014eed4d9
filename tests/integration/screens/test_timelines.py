"""Long timelines: what is shown first, and the way to all that came before."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from app.access.actor import SYSTEM
from app.access.audit import record_act
from app.access.models import AuditEntry
from app.database import db, utcnow, write
from app.records.models import Comment
from app.screens.records import timeline
from tests.integration.screens.building import add_cases

pytestmark = pytest.mark.both_databases


PARTIAL = {"HX-Request": "true"}
EARLIER = re.compile(r'href="(/sample/cases/timeline/[^"]+)"')
SAID = re.compile(r"note (\d+)<|renamed (\d+)")


@pytest.fixture
def case(app) -> int:
    with app.app_context():
        return add_cases(1, subject="手续费争议")[0]


@pytest.fixture
def short_pages(monkeypatch) -> None:
    """Pages of five entries, so that a long timeline is quickly made."""
    monkeypatch.setattr(timeline, "MOST", 5)


def fill(app, case: int, comments: int, changes: int, way: str = "in turn") -> None:
    """Write comments and changes in turn, the highest number last, one second apart.

    Args:
        way: ``apart`` puts all changes before all comments; ``backwards`` writes the newest first,
            as one who brings in old records does.
    """
    kind = "sample.case"
    begin = utcnow() - dt.timedelta(hours=1)
    with app.app_context(), write(db.session):
        total = comments + changes
        order = (["change"] * changes + ["comment"] * comments) if way == "apart" else [
            "comment" if place % 2 and place // 2 < comments else "change"
            for place in range(total)
        ]
        written = list(enumerate(order))
        for place, what in reversed(written) if way == "backwards" else written:
            at = begin + dt.timedelta(seconds=place)
            if what == "comment":
                db.session.add(Comment(
                    record_type=kind, record_id=case, at=at, text=f"note {place}", author_id=1,
                    author_name="A", kind="comment"))
            else:
                db.session.add(AuditEntry(
                    record_type=kind, record_id=case, at=at, action="change", actor_name="A",
                    change_set=f"set-{place}", digest=f"{place:064}",
                    chain=f"{place:064}", changes={"subject": ["x", f"renamed {place}"]}))


def numbers(page: str) -> list[int]:
    """Return the numbers of the entries of a page, in its order."""
    return [int(one or other) for one, other in SAID.findall(page)]


@pytest.mark.parametrize("way", ["in turn", "apart", "backwards"])
@pytest.mark.usefixtures("short_pages")
def test_every_entry_is_reached_once_and_in_order(app, browser, case, way):
    fill(app, case, comments=8, changes=9, way=way)
    agent = browser("agent")
    page = agent.get(f"/sample/cases/show/{case}").text
    found = numbers(page)
    assert len(found) == 5
    assert "There are earlier entries." in page
    steps = 0
    while address := EARLIER.search(page):
        steps += 1
        assert steps < 10
        page = agent.get(html.unescape(address[1]), headers=PARTIAL).text
        assert "<html" not in page
        found += numbers(page)
    assert found == list(range(16, -1, -1))
    assert steps >= 3


@pytest.mark.usefixtures("short_pages")
def test_a_short_timeline_offers_nothing_earlier(app, browser, case):
    fill(app, case, comments=2, changes=2)
    page = browser("agent").get(f"/sample/cases/show/{case}").text
    assert len(numbers(page)) == 4
    assert not EARLIER.search(page)


@pytest.mark.usefixtures("short_pages")
def test_acts_that_are_shown_elsewhere_hide_nothing(app, browser, case):
    fill(app, case, comments=0, changes=2)
    with app.app_context(), write(db.session):
        for place in range(40):
            db.session.add(AuditEntry(
                record_type="sample.case", record_id=case, at=utcnow(), action="denied",
                actor_name="A", change_set=f"denied-{place}", changes={},
                digest=f"{place:064}",
                    chain=f"{place:064}"))
    page = browser("agent").get(f"/sample/cases/show/{case}").text
    assert numbers(page) == [1, 0]


@pytest.mark.usefixtures("short_pages")
def test_without_scripts_the_earlier_entries_are_a_page(app, browser, case):
    fill(app, case, comments=4, changes=4)
    page = browser("agent").get(f"/sample/cases/timeline/{case}?skip=5").text
    assert "<html" in page and "Earlier entries" in page
    assert numbers(page) == [2, 1, 0]


@pytest.mark.parametrize("skip", ["", "-1", "x", "99999999"])
def test_a_nonsensical_place_is_not_found(browser, case, skip):
    assert browser("agent").get(f"/sample/cases/timeline/{case}?skip={skip}").status_code == 404


@pytest.mark.parametrize(("language", "name"), [("zh", "系统"), ("en", "The system")])
def test_what_the_product_did_stands_under_its_name_in_the_language_of_the_page(
        app, case, browser, language, name):
    with app.app_context(), write(db.session):
        record_act(db.session, SYSTEM, "change", record_type="sample.case", record_id=case,
                   number="X-1", changes={"subject": ["甲", "乙"]})
    page = browser("agent").get(f"/sample/cases/show/{case}",
                                headers={"Accept-Language": language}).text
    assert f"<strong>{name}</strong>" in page and "<strong>System</strong>" not in page
