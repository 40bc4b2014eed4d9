"""Customers without a planned contact: owner, supervisor, another person."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.notices.models import Notice
from app.sdk.abilities import call
from app.sdk.customers import note_contact
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, Rejected
from app.sdk.models import Customer, Department, Team
from app.sdk.records import delete
from app.sdk.services import SYSTEM, create, update, write
from app.settings.services import save_settings, saved_settings
from plugins.callbacks.models import Silence
from plugins.callbacks.settings import SETTINGS
from plugins.callbacks.silence.watch import after_saving, go_round
from plugins.callbacks.tests.helpers import customer, planned

MONDAY = dt.datetime(2026, 10, 12, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def set_days(house, **values) -> None:
    """Set after how many days customers of a grade are missed."""
    held, version = saved_settings(house.session, SETTINGS)
    save_settings(house.session, SYSTEM, SETTINGS, {**held, **values}, version)


@pytest.fixture
def quiet(house) -> Customer:
    """A customer of grade A of an agent, registered 30 days ago; grade A is watched."""
    set_days(house, silence_days_a=30, silence_step_days=3)
    with acting_at(MONDAY - 30 * DAY):
        return customer(house, grade="A", owner_id=house.actor("agent").user_id)


def night(house, day=0):
    """Run the round of a night; return how many customers came to each step."""
    with acting_at(MONDAY + day * DAY), write(house.session):
        return dict(go_round(house.session, MONDAY + day * DAY))


def entry(house) -> Silence | None:
    """Return the one entry of the list, read anew."""
    house.session.expire_all()
    return house.session.scalars(select(Silence)).one_or_none()


def notices(house, username) -> list[str]:
    """Return what a person was reminded of."""
    return list(house.session.scalars(
        select(Notice.text).where(Notice.user_id == house.actor(username).user_id,
                                  Notice.text.contains("planned contact"))))


def led_by(house, username) -> None:
    """Let a person lead the team of the agent."""
    agent, leader = house.actor("agent"), house.actor(username)
    with write(house.session):
        house.session.get_one(Team, agent.team_id).leader_id = leader.user_id


def test_nobody_is_watched_before_an_admin_says_so(house):
    with acting_at(MONDAY - 400 * DAY):
        customer(house, grade="A")
    assert night(house) == {} and entry(house) is None


def test_owner_then_supervisor_then_another_person(house, quiet):
    former = quiet.owner_id
    led_by(house, "supervisor")
    assert night(house) == {"owner": 1}
    found = entry(house)
    assert (found.step, found.owner_id, found.quiet_since) == ("owner", former, quiet.created_at)
    assert notices(house, "agent") and not notices(house, "supervisor")
    assert night(house, 2) == {}
    assert night(house, 3) == {"supervisor": 1}
    assert notices(house, "supervisor")
    assert night(house, 5) == {}
    assert night(house, 6) == {"given": 1}
    found = entry(house)
    assert quiet.owner_id not in (None, former)
    assert (found.owner_id, found.former_owner_id) == (quiet.owner_id, former)
    assert night(house, 20) == {} and entry(house).step == "given"


def test_an_owner_who_leads_the_team_is_followed_by_whoever_leads_the_department(house, quiet):
    led_by(house, "agent")
    agent, leader = house.actor("agent"), house.actor("leader")
    with write(house.session):
        house.session.get_one(Department, agent.department_id).leader_id = leader.user_id
    night(house)
    assert night(house, 3) == {"supervisor": 1}
    assert notices(house, "leader") and len(notices(house, "agent")) == 1


def test_a_day_too_early_nobody_is_missed(house, quiet):
    assert night(house, -1) == {}


def test_the_last_contact_counts_of_whatever_plugin(house, quiet):
    with acting_at(MONDAY - 10 * DAY), write(house.session):
        note_contact(house.session, SYSTEM, quiet.id, "phone", "service", True)
    assert night(house) == {}
    assert night(house, 20) == {"owner": 1}
    assert entry(house).quiet_since == MONDAY - 10 * DAY


def test_a_planned_callback_is_enough(house, quiet):
    planned(house, customer_id=quiet.id, due_from=MONDAY + 90 * DAY)
    assert night(house) == {}


def test_a_callback_that_is_planned_ends_it_before_the_night(house, quiet):
    night(house)
    task = planned(house, customer_id=quiet.id)
    sending = {"record_type": "callbacks.task", "record_id": task.id, "action": "create"}
    for _ in range(2):
        with write(house.session):
            after_saving(house.session, sending, MONDAY)
    found = entry(house)
    assert (found.is_listed, found.open_customer_id) == (False, None) and found.ended_at is not None
    assert night(house, 3) == {}


def test_a_contact_ends_it_in_the_night_and_it_begins_anew_later(house, quiet):
    night(house)
    with acting_at(MONDAY + DAY), write(house.session):
        note_contact(house.session, SYSTEM, quiet.id, "phone", "service", True)
    assert night(house, 3) == {}
    assert not entry(house).is_listed
    assert night(house, 31) == {"owner": 1}
    assert house.session.scalar(select(func.count()).select_from(Silence)) == 2


@pytest.mark.parametrize("change", ["bin", "grade", "setting", "do_not_contact"])
def test_who_is_missed_no_more_leaves_the_list(house, quiet, change):
    night(house)
    if change == "bin":
        delete(house.session, SYSTEM, quiet)
    elif change == "grade":
        update(house.session, SYSTEM, quiet, {"grade": "B"})
    elif change == "setting":
        set_days(house, silence_days_a=0)
    else:
        _forbid(house, quiet)
    assert night(house, 3) == {}
    assert not entry(house).is_listed


def _forbid(house, found) -> None:
    with write(house.session):
        call(house.session, SYSTEM, "customers.do_not_contact",
             {"customer_id": found.id, "purpose": "every", "reason": "不愿被联系"}, origin=found)


def test_who_wants_no_contact_is_not_missed(house, quiet):
    _forbid(house, quiet)
    assert night(house) == {}


def test_without_an_owner_the_supervisor_is_reminded_first(house, quiet):
    led_by(house, "supervisor")
    update(house.session, SYSTEM, quiet, {
        "owner_id": None, "team_id": house.actor("agent").team_id})
    assert night(house) == {"supervisor": 1}
    assert notices(house, "supervisor")
    assert night(house, 3) == {"given": 1}
    assert quiet.owner_id is not None


def test_a_customer_of_nobody_is_listed_and_stays(house, quiet):
    update(house.session, SYSTEM, quiet, {"owner_id": None})
    assert night(house) == {"supervisor": 1}
    assert night(house, 3) == {} and entry(house).step == "supervisor"


def test_several_customers_make_one_notice(house, quiet):
    with acting_at(MONDAY - 40 * DAY):
        customer(house, grade="A", phone="13900000001", owner_id=quiet.owner_id)
    assert night(house) == {"owner": 2}
    assert len(notices(house, "agent")) == 1


def test_nobody_writes_the_list_by_hand(house, quiet):
    night(house)
    boss, found = house.actor("supervisor"), entry(house)
    for attempt in (lambda: update(house.session, boss, found, {"step": "given"}),
                    lambda: delete(house.session, boss, found)):
        with pytest.raises(Rejected):
            attempt()
    with pytest.raises(Invalid):
        create(house.session, boss, Silence, {"customer_id": quiet.id})


def test_the_list_offers_to_plan_a_callback(house, quiet):
    night(house)
    client = house.client("agent")
    assert quiet.name in client.get("/callbacks/silences/list/").text
    page = client.get(f"/callbacks/silences/show/{entry(house).id}")
    assert page.status_code == 200 and "callbacks.plan" in page.text
