"""A leader is away: whoever stands in approves, hears of it, and it is written down."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access import held_actors
from app.access.models import AuditEntry
from app.errors import Rejected
from app.notices.events import notify_on_transition
from app.notices.models import Notice
from app.people import services as people
from app.people.models import Absence, Staff
from app.sdk.services import utcnow, workflow_log, write
from plugins.complaints import paper
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assigned, proposed, put, step

DAY = dt.timedelta(days=1)


def staff(house, username: str) -> Staff:
    return house.session.scalar(
        select(Staff).where(Staff.user_id == house.actor(username).user_id))


def away(house, absent: str, substitute: str, begins=-DAY, lasts=3 * DAY) -> Absence:
    """Note an absence that begins so long after now."""
    with write(house.session):
        absence = Absence(
            staff_id=staff(house, absent).id, substitute_id=staff(house, substitute).id,
            starts_at=utcnow() + begins, ends_at=utcnow() + begins + lasts, reason="年假",
        )
        house.session.add(absence)
    return absence


def test_the_substitute_approves_in_the_leaders_place(house, monkeypatch):
    complaint = proposed(house)
    away(house, "fengtao", "gaoqiang")
    step(house, complaint, "gaoqiang", "approve")
    assert complaint.state == "approved"
    [line] = [line for line in workflow_log(house.session, complaint) if line.approval]
    assert (line.actor_name, line.in_place_of) == ("高强", "冯涛")
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.record_type == complaint.__record_type__, AuditEntry.record_id == complaint.id,
                                 AuditEntry.action == "transition")
        .order_by(AuditEntry.id.desc())).first()
    assert entry.changes["in_place_of"] == [None, "冯涛"]
    # Who prints stands on the paper, too; here nobody is signed in.
    monkeypatch.setattr(paper, "print_context", lambda *_: {})
    with house.app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert paper.record_form(complaint)["signatures"][1]["name"] == "高强, in place of 冯涛"


def test_the_leader_still_acts_in_the_own_name(house):
    complaint = proposed(house)
    away(house, "fengtao", "gaoqiang")
    step(house, complaint, "fengtao", "approve")
    assert [line.in_place_of for line in workflow_log(house.session, complaint)
            if line.approval] == [""]


@pytest.mark.parametrize("begins", [-5 * DAY, DAY], ids=["over", "not-begun"])
def test_before_and_after_nobody_stands_in(house, begins):
    complaint = proposed(house)
    away(house, "fengtao", "gaoqiang", begins)
    with pytest.raises(Rejected):
        step(house, complaint, "gaoqiang", "approve")
    assert complaint.state == "proposed"


@pytest.mark.parametrize("substitute", ["luoting", "agent"])
def test_rights_do_not_move(house, substitute):
    """An absence that came past the form gives nobody the right to approve."""
    complaint = proposed(house)
    away(house, "fengtao", substitute)
    with pytest.raises(Rejected):
        step(house, complaint, substitute, "approve")


def test_the_substitute_never_approves_the_own_proposal(house):
    complaint = assigned(house)
    put(house, complaint, **{"handler_id": house.actor("gaoqiang").user_id})
    away(house, "fengtao", "gaoqiang")
    step(house, complaint, "gaoqiang", "propose", solution="退款")
    with pytest.raises(Rejected, match="Somebody else"):
        step(house, complaint, "gaoqiang", "approve")


def test_the_substitute_hears_what_waits_for_the_leader(house):
    complaint = proposed(house)
    away(house, "fengtao", "gaoqiang")
    payload = {"record_type": Complaint.__record_type__, "record_id": complaint.id,
               "to_state": "proposed", "actor_id": house.actor("mengdie").user_id}
    with write(house.session):
        notify_on_transition(house.session, payload)
    told = {row.user_id: row.text for row in house.session.scalars(
        select(Notice).where(Notice.kind == "waiting", Notice.record_id == complaint.id))}
    assert told == {
        house.actor("fengtao").user_id: "%(state)s: waiting for your decision",
        house.actor("gaoqiang").user_id: "In place of %(absent)s: %(what)s",
    }
    panel = house.client("gaoqiang").get("/notices/").text
    assert "冯涛" in panel and "%(" not in panel


def test_everybody_who_stands_in_hears_of_it(house):
    """Of absences that overlap each names a substitute, and each of them may approve."""
    complaint = proposed(house)
    for substitute in ("gaoqiang", "hejun"):
        away(house, "fengtao", substitute)
    away(house, "fengtao", "gaoqiang", -2 * DAY)
    payload = {"record_type": Complaint.__record_type__, "record_id": complaint.id,
               "to_state": "proposed", "actor_id": house.actor("mengdie").user_id}
    with write(house.session):
        notify_on_transition(house.session, payload)
    told = house.session.scalars(
        select(Notice.user_id).where(Notice.kind == "waiting",
                                     Notice.record_id == complaint.id)).all()
    assert sorted(told) == sorted(
        house.actor(name).user_id for name in ("fengtao", "gaoqiang", "hejun"))


def test_standing_in_ends_by_the_clock_without_any_write(house, monkeypatch):
    """Rights are kept in memory: their end must not wait for the next change of a right."""
    complaint = proposed(house)
    absence = away(house, "fengtao", "gaoqiang")
    client = house.client("gaoqiang")
    address = f"/complaints/show/{complaint.id}"
    assert client.get(address).status_code == 200
    after = absence.ends_at + dt.timedelta(seconds=1)
    for module in (held_actors, people):
        monkeypatch.setattr(module, "utcnow", lambda: after)
    assert client.get(address).status_code == 404
