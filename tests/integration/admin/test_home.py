"""The home page: by role, with what can be done from it, in one's own order."""

from __future__ import annotations

import datetime as dt
import html
import re
import zoneinfo

import pytest
from sqlalchemy import select

from app.database import utcnow, write
from app.people.models import Absence, Staff, Team
from app.screens.home.home import FIRST_CARDS, arranged
from app.sdk import Card
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import proposed, registered

BROKEN = "could not be loaded"
WHOLE = "/?cards=all"


def titles(page):
    """Return the titles of the cards."""
    return re.findall(r'class="card-title" id="card-\d+">([^<]+)<', page)


@pytest.mark.both_databases
def test_every_role_has_cards_that_work(house, desk):
    proposed(house)
    for username, wanted in (
        ("agent", "To do next"), ("supervisor", "Overdue"), ("admin", "System health"),
        ("fengtao", "To do next"), ("hr", "Away today"),
    ):
        page = desk(username).get(WHOLE).text
        assert BROKEN not in page, username
        assert wanted in titles(page), username


@pytest.mark.both_databases
def test_figures_of_staff_open_the_people_behind_them(house, desk):
    today = dt.datetime.now(zoneinfo.ZoneInfo("Asia/Shanghai")).date()
    with write(house.session):
        first, second = house.session.scalars(select(Staff).order_by(Staff.id).limit(2))
        first.team_id, first.hired_on = None, today
        second.hired_on, second.department_id = today - dt.timedelta(days=30), None
        now = utcnow()
        for begin, end in ((-5, 5), (-9, -1), (24, 48)):
            house.session.add(Absence(
                staff_id=first.id, starts_at=now + dt.timedelta(hours=begin),
                ends_at=now + dt.timedelta(hours=end)))
    hr = desk("hr")
    page = hr.get(WHOLE).text
    for label in ("Staff", "Without a team", "Without a department", "Hired in the last 30 days",
                  "Absences now"):
        figure = re.search(
            rf'href="(/(?:staff|absences)/list/[^"]*)"[^>]*>\s*<[^>]*>([\d,]+)<[^>]*>'
            rf'\s*<[^>]*>{label}<', page)
        assert figure, label
        listed = hr.get(html.unescape(figure[1])).text
        assert listed.count('class="row-link"') == int(figure[2]), label
    assert "Hired in the last 30 days" not in desk("supervisor").get(WHOLE).text


def card(page, title):
    """Return the text of the card with a title."""
    return re.search(rf'class="card-title" id="card-\d+">{title}<.*?</section>', page, re.S)[0]


def test_those_who_look_after_people_see_who_lacks_a_place_and_who_is_away(house, desk):
    now = utcnow()
    with write(house.session):
        away, soon, lost = house.session.scalars(select(Staff).order_by(Staff.id).limit(3))
        lost.department_id = lost.team_id = None
        for person, begin in ((away, -5), (soon, 24)):
            house.session.add(Absence(
                staff_id=person.id, starts_at=now + dt.timedelta(hours=begin),
                ends_at=now + dt.timedelta(hours=begin + 48)))
        names = {"away": away.name, "soon": soon.name, "lost": lost.name}
    page = desk("hr").get(WHOLE).text
    assert names["away"] in card(page, "Away today")
    assert names["soon"] in card(page, "Upcoming absences")
    assert names["soon"] not in card(page, "Away today")
    places = card(page, "Without a department or a team")
    assert names["lost"] in places and "No department" in places
    counted = re.findall(
        r'href="(/staff/list/[^"]*department__in[^"]*)".*?>(\d+) (?:people|person)<',
        card(page, "People by department"), re.S)
    assert len(counted) > 1
    for address, number in counted:
        listed = desk("hr").get(html.unescape(address)).text
        assert listed.count('class="row-link"') == int(number)
    for username in ("agent", "fengtao"):
        assert not {"People by department", "Without a department or a team"} & set(
            titles(desk(username).get(WHOLE).text))


def test_administration_is_for_administrators(house, desk):
    for username in ("agent", "supervisor", "hr", "fengtao"):
        shown = set(titles(desk(username).get(WHOLE).text))
        assert not {"System health", "Plugins", "Jobs"} & shown


def test_a_new_complaint_of_the_team_is_taken_with_one_click(house, desk):
    complaint = registered(house)
    with write(house.session):
        record = house.session.get(Complaint, complaint.id)
        record.owner_id = None
        record.team_id = house.session.scalar(select(Team.id).where(Team.name == "热线一组"))
    agent = desk("agent")
    page = agent.get(WHOLE).text
    form = re.search(
        rf'action="(/complaints/act/{complaint.id}/take)".*?name="version" value="(\d+)"', page,
        re.S,
    )
    answer = agent.send(form.group(1), {"version": form.group(2), "next": "/"})
    assert answer.location == "/"
    house.session.expire_all()
    assert house.session.get(Complaint, complaint.id).owner_id == house.actor("agent").user_id


