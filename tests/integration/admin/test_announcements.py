"""Announcements: for whom, for how long, put away by each for themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.database import utcnow, write
from app.notices.models import Announcement

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def announce(house):
    """Write an announcement."""

    def add(title, role="", begins=-HOUR, ends=HOUR):
        with write(house.session):
            one = Announcement(
                title=title, text="<b>plain</b>", starts_at=utcnow() + begins,
                ends_at=utcnow() + ends if ends else None,
                role_id=house.session.scalar(select(Role.id).where(Role.name == role)),
            )
            house.session.add(one)
            house.session.flush()
            return one.id

    return add


def test_it_is_shown_while_it_holds_and_for_whom_it_is_meant(house, desk, announce):
    announce("For all")
    announce("For leaders", role="leader")
    announce("Over", begins=-2 * HOUR, ends=-HOUR)
    announce("Not yet", begins=HOUR, ends=None)
    agent = desk("agent")
    bar = agent.get("/notices/announcements").text
    assert "For all" in bar and "&lt;b&gt;plain" in bar
    assert not any(title in bar for title in ("For leaders", "Over", "Not yet"))
    assert agent.get("/notices/count").json["news"] == 1
    assert "For leaders" in desk("fengtao").get("/notices/announcements").text


def test_each_one_puts_it_away_alone(house, desk, announce):
    key = announce("For all")
    agent, other = desk("agent"), desk("supervisor")
    assert agent.send(f"/notices/announcements/{key}/dismiss").status_code == 302
    assert "For all" not in agent.get("/notices/announcements").text
    assert "For all" in other.get("/notices/announcements").text
    assert agent.send(f"/notices/announcements/{key}/dismiss").status_code == 404
    hidden = announce("For leaders", role="leader")
    assert other.send(f"/notices/announcements/{hidden}/dismiss").status_code == 404


def test_administrators_write_them(house, desk):
    admin = desk("admin")
    assert admin.get("/announcements/add").status_code == 200
    answer = admin.send("/announcements/add", {"title": "Maintenance", "text": "Tonight"})
    assert answer.status_code == 302, answer.text[-3000:]
    assert "Maintenance" in desk("agent").get("/notices/announcements").text
    assert desk("agent").get("/announcements/list/").status_code == 403
    assert desk("").get("/notices/announcements").status_code == 401


def test_the_style_guide_is_for_administrators(house, desk):
    page = desk("admin").get("/styleguide/").text
    assert page.count('class="swatch ') >= 13
    assert "icon-grid" in page
    assert desk("supervisor").get("/styleguide/").status_code == 403
