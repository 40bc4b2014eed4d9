"""Notices: who is told of what, and what they can do with it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.database import utcnow, write
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION
from app.notices.models import Notice
from app.notices.services import choose
from app.records.bulk import BulkStep, run
from app.records.comments import comment
from app.records.followers import follow
from app.records.operations import operations_of
from app.records.undo import undo
from app.sdk.services import update
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assigned, proposed, registered, step


@pytest.fixture
def post(house):
    """Deliver all events as the worker would."""

    def deliver():
        house.session.rollback()
        deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)
        house.session.rollback()

    return deliver


def told(house, username):
    """Return kind and text of the notices of a person, the oldest first."""
    user_id = house.actor(username).user_id
    rows = house.session.execute(
        select(Notice.kind, Notice.text).where(Notice.user_id == user_id).order_by(Notice.id)
    )
    return [tuple(row) for row in rows]


def test_whom_a_record_is_given_to_is_told(house, post):
    complaint = registered(house)
    post()
    assert told(house, "agent") == []
    update(house.session, house.actor("supervisor"), complaint,
           {"owner_id": house.actor("wanghao").user_id}, complaint.version)
    post()
    assert ("assigned", "Assigned to you") in told(house, "wanghao")
    assert told(house, "supervisor") == []


def test_what_is_worked_off_from_a_queue_is_told_to_nobody(house, post, monkeypatch):
    complaint = registered(house)
    monkeypatch.setattr(Complaint, "__notifies_owner__", False)
    update(house.session, house.actor("supervisor"), complaint,
           {"owner_id": house.actor("wanghao").user_id}, complaint.version)
    post()
    assert "assigned" not in [kind for kind, _ in told(house, "wanghao")]


@pytest.mark.parametrize("hears", [True, False])
def test_followers_hear_of_changes_where_the_kind_tells_them(house, post, monkeypatch, hears):
    complaint = registered(house)
    monkeypatch.setattr(Complaint, "__notifies_changes__", hears)
    update(house.session, house.actor("supervisor"), complaint, {"subject": "另一事由"},
           complaint.version)
    post()
    assert (("changed", "Changed") in told(house, "agent")) is hears


def test_who_decides_is_told_and_the_proposer_is_not(house, post):
    complaint = proposed(house)
    post()
    assert ("waiting", "%(state)s: waiting for your decision") in told(house, "fengtao")
    assert complaint.proposer_id == house.actor("mengdie").user_id
    assert "waiting" not in [kind for kind, _ in told(house, "mengdie")]


def test_nobody_is_told_of_a_record_out_of_their_sight(house, post):
    agent, hr = house.actor("agent"), house.actor("hr")
    complaint = registered(house)
    assert not hr.can("can_show", "complaints.Complaint")
    # No way in does this: what a step has written is written as the step would.
    with write(house.session):
        operations_of(Complaint).store(
            house.session, agent, complaint, {"handler_id": hr.user_id})
    post()
    assert told(house, "hr") == []


def test_who_does_not_want_to_hear_is_left_alone(house, post):
    choose(house.session, house.actor("mengdie"), {"deadline"})
    assigned(house)
    post()
    assert told(house, "mengdie") == []


def test_an_owner_hears_where_the_record_went(house, post):
    complaint = assigned(house)
    owner = house.session.get(Complaint, complaint.id).owner_id
    assert owner is not None
    post()
    kinds = house.session.scalars(select(Notice.kind).where(Notice.user_id == owner)).all()
    names = {house.actor(name).user_id: name for name in ("agent", "supervisor", "mengdie")}
    assert names[owner] == "agent"
    assert "moved" in kinds


def test_who_is_named_is_told_and_followers_hear_of_comments(house, post):
    complaint = registered(house)
    post()
    agent, named = house.actor("agent"), house.actor("supervisor")
    follow(house.session, house.actor("admin"), complaint, True)
    comment(house.session, named, complaint, "请核实 @李晓雯",
            mentions=[agent.user_id, named.user_id], view="complaints.Complaint")
    comment(house.session, named, complaint, "客户已来电", kind="progress")
    post()
    # The agent has registered the complaint and follows it by herself.
    assert told(house, "agent") == [("mention", "You are named in a comment"),
                                    ("mention", "New comment")]
    assert told(house, "admin") == [("mention", "New comment")]
    assert told(house, "supervisor") == []


def test_followers_hear_of_changes_once_until_they_have_read(house, post, desk):
    complaint = registered(house)
    chief = house.actor("supervisor")
    for text in ("退还费用", "退还费用并道歉"):
        update(house.session, chief, complaint, {"demand": text}, complaint.version)
        post()
    assert told(house, "agent") == [("changed", "Changed")]
    assert told(house, "supervisor") == []
    desk("agent").send("/notices/read", {"up_to": "999999"})
    update(house.session, chief, complaint, {"demand": "道歉"}, complaint.version)
    post()
    assert told(house, "agent") == [("changed", "Changed")] * 2


@pytest.mark.parametrize("is_delivered", [True, False])
def test_what_was_taken_back_leaves_no_notice(house, post, is_delivered):
    complaint, chief = registered(house), house.actor("supervisor")
    post()
    before = {name: told(house, name) for name in ("agent", "linna")}
    wanted = BulkStep("reassign", {"owner_id": house.actor("linna").user_id})
    done = run(house.session, chief, Complaint, {complaint.id: complaint.version}, wanted)
    if is_delivered:
        post()
        assert told(house, "linna") == [*before["linna"], ("assigned", "Assigned to you")]
    assert undo(house.session, chief, Complaint, done.change_set).count == 1
    post()
    assert {name: told(house, name) for name in before} == before


def test_a_step_that_was_taken_back_leaves_no_notice(house, post):
    complaint, chief = registered(house), house.actor("supervisor")
    follow(house.session, house.actor("admin"), complaint, True)
    post()
    before = told(house, "admin")
    step(house, complaint, "supervisor", "assess", severity="serious", urgency="high",
         cause_analysis="合同条款告知不足")
    post()
    assert told(house, "admin") == [*before, ("moved", "Now: %(state)s")]
    taken = house.session.scalar(select(AuditEntry.change_set).where(
        AuditEntry.action == "transition", AuditEntry.record_id == complaint.id,
    ).order_by(AuditEntry.id.desc()).limit(1))
    assert undo(house.session, chief, Complaint, taken).count == 1
    post()
    assert told(house, "admin") == before


def test_a_second_change_is_told_though_the_first_was_taken_back(house, post):
    complaint, chief = registered(house), house.actor("supervisor")
    update(house.session, chief, complaint, {"demand": "退款"}, complaint.version)
    taken = house.session.scalar(select(AuditEntry.change_set).where(
        AuditEntry.action == "change", AuditEntry.record_id == complaint.id,
    ).order_by(AuditEntry.id.desc()).limit(1))
    update(house.session, chief, complaint, {"reason": "重复扣款两次"}, complaint.version)
    assert undo(house.session, chief, Complaint, taken).count == 1
    post()
    assert ("changed", "Changed") in told(house, "agent")


def test_who_no_longer_follows_or_may_not_see_hears_nothing(house, post):
    complaint = registered(house)
    follow(house.session, house.actor("agent"), complaint, False)
    follow(house.session, house.actor("hr"), complaint, True)
    comment(house.session, house.actor("supervisor"), complaint, "已联系客户")
    update(house.session, house.actor("supervisor"), complaint, {"demand": "道歉"},
           complaint.version)
    post()
    assert told(house, "agent") == told(house, "hr") == []


def test_a_follower_hears_where_the_record_went(house, post):
    complaint = registered(house)
    follow(house.session, house.actor("supervisor"), complaint, True)
    post()
    before = told(house, "supervisor")
    step(house, complaint, "agent", "assess", severity="serious", urgency="high",
         cause_analysis="合同条款告知不足")
    post()
    assert told(house, "supervisor")[len(before):] == [("moved", "Now: %(state)s")]
    assert "moved" not in [kind for kind, _ in told(house, "agent")]


def test_the_bell_counts_lists_and_opens(house, post, desk):
    complaint = assigned(house)
    post()
    mengdie = desk("mengdie")
    answer = mengdie.get("/notices/count")
    assert answer.json["unread"] >= 1
    same = mengdie.get(f"/notices/count?known={answer.json['unread']}.{answer.json['running']}.0")
    assert (same.status_code, same.data) == (204, b"")
    panel = mengdie.get("/notices/", headers={"HX-Request": "true"}).text
    assert complaint.number in panel
    # Several notices on one record are one line.
    assert panel.count('class="notice is-unread"') == 1
    address = re.search(r'action="(/notices/open/\d+)"', panel).group(1)
    assert mengdie.get(address).status_code == 405
    opened = mengdie.send(address)
    assert opened.location.endswith(f"/show/{complaint.id}")
    assert mengdie.get("/notices/count").json["unread"] == 0


def test_what_came_later_stays_unread(house, post, desk):
    assigned(house)
    post()
    mengdie = desk("mengdie")
    panel = mengdie.get("/notices/", headers={"HX-Request": "true"}).text
    seen = re.search(r'name="up_to" value="(\d+)"', panel).group(1)
    assigned(house)
    post()
    mengdie.send("/notices/read", {"up_to": seen})
    assert mengdie.get("/notices/count").json["unread"] >= 1
    assert mengdie.send("/notices/read", {"up_to": "x"}).status_code == 400


def test_notices_are_nobody_elses(house, post, desk):
    assigned(house)
    post()
    notice = house.session.scalar(
        select(Notice.id).where(Notice.user_id == house.actor("mengdie").user_id)
    )
    assert desk("admin").send(f"/notices/open/{notice}").status_code == 404
    assert house.session.get(Notice, notice, populate_existing=True).read_at is None
    assert desk("").get("/notices/count").status_code == 401
    assert "/login/" in desk("").get("/notices/").location


def test_a_title_is_hidden_once_the_record_is_out_of_sight(house, post, desk):
    complaint = assigned(house)
    post()
    with write(house.session):
        record = house.session.get(Complaint, complaint.id)
        record.handler_id = record.responsible_department_id = None
        record.owner_id = house.actor("supervisor").user_id
    page = desk("mengdie").get("/notices/").text
    assert complaint.number not in page
    assert "may not see any more" in page


def test_an_ended_job_is_told(house, desk, work):
    from app.jobs.services import enqueue

    enqueue(house.session, house.actor("agent"), "nothing.such", {}, title="Import of %(name)s",
            title_values={"name": "a.csv"})
    agent = desk("agent")
    assert agent.get("/notices/count").json["running"] == 1
    assert "Import of a.csv" in agent.get("/jobs/tray").text
    assert "Import of a.csv" not in desk("supervisor").get("/jobs/tray").text
    work()
    assert agent.get("/notices/count").json == {"unread": 1, "running": 0, "news": 0, "label": "1"}
    assert "Import of a.csv has failed" in agent.get("/notices/").text


def test_choices_are_kept(house, desk):
    agent = desk("agent")
    assert agent.get("/notices/choices").text.count(" checked") == 7
    agent.send("/notices/choices", {"product": ["deadline", "nothing"]})
    page = agent.get("/notices/choices").text
    assert page.count(" checked") == 1
    assert re.search(r'value="deadline" checked', page)
