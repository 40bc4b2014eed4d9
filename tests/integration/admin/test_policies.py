"""The page of a deadline policy: versions, rehearsal, running clocks that follow, the way back."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.database import utcnow, write
from app.deadlines.models import ClockEventRow, ClockRow, PolicyRow
from app.deadlines.policies import ClockKind, Measure
from app.deadlines.policy_editing import values_of
from app.deadlines.policy_store import policies_in_force, policy_of, publish_policy
from app.deadlines.policy_trial import follow, rehearse
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

KIND = "complaints.complaint"

pytestmark = pytest.mark.both_databases


def newest(house, name: str) -> PolicyRow:
    """Return the newest version of a policy."""
    house.session.expire_all()
    return house.session.scalar(
        select(PolicyRow).where(PolicyRow.record_type == KIND, PolicyRow.name == name)
        .order_by(PolicyRow.version.desc()).limit(1))


def chosen(house, complaint: Complaint) -> tuple[ClockRow, PolicyRow]:
    """Return an internal clock of a complaint that runs, with its policy."""
    row, policy = house.session.execute(
        select(ClockRow, PolicyRow).join(PolicyRow, PolicyRow.id == ClockRow.policy_id)
        .where(ClockRow.record_type == KIND, ClockRow.record_id == complaint.id,
               ClockRow.stopped_at.is_(None), ClockRow.kind == ClockKind.INTERNAL.value)
        .order_by(ClockRow.id).limit(1)).one()
    return row, policy


def form_of(row: PolicyRow, **changed: str) -> dict[str, str]:
    """Return what the page of a policy sends; ``__`` stands for a point."""
    return {**values_of(policy_of(row.content_hash, row.content)), "version": str(row.version),
            **{name.replace("__", "."): text for name, text in changed.items()}}


def test_a_length_is_changed_as_a_new_version_and_running_clocks_keep_theirs(house, desk):
    complaint = registered(house)
    clock, policy = chosen(house, complaint)
    key, name, version, due = clock.key, policy.name, policy.version, clock.due_at
    admin, path = desk("admin"), f"/deadlines/policies/{KIND}/{policy.name}"
    assert f'name="{key}.amount"' in admin.get(path).text
    assert path in admin.get("/deadlines/").text
    sent = form_of(policy, **{f"{key}.amount": "1", f"{key}.measure": "working_minutes",
                              "step": "publish"})
    for step in [name for name in sent if ".extend." in name]:
        sent[step] = ""
    assert admin.send(path, sent).status_code == 302
    row = newest(house, name)
    assert (row.version, row.in_force, row.shipped) == (version + 1, True, False)
    rule = policy_of(row.content_hash, row.content).rule(key)
    assert (rule.amount, rule.measure) == (60, Measure.WORKING_MINUTES)
    held, policy = chosen(house, complaint)
    assert (held.due_at, policy.version) == (due, version)
    later = registered(house)
    assert chosen(house, later)[0].policy_id == row.id
    entry = house.session.scalar(
        select(AuditEntry).where(AuditEntry.action == "policy_published"))
    assert entry.changes["version"] == [version, version + 1]
    page = admin.get(path).text
    # The steps of extension were emptied: who approved them is named in words.
    assert "Extension:" in page and "Supervisor → none" in page
    assert "1 working hours" in page and f"Version {version + 1}" in page


def test_what_is_typed_is_rehearsed_without_being_written(house, desk):
    complaint = registered(house)
    clock, policy = chosen(house, complaint)
    key, due, versions = clock.key, clock.due_at, house.session.scalar(
        select(func.count()).select_from(PolicyRow))
    sent = form_of(policy, **{f"{key}.amount": "900", f"{key}.measure": "working_minutes",
                              "step": "rehearse"})
    for step in [name for name in sent if ".extend." in name]:
        sent[step] = ""
    answer = desk("admin").send(f"/deadlines/policies/{KIND}/{policy.name}", sent)
    assert answer.status_code == 200
    running = len(policy_of(policy.content_hash, policy.content).clocks)
    assert f"{running} clocks run under this policy" in answer.text
    assert "0 would be due earlier, 1 later" in answer.text
    assert complaint.number in answer.text and 'value="900"' in answer.text
    house.session.expire_all()
    assert chosen(house, complaint)[0].due_at == due
    assert house.session.scalar(select(func.count()).select_from(PolicyRow)) == versions


def test_bad_values_are_named_at_their_fields_and_nothing_is_lost(house, desk):
    _, policy = chosen(house, registered(house))
    key = policy_of(policy.content_hash, policy.content).clocks[0].key
    answer = desk("admin").send(
        f"/deadlines/policies/{KIND}/{policy.name}",
        form_of(policy, **{f"{key}.warn_at": "90, 50", "step": "publish"}))
    assert answer.status_code == 422
    assert "Enter rising percentages" in answer.text and 'value="90, 50"' in answer.text
    assert newest(house, policy.name).version == policy.version


def test_who_published_meanwhile_is_not_overwritten(house, desk):
    _, policy = chosen(house, registered(house))
    answer = desk("admin").send(
        f"/deadlines/policies/{KIND}/{policy.name}",
        {**form_of(policy), "version": str(policy.version + 7), "step": "publish"})
    assert answer.status_code == 409


@pytest.mark.parametrize("username", ["agent", "supervisor", "leader", "hr"])
def test_others_may_not(house, desk, username):
    _, policy = chosen(house, registered(house))
    path = f"/deadlines/policies/{KIND}/{policy.name}"
    assert desk(username).get(path).status_code == 403
    assert desk(username).send(path, form_of(policy)).status_code == 403


def test_running_clocks_follow_by_a_job_and_the_shipped_policy_comes_back(house, desk, work):
    complaint = registered(house)
    clock, policy = chosen(house, complaint)
    key, name, due = clock.key, policy.name, clock.due_at
    admin, path = desk("admin"), f"/deadlines/policies/{KIND}/{policy.name}"
    sent = form_of(policy, **{f"{key}.amount": "900", f"{key}.measure": "working_minutes",
                              "step": "publish", "running": "1"})
    for step in [name for name in sent if ".extend." in name]:
        sent[step] = ""
    assert admin.send(path, sent).status_code == 302
    assert work().state == "done"
    row = newest(house, name)
    moved, policy = chosen(house, complaint)
    assert policy.id == row.id and moved.due_at > due
    assert house.session.get(Complaint, complaint.id).due_at is not None
    assert admin.send(f"{path}/reset", {"running": "1"}).status_code == 302
    assert work().state == "done"
    back, policy = chosen(house, complaint)
    assert (back.due_at, policy.version, policy.shipped) == (due, row.version + 1, True)


def test_what_was_told_is_not_told_again_however_many_warnings_there_are(house):
    complaint = registered(house)
    clock, policy = chosen(house, complaint)
    now, session = utcnow(), house.session
    with write(session):
        clock.schedule = [[f"{now:%Y-%m-%d} 00:00:00.000000", "warning", 1, ""],
                          *clock.schedule[1:]]
        session.add(ClockEventRow(
            clock_id=clock.id, record_type=KIND, record_id=complaint.id, extended=0,
            kind="warning", level=1, at=now, due_at=clock.due_at))
        clock.passed = 1
    held = policy_of(policy.content_hash, policy.content)
    for shares, passed in (((0.9,), 1), ((0.2, 0.4, 0.6), 1), ((), 0)):
        wanted = dataclasses.replace(held, clocks=tuple(
            dataclasses.replace(one, warn_at=shares) if one.key == clock.key else one
            for one in held.clocks))
        with write(session):
            publish_policy(session, KIND, wanted)
        follow(session, KIND, held.name)
        session.expire_all()
        clock = chosen(house, complaint)[0]
        assert clock.passed == passed, shares
        # The breach is still to come, whatever was told.
        assert [one[1] for one in clock.schedule[clock.passed:]].count("breach") == 1


def test_a_rehearsal_counts_as_following_does(house):
    complaints = [registered(house) for _ in range(3)]
    clock, policy = chosen(house, complaints[0])
    held = policies_in_force(house.session, KIND)[policy.id]
    wanted = dataclasses.replace(held, clocks=tuple(
        dataclasses.replace(one, amount=one.amount * 3, extensions=())
        if one.key == clock.key else one for one in held.clocks))
    found = rehearse(house.session, KIND, wanted, utcnow())
    with write(house.session):
        publish_policy(house.session, KIND, wanted)
    assert follow(house.session, KIND, held.name) == found.running
    house.session.expire_all()
    after = {one.record_id: one.after for one in found.moved if one.key == clock.key}
    assert {one.id: chosen(house, one)[0].due_at for one in complaints} == after
    assert found.later == 3 and found.earlier == 0
