"""The twelve steps, the ways around them, and that an approval cannot be bypassed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy import update as sql_update

from app.errors import Rejected
from app.sdk.errors import AlreadyTaken, Invalid, StaleRecord
from app.sdk.services import SYSTEM, act, update, write
from app.workflow.models import LogRow
from app.workflow.services import available_transitions
from plugins.complaints.models import Cause, Complaint
from plugins.complaints.tests.helpers import (
    assigned,
    department,
    fed_back,
    proposed,
    put,
    registered,
    step,
)


def names_offered(house, username, complaint) -> set[str]:
    actor = house.actor(username)
    return {o.transition.name for o in available_transitions(house.session, actor, complaint) if o.is_allowed}


def test_a_complete_phone_call_is_recorded_at_once(house):
    complaint = registered(house)
    assert complaint.state == "recorded"
    assert complaint.number.startswith("TS-")
    assert complaint.owner_id == house.actor("agent").user_id
    assert complaint.receiver_number == "1001"
    assert complaint.subject == "提前还款被收取违约金"
    assert complaint.due_at is not None


def test_an_incomplete_one_waits_and_says_why(house):
    complaint = registered(house, demand="")
    assert complaint.state == "received"
    [blocked] = [
        offer for offer in available_transitions(house.session, house.actor("agent"), complaint)
        if offer.transition.name == "record"
    ]
    assert not blocked.is_allowed
    assert str(blocked.reason.msgid) == "Still missing: %(fields)s"


def test_two_rounds_to_the_archive(house):
    complaint = fed_back(house)
    step(house, complaint, "agent", "dissatisfied", dissatisfaction_reason="金额不符")
    assert (complaint.state, complaint.round, complaint.satisfaction) == (
        "assessed", 2, "dissatisfied"
    )
    assert complaint.approver_id is None and complaint.due_at is not None
    step(house, complaint, "supervisor", "assign", liability="department",
         responsible_department_id=department(house, "COLLECT"),
         handler_id=house.actor("mengdie").user_id)
    step(house, complaint, "mengdie", "propose", solution="再退还 200 元")
    step(house, complaint, "fengtao", "approve")
    step(house, complaint, "mengdie", "consent")
    step(house, complaint, "mengdie", "carry_out", result="已补退")
    step(house, complaint, "agent", "collect_feedback", feedback="满意")
    step(house, complaint, "agent", "rate", outcome="satisfied")
    step(house, complaint, "agent", "summarise", summary="告知不足", improvement="改进话术")
    step(house, complaint, "supervisor", "archive")
    assert (complaint.state, complaint.is_open) == ("archived", False)
    assert complaint.due_at is None
    lines = house.session.scalars(
        select(LogRow).where(LogRow.record_id == complaint.id).order_by(LogRow.id)
    ).all()
    assert [line.transition for line in lines if line.approval] == ["approve", "approve"]


@pytest.mark.parametrize("username", ["agent", "supervisor", "admin", "leader", "hr", "mengdie",
                                      "gaoqiang"])
def test_only_the_leader_of_the_responsible_department_approves(house, username):
    complaint = proposed(house)
    with pytest.raises(Rejected):
        step(house, complaint, username, "approve")
    assert complaint.state == "proposed"


def test_a_leader_cannot_approve_the_own_proposal(house):
    complaint = assigned(house)
    put(house, complaint, **{"handler_id": house.actor("fengtao").user_id})
    step(house, complaint, "fengtao", "propose", solution="退款")
    with pytest.raises(Rejected, match="Somebody else"):
        step(house, complaint, "fengtao", "approve")


def test_a_solution_sent_back_needs_a_new_proposal(house):
    complaint = proposed(house)
    with pytest.raises(Invalid):
        step(house, complaint, "fengtao", "send_back")
    step(house, complaint, "fengtao", "send_back", approval_note="金额过高")
    assert complaint.state == "assigned"
    with pytest.raises(Rejected):
        step(house, complaint, "mengdie", "consent")


def test_assigning_to_a_department_without_approver_fails_at_once(house):
    complaint = registered(house)
    step(house, complaint, "agent", "assess", severity="minor", urgency="low", cause_analysis="无")
    with pytest.raises(Invalid) as refused:
        step(house, complaint, "supervisor", "assign", liability="none",
             responsible_department_id=department(house, "IT"),
             handler_id=house.actor("admin").user_id)
    assert "responsible_department_id" in refused.value.errors
    house.session.expire_all()
    assert complaint.state == "assessed"
    assert complaint.responsible_department_id is None


def test_waiting_pauses_the_house_clock_and_never_a_statutory_one(house):
    from app.deadlines.services import chips
    from app.sdk.services import utcnow

    complaint = assigned(house, rule_book="cn_cbirc_2020")
    step(house, complaint, "mengdie", "wait", waiting_for="补交凭证")

    def statuses():
        found = chips(house.session, Complaint.__record_type__, [complaint.id], utcnow())
        # The latest run of each clock comes before those that were called off.
        return {chip.key: str(chip.status) for chip in reversed(found[complaint.id])}

    assert statuses()["resolution"] == "paused"
    assert statuses()["decision"] != "paused"
    step(house, complaint, "mengdie", "resume")
    assert statuses()["resolution"] != "paused"


def test_take_once_and_the_second_is_told_who_has_it(house):
    complaint = registered(house)
    complaint = house.session.get(Complaint, complaint.id)
    update(house.session, SYSTEM, complaint, {"owner_id": None})
    seen = complaint.version
    act(house.session, house.actor("agent"), complaint, "take", {}, seen)
    with pytest.raises(AlreadyTaken) as taken:
        act(house.session, house.actor("wanghao"), complaint, "take", {}, seen)
    assert taken.value.holder_name == "李晓雯"


def test_a_stale_transition_is_refused_with_both_versions(house):
    complaint = registered(house)
    seen = complaint.version
    step(house, complaint, "agent", "assess", severity="minor", urgency="low", cause_analysis="一")
    with pytest.raises(StaleRecord):
        act(house.session, house.actor("wanghao"), complaint, "assess",
                {"severity": "critical", "urgency": "low", "cause_analysis": "二"}, seen)
    assert complaint.severity == "minor"


def test_merge_ties_the_duplicate_to_the_other(house):
    first, second = registered(house), registered(house)
    step(house, second, "agent", "merge", merged_into_id=first.id)
    assert (second.state, second.merged_into_id, second.is_open) == ("merged", first.id, False)
    third = registered(house)
    for wrong in (third.id, second.id, 99999):
        with pytest.raises(Invalid):
            step(house, third, "agent", "merge", merged_into_id=wrong)


@pytest.mark.parametrize("ended", ["withdraw", "archive"])
def test_nothing_is_merged_into_what_is_closed(house, ended):
    """Whoever merges ends a complaint: what it is merged into has to go on."""
    if ended == "withdraw":
        target = step(house, registered(house), "agent", "withdraw", withdrawal_reason="误会")
    else:
        target = fed_back(house)
        step(house, target, "agent", "rate", outcome="fair")
    complaint = registered(house)
    with pytest.raises(Invalid) as refused:
        step(house, complaint, "agent", "merge", merged_into_id=target.id)
    assert str(refused.value.errors["merged_into_id"]) == "Choose another open complaint."
    house.session.expire_all()
    assert (complaint.state, complaint.merged_into_id) == ("recorded", None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_merge_waits_for_who_is_closing_the_other_one(house):
    target, complaint = registered(house), registered(house)
    house.session.rollback()
    with house.session.get_bind().connect() as closing:
        closing.execute(
            sql_update(Complaint).where(Complaint.id == target.id).values(is_open=False)
        )
        merging = threading.Thread(target=_merge, args=(house, complaint.id, target.id, told := []))
        merging.start()
        merging.join(1)
        assert not told, "it did not wait"
        closing.commit()
    merging.join(30)
    assert told == ["Choose another open complaint."]


def _merge(house, complaint_id, target_id, told):
    with house.app.app_context():
        complaint = house.session.get(Complaint, complaint_id)
        try:
            step(house, complaint, "agent", "merge", merged_into_id=target_id)
            told.append("merged")
        except Invalid as refused:
            told.append(str(refused.errors["merged_into_id"]))


@pytest.mark.parametrize(("username", "may"), [
    ("agent", True), ("wanghao", False), ("supervisor", True), ("leader", True),
])
def test_only_who_works_on_a_complaint_or_leads_may_merge_it(house, username, may):
    first, second = registered(house), registered(house)
    assert ("merge" in names_offered(house, username, second)) is may
    if not may:
        with pytest.raises(Rejected):
            step(house, second, username, "merge", merged_into_id=first.id)


def test_escalation_makes_it_major_and_tightens_the_deadline(house):
    complaint = registered(house)
    before = complaint.due_at
    step(house, complaint, "supervisor", "escalate", escalation_reason="媒体关注")
    assert complaint.is_major and complaint.severity == "critical"
    assert complaint.due_at < before


def test_withdrawal_ends_the_case_and_a_supervisor_can_reopen(house):
    complaint = registered(house)
    step(house, complaint, "agent", "withdraw", withdrawal_reason="客户误解")
    assert (complaint.state, complaint.is_open, complaint.due_at) == ("withdrawn", False, None)
    assert "reopen" not in names_offered(house, "agent", complaint)
    step(house, complaint, "supervisor", "reopen", reopen_reason="客户再次来电")
    assert (complaint.state, complaint.round) == ("assessed", 2)


def test_an_empty_form_registers_nothing(house):
    client = house.client("agent")
    page = client.get("/complaints/add").text
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    before = house.session.scalar(select(func.count()).select_from(Complaint))
    answer = client.post("/complaints/add", data={"csrf_token": token, "contact": "138"})
    assert answer.status_code == 422
    assert house.session.scalar(select(func.count()).select_from(Complaint)) == before


def test_a_retired_cause_is_chosen_no_more(house):
    complaint = registered(house)
    cause = house.session.scalars(select(Cause).limit(1)).one()
    with write(house.session):
        cause.retired = True
    with pytest.raises(Invalid) as refused:
        step(house, complaint, "agent", "assess", severity="normal", urgency="normal",
             cause_id=cause.id, cause_analysis="x")
    assert set(refused.value.errors) == {"cause_id"}


@pytest.mark.parametrize(("liability", "sent"), [("employee", 1), ("process", 0)])
def test_an_archived_complaint_names_the_employee_who_is_responsible(
    house, monkeypatch, liability, sent
):
    complaint, events = fed_back(house), []
    step(house, complaint, "agent", "rate", outcome="satisfied")
    step(house, complaint, "agent", "summarise", summary="已结", improvement="培训")
    cause = house.session.scalars(select(Cause).limit(1)).one()
    put(house, complaint, liability=liability, cause_id=cause.id)
    monkeypatch.setattr(
        "plugins.complaints.guards_and_effects.emit",
        lambda session, name, record, data, by: events.append((name, data)))
    step(house, complaint, "supervisor", "archive")
    assert events == [("complaints.employee_responsible", {
        "user_id": house.actor("mengdie").user_id, "cause": cause.code})] * sent
