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

    def add(title, *roles, begins=-HOUR, ends=HOUR):
        with write(house.session):
            one = Announcement(
                title=title, text="<b>plain</b>", starts_at=utcnow() + begins,
                ends_at=utcnow() + ends if ends else None,
                roles=list(house.session.scalars(select(Role).where(Role.name.in_(roles)))),
            )
            house.session.add(one)
            house.session.flush()
            return one.id

    return add


def test_it_is_shown_while_it_holds_and_for_whom_it_is_meant(house, desk, announce):
    announce("For all")
    announce("For leaders", "leader", "hr")
    announce("Over", begins=-2 * HOUR, ends=-HOUR)
    announce("Not yet", begins=HOUR, ends=None)
    agent = desk("agent")
    bar = agent.get("/notices/announcements").text
    assert "For all" in bar and "&lt;b&gt;plain" in bar
    assert not any(title in bar for title in ("For leaders", "Over", "Not yet"))
    assert agent.get("/notices/count").json["news"] == 1
    for username in ("fengtao", "hr"):
        told = desk(username)
        assert told.get("/notices/announcements").text.count("For leaders") == 2
        assert told.get("/notices/count").json["news"] == 2


def test_each_one_puts_it_away_alone(house, desk, announce):
    key = announce("For all")
    agent, other = desk("agent"), desk("supervisor")
    assert agent.send(f"/notices/announcements/{key}/dismiss").status_code == 302
    assert "For all" not in agent.get("/notices/announcements").text
    assert "For all" in other.get("/notices/announcements").text
    assert agent.send(f"/notices/announcements/{key}/dismiss").status_code == 404
    hidden = announce("For leaders", "leader")
    assert other.send(f"/notices/announcements/{hidden}/dismiss").status_code == 404


def test_administrators_write_them(house, desk):
    admin = desk("admin")
    assert "Without a role everybody is told." in admin.get("/announcements/add").text
    answer = admin.send("/announcements/add", {"title": "Maintenance", "text": "Tonight"})
    assert answer.status_code == 302, answer.text[-3000:]
    assert "Maintenance" in desk("agent").get("/notices/announcements").text
    assert desk("agent").get("/announcements/list/").status_code == 403
    assert desk("").get("/notices/announcements").status_code == 401


def test_each_language_has_its_text_where_both_are_written(house, desk):
    admin, agent = desk("admin"), desk("agent")
    admin.send("/announcements/add", {
        "title": "Maintenance", "text": "Tonight", "title_zh": "系统维护", "text_zh": "今晚进行"})
    admin.send("/announcements/add", {"title": "Holiday"})
    english = agent.get("/notices/announcements").text
    assert "Maintenance" in english and "Tonight" in english and "系统维护" not in english
    agent.send("/account/language", {"locale": "zh"})
    chinese = agent.get("/notices/announcements").text
    assert "系统维护" in chinese and "今晚进行" in chinese and "Maintenance" not in chinese
    assert "Holiday" in chinese


def test_several_roles_are_chosen_on_the_form_and_shown(house, desk):
    admin = desk("admin")
    keys = dict(house.session.execute(select(Role.name, Role.id)).all())
    form = {"title": "Training", "text": "Room 3"}
    sent = admin.send("/announcements/add",
                      {**form, "roles": [str(keys["leader"]), str(keys["hr"])]})
    assert sent.status_code == 302, sent.text[-3000:]
    one = house.session.scalar(select(Announcement).where(Announcement.title == "Training"))
    assert {role.name for role in one.roles} == {"leader", "hr"}
    assert "Human resources, Leader" in admin.get("/announcements/list/").text
    page = admin.get(f"/announcements/show/{one.id}").text
    assert "Human resources" in page and "Everybody" not in page
    assert "Training" not in desk("agent").get("/notices/announcements").text
    assert admin.send(f"/announcements/edit/{one.id}", {**form, "roles": ""}).status_code == 302
    assert "Everybody" in admin.get("/announcements/list/").text
    assert "Training" in desk("agent").get("/notices/announcements").text
    strange = admin.send("/announcements/add", {**form, "roles": "999999"})
    assert strange.status_code in (200, 422) and "Choose one from the list" in strange.text


def test_a_deleted_role_opens_nothing_to_everybody(house, desk, announce):
    with write(house.session):
        role = Role(name="trainees")
        house.session.add(role)
    only, also = announce("Trainees", "trainees"), announce("Both", "trainees", "leader")
    with write(house.session):
        house.session.delete(house.session.get(Role, role.id))
    assert house.session.get(Announcement, only, populate_existing=True) is None
    assert house.session.get(Announcement, also) is not None
    assert desk("agent").get("/notices/count").json["news"] == 0
    assert desk("fengtao").get("/notices/count").json["news"] == 1


def test_the_style_guide_is_for_administrators(house, desk):
    page = desk("admin").get("/styleguide/").text
    assert page.count('class="swatch ') >= 13
    assert "icon-grid" in page
    assert desk("supervisor").get("/styleguide/").status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_is_filtered_by_role(house, desk, announce):
    announce("For all")
    announce("For leaders", "leader", "hr")
    announce("For agents", "agent")
    admin = desk("admin")
    roles = dict(house.session.execute(select(Role.name, Role.id)).all())
    titles = ("For all", "For leaders", "For agents")

    def listed(query):
        page = admin.get(f"/announcements/list/?{query}").text
        return [title for title in titles if f">{title}<" in page]

    assert listed("") == list(titles)
    assert listed(f"roles__in={roles['hr']}") == ["For leaders"]
    assert listed(f"roles__in={roles['hr']}&roles__in={roles['agent']}") == list(titles[1:])
    assert listed(f"roles__not_in={roles['hr']}") == ["For all", "For agents"]
    assert listed("roles__empty=1") == ["For all"]
    assert listed("roles__filled=1") == list(titles[1:])
    assert admin.get("/announcements/list/?roles__in=x").status_code == 400
    offered = admin.get("/announcements/options/roles?q=").json["options"]
    assert {"value": str(roles["leader"]), "label": "Leader"} in offered
    page = admin.get(f"/announcements/list/?roles__in={roles['hr']}").text
    assert "Human resources" in page.split("filter-bar", 1)[1].split("<table", 1)[0]
    assert "/announcements/options/roles" in admin.get("/announcements/filters").text
