"""The monthly list of unreachable customers: frozen, answered by hand and from a file."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.sdk.customers import DoNotContact
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.importing import ImportRow, Outcome, suggest
from app.sdk.models import Vehicle
from app.sdk.people import local_today
from app.sdk.records import delete
from app.sdk.services import SYSTEM, act, create, update, write
from app.sdk.workflow import Message
from plugins.callbacks.models import UnreachableLine, UnreachableList
from plugins.callbacks.tests.helpers import contact, customer, planned
from plugins.callbacks.tests.test_call_page import token_of
from plugins.callbacks.unreachable.answers_file import IMPORTER, check_rows, write_rows
from plugins.callbacks.unreachable.freezing import freeze, freeze_last_month, month_before

OCTOBER = dt.date(2026, 10, 1)
FIRST_OF_NOVEMBER = dt.datetime(2026, 10, 31, 16, 30, tzinfo=dt.UTC)


def given_up(house, at, name="王小明", phone="13812345678"):
    """Return a callback that was given up at a moment."""
    with acting_at(at):
        task = planned(house, customer_id=customer(house, name=name, phone=phone).id)
        act(house.session, house.actor("agent"), task, "start")
        contact(house, task, "wrong_number")
    return task


@pytest.fixture
def tasks(house):
    """Two callbacks given up in October, one on its last evening, and one in September."""
    found = [given_up(house, dt.datetime(2026, 10, 5, 4, tzinfo=dt.UTC)),
             given_up(house, dt.datetime(2026, 10, 31, 15, 59, tzinfo=dt.UTC), "李雷", "13900000001"),
             given_up(house, dt.datetime(2026, 9, 30, 15, 59, tzinfo=dt.UTC), "韩梅", "13900000002")]
    create(house.session, SYSTEM, Vehicle, {"customer_id": found[0].customer_id,
                                            "plate": "沪A12345", "model": "ES6"})
    return found


@pytest.fixture
def lines(house, tasks):
    """The lines of October."""
    with write(house.session):
        freeze(house.session, OCTOBER)
    return list(house.session.scalars(select(UnreachableLine).order_by(UnreachableLine.id)))


def answer(house, line, value, username="supervisor", **values):
    """Enter an answer of the front desk."""
    return act(house.session, house.actor(username), line, "answer", {"answer": value, **values})


@pytest.mark.parametrize(("day", "first"), [
    (dt.date(2026, 1, 1), dt.date(2025, 12, 1)), (dt.date(2026, 3, 31), dt.date(2026, 2, 1))])
def test_the_month_before(day, first):
    assert month_before(day) == first


def test_the_list_of_the_month_is_frozen_once(house, tasks):
    with write(house.session):
        frozen = freeze_last_month(house.session, FIRST_OF_NOVEMBER)
        assert freeze_last_month(house.session, FIRST_OF_NOVEMBER) is None
    found = house.session.scalars(select(UnreachableLine).order_by(UnreachableLine.id)).all()
    assert (frozen.month, frozen.lines) == ("2026-10", 2)
    assert [one.task_id for one in found] == [tasks[0].id, tasks[1].id]
    assert found[0].contact == "13812345678" and found[0].vehicles == "沪A12345  ES6"
    assert (found[0].owner_id, found[0].team_id) == (tasks[0].owner_id, tasks[0].team_id)


def test_a_month_in_which_everybody_was_reached_has_no_list(house):
    with write(house.session):
        assert freeze(house.session, OCTOBER) is None


def test_what_is_frozen_does_not_follow_the_callback(house, tasks, lines):
    act(house.session, house.actor("supervisor"), tasks[0], "reopen", {"reopen_reason": "再试"})
    update(house.session, SYSTEM, tasks[0], {"customer_name": "王大明"})
    house.session.refresh(lines[0])
    assert (lines[0].customer_name, lines[0].tries) == ("王小明", 1)


def test_nobody_changes_adds_or_deletes_a_line(house, lines):
    boss = house.actor("supervisor")
    with pytest.raises(Rejected):
        update(house.session, boss, lines[0], {"customer_name": "x"})
    with pytest.raises(Rejected):
        delete(house.session, boss, lines[0])
    with pytest.raises(Invalid):
        create(house.session, boss, UnreachableLine, {"list_id": lines[0].list_id})


def test_a_new_number_is_asked_for_and_opens_the_callback(house, tasks, lines):
    done = answer(house, lines[0], "new_number", new_contact="13700000009")
    house.session.expire_all()
    # Phone numbers of customers are protected: a second person decides on the change.
    assert "waits for approval" in str(done.message) and done.message.link is not None
    assert tasks[0].customer.phone == "13812345678"
    assert (tasks[0].state, tasks[0].tries, tasks[0].contact) == ("open", 0, "13700000009")
    assert lines[0].answerer_id == house.actor("supervisor").user_id
    assert house.session.get(UnreachableList, lines[0].list_id).answered == 1


def test_a_right_number_opens_the_callback_too(house, tasks, lines):
    answer(house, lines[0], "number_right")
    house.session.expire_all()
    assert (tasks[0].state, tasks[0].contact) == ("open", "13812345678")


def test_other_answers_leave_it_given_up(house, tasks, lines):
    answer(house, lines[0], "moved_away", remark="去年搬到杭州")
    assert (tasks[0].state, lines[0].remark) == ("unreachable", "去年搬到杭州")


def test_who_wants_no_contact_gets_none(house, tasks, lines):
    answer(house, lines[0], "no_contact")
    found = house.session.scalars(select(DoNotContact)).one()
    assert (found.customer_id, found.purpose) == (tasks[0].customer_id, "")
    assert tasks[0].state == "unreachable"


@pytest.mark.parametrize(("value", "number", "field"), [
    ("new_number", "", "new_contact"), ("moved_away", "13700000009", "answer")])
def test_answer_and_number_agree(house, tasks, lines, value, number, field):
    with pytest.raises(Invalid) as caught:
        answer(house, lines[0], value, new_contact=number)
    assert list(caught.value.errors) == [field]
    assert tasks[0].customer.phone == "13812345678"


def test_a_corrected_answer_counts_once(house, lines):
    answer(house, lines[0], "moved_away")
    answer(house, lines[0], "vehicle_sold")
    assert house.session.get(UnreachableList, lines[0].list_id).answered == 1


def test_an_agent_enters_none(house, lines):
    with pytest.raises(NotPermitted):
        answer(house, lines[0], "moved_away", "agent")


def test_that_it_was_sent_is_noted(house, lines):
    frozen = house.session.get(UnreachableList, lines[0].list_id)
    act(house.session, house.actor("supervisor"), frozen, "note_sent", {"sent_to": "浦东服务站前台"})
    assert frozen.sent_to == "浦东服务站前台" and frozen.sent_at is not None


def test_the_answers_of_a_file_are_entered(house, tasks, lines):
    boss = house.actor("supervisor")
    rows = [ImportRow(2, {"number": lines[0].number, "answer": "new_number",
                          "new_contact": "13700000009"}),
            ImportRow(3, {"number": lines[1].number, "answer": "new_number"}),
            ImportRow(4, {"number": "WK-0000", "answer": "moved_away"})]
    assert [one.line for one in check_rows(house.session, boss, rows)] == [4]
    with write(house.session):
        first = write_rows(house.session, boss, rows, "skip")
    assert [one.action for one in first] == ["updated", "rejected", "rejected"]
    assert first[1] == Outcome(3, "rejected", Message("Enter the new number."))
    with write(house.session):
        again = write_rows(house.session, boss, rows, "update")
    assert again[0].action == "skipped"
    house.session.expire_all()
    assert (tasks[0].state, lines[0].answer, lines[1].answer) == ("open", "new_number", "")


def test_a_file_of_another_team_is_refused(house, lines):
    rows = [ImportRow(2, {"number": lines[0].number, "answer": "moved_away"})]
    assert check_rows(house.session, house.actor("yangfan"), rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_exported_list_is_recognised_when_it_comes_back(house, lines, language):
    client = house.client("supervisor")
    table = client.get("/callbacks/unreachable/lines/export/csv?all=1",
                       headers={"Accept-Language": language}).get_data(as_text=True)
    heads = table.lstrip("\ufeff").splitlines()[0].split(",")
    assert ("新号码" in heads) == (language == "zh")
    assert set(suggest(IMPORTER, heads)) == {"number", "answer", "new_contact", "remark"}
    assert lines[0].number in table and "13812345678" not in table


@pytest.mark.parametrize("path", ["/list/", "/lines/list/", "/show/{list}", "/lines/show/{line}",
                                  "/related/{list}/UnreachableLineView",
                                  "/lines/act/{line}/answer"])
def test_every_page_opens(house, lines, path):
    address = "/callbacks/unreachable" + path.format(list=lines[0].list_id, line=lines[0].id)
    assert house.client("supervisor").get(address).status_code == 200


def test_the_supervisor_freezes_last_month_by_hand(house):
    # The month is that of the house, where it may be the next one already.
    day = local_today().replace(day=1) - dt.timedelta(days=3)
    given_up(house, dt.datetime.combine(day, dt.time(4), dt.UTC))
    client = house.client("supervisor")
    token = token_of(client.get("/callbacks/unreachable/list/"))
    for place in ("/callbacks/unreachable/show/", "/callbacks/unreachable/list/"):
        moved = client.post("/callbacks/unreachable/freeze", data={"csrf_token": token})
        assert moved.status_code == 302 and place in moved.location
    assert house.client("agent").post("/callbacks/unreachable/freeze").status_code in (400, 403)


def test_whoever_wants_no_contact_is_not_called_from_the_list_either(house, lines):
    line = lines[0]
    answer(house, line, "no_contact")
    client = house.client("supervisor")
    token = token_of(client.get("/account/"))
    given = client.post(f"/callbacks/unreachable/lines/call/{line.id}/contact",
                        data={"csrf_token": token})
    assert given.status_code == 200
    assert "tel:" not in given.text