def test_an_approval_shows_its_substance_and_comes_back_home(house, desk):
    complaint = proposed(house)
    leader = desk("fengtao")
    page = leader.get(WHOLE).text
    assert "退还违约金 500 元" in page
    address = f"/complaints/act/{complaint.id}/approve?next=/"
    assert address in page.replace("%2F", "/")
    dialog = leader.get(address, headers={"HX-Request": "true"}).text
    version = re.search(r'name="version" value="(\d+)"', dialog).group(1)
    answer = leader.send(address, {"version": version, "next": "/", "approval_note": ""})
    assert answer.location == "/"
    house.session.expire_all()
    assert house.session.get(Complaint, complaint.id).state == "approved"


@pytest.mark.both_databases
def test_what_is_to_be_done_stands_in_one_list(house, desk):
    complaint = proposed(house)
    page = desk("fengtao").get(WHOLE).text
    assert titles(page)[0] == "To do next"
    assert "Waiting for my approval" not in titles(page)
    mine = card(page, "To do next")
    assert complaint.number in mine and ">Approval<" in mine
    # The whole list of each kind is one click away.
    assert re.search(r'<a href="/complaints/list/[^"]*">Waiting for my approval</a>', mine)


def test_the_list_stands_where_the_person_puts_it_and_leaves_out_what_is_hidden(house, desk):
    leader = desk("fengtao")
    proposed(house)
    names = re.findall(r'name="order" value="([^"]+)"', leader.get("/home/arrange").text)
    last = "complaints.approvals"
    order = [*(name for name in names if name != last), last]
    leader.send("/home/arrange", {"order": order, "card": ["complaints.figures", last]})
    assert titles(leader.get(WHOLE).text) == ["Complaints", "To do next"]
    leader.send("/home/arrange", {"order": order, "card": ["complaints.figures"]})
    assert titles(leader.get(WHOLE).text) == ["Complaints"]


def test_cards_are_hidden_and_ordered_by_the_person(house, desk):
    supervisor = desk("supervisor")
    before = titles(supervisor.get(WHOLE).text)
    names = re.findall(r'name="order" value="([^"]+)"', supervisor.get("/home/arrange").text)
    supervisor.send("/home/arrange", {
        "order": [*reversed(names), "core.health", "nothing"],
        "card": [name for name in names if name != names[0]],
    })
    after = titles(supervisor.get(WHOLE).text)
    cards = [title for title in before if title != "To do next"]
    assert [title for title in after if title != "To do next"] == list(reversed(cards[1:]))
    assert "System health" not in after
    supervisor.send("/home/arrange", {"reset": "1"})
    assert titles(supervisor.get(WHOLE).text) == before
    others = titles(desk("huangbin").get(WHOLE).text)
    assert next(title for title in others if title != "To do next") == cards[0]


def test_further_cards_come_when_they_are_looked_at(house, desk):
    supervisor = desk("supervisor")
    whole = titles(supervisor.get(WHOLE).text)
    page, found, addresses = supervisor.get("/").text, [], []
    assert len(titles(page)) <= FIRST_CARDS + 1
    while True:
        found += titles(page)
        later = re.search(r'hx-get="(/home/cards[?]start=\d+)" hx-trigger="intersect once"', page)
        if later is None:
            break
        addresses.append(later[1])
        page = supervisor.get(later[1]).text
        assert "<html" not in page
    assert addresses and len(set(addresses)) == len(addresses)
    assert found == whole


def test_the_first_cards_that_have_something_to_show_stand_on_the_page(house, desk):
    supervisor = desk("supervisor")
    names = re.findall(r'name="order" value="([^"]+)"', supervisor.get("/home/arrange").text)
    quiet = {"core.extensions", "core.changes", "work.mine", "work.team", "training.mine",
             "training.marking", "knowledge.care", "appraisals.waiting", "enquiries.messages"}
    order = [*(name for name in names if name in quiet), "complaints.month"]
    supervisor.send("/home/arrange", {"order": order, "card": order})
    assert quiet.intersection(names)
    assert titles(supervisor.get("/").text) == ["Complaints of this month"]


@pytest.mark.parametrize("start", ["", "x", "-1", "1000000000000"])
def test_a_start_that_makes_no_sense_breaks_nothing(desk, start):
    assert desk("agent").get(f"/home/cards?start={start}").status_code == 200


def test_a_new_card_stands_behind_what_was_put_in_order():
    cards = [
        Card(name=name, title=name, load=dict, template="", view="v", order=order)
        for name, order in (("a", 1), ("b", 2), ("new", 0))
    ]
    kept = {"order": ["b", "a", "gone"], "hidden": ["a"]}
    assert [(card.name, shown) for card, shown in arranged(cards, kept)] == [
        ("b", True), ("a", False), ("new", True)
    ]
    assert [card.name for card, _ in arranged(cards, {})] == ["new", "a", "b"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_events_are_counted_by_their_indexes(house, desk):
    plan = house.plans_of("jobs_outbox", lambda: desk("admin").get("/system/"))
    assert [re.sub(r" \(.*", "", step) for step in plan.splitlines() if "jobs_outbox" in step] == [
        "SEARCH jobs_outbox USING INDEX ix_jobs_outbox_next_try_at",
        "SCAN jobs_outbox USING INDEX ix_jobs_outbox_given_up"]
