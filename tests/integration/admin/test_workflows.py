"""The screens of workflows: shown in words, tuned within bounds, versions kept apart."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.access.models import AuditEntry
from app.workflow.publishing import in_force
from plugins.complaints.tests.helpers import registered


def form_of(page: str) -> dict[str, list[str] | str]:
    """Return what a browser would send for the tuning form as it stands."""
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="((?:state|transition)\.[^"]+|version)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent.setdefault(name[1], []).append(re.search(r'value="([^"]*)"', tag)[1])
    return sent


def name_of(desk) -> str:
    return re.search(r'href="/workflows/(complaints[\w.]+)"', desk.get("/workflows/").text)[1]


def test_shown_as_drawing_and_in_words(desk):
    admin = desk("admin")
    page = admin.get(f"/workflows/{name_of(admin)}").text
    assert 'class="workflow-drawing' in page and "Approval" in page and "Version 1" in page
    assert "Head: " in page and "Every open state" in page


def test_tuned_values_make_a_version_and_running_records_keep_theirs(desk, house):
    running = registered(house)
    admin = desk("admin")
    name = name_of(admin)
    page = admin.get(f"/workflows/{name}/tune").text
    same = admin.send(f"/workflows/{name}/tune", form_of(page))
    assert same.status_code == 302 and in_force(house.session, name)[1].version == 1

    form = form_of(page)
    form["transition.take.label"] = ["抢单"]
    form["transition.take.roles"] = ["supervisor"]
    form["state.assessed.hours"] = ["7"]
    assert admin.send(f"/workflows/{name}/tune", form).status_code == 302
    new = in_force(house.session, name)[1]
    assert new.version == 2 and new.transition("take").label == "抢单"
    assert new.transition("take").who.roles == ("supervisor",)
    assert new.state("assessed").hours == 7
    house.session.refresh(running)
    assert running.workflow_id != in_force(house.session, name)[0]
    assert "抢单" in admin.get(f"/workflows/{name}").text
    # The page is behind: somebody else has published.
    assert admin.send(f"/workflows/{name}/tune", form).status_code == 409


def test_a_renamed_state_has_its_name_wherever_a_record_is_shown(desk, house):
    admin, agent = desk("admin"), desk("agent")
    name = name_of(admin)
    form = form_of(admin.get(f"/workflows/{name}/tune").text)
    assert admin.send(f"/workflows/{name}/tune",
                      {**form, "state.recorded.label": ["已建档"]}).status_code == 302
    complaint = registered(house)
    assert complaint.state == "recorded"
    for path in (f"/complaints/show/{complaint.id}", "/complaints/list/",
                 "/complaints/list/?mode=board"):
        assert "已建档" in agent.get(path).text, path
    assert "已建档" in admin.get("/complaints/export/csv").text
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "publish_workflow")
        .order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.changes["recorded.label"] == ["Recorded", "已建档"]
    assert "已建档" in admin.get("/audit/").text


def test_who_may_take_a_step_stands_in_the_audit_trail_before_and_after(desk, house):
    admin = desk("admin")
    name = name_of(admin)
    form = form_of(admin.get(f"/workflows/{name}/tune").text)
    admin.send(f"/workflows/{name}/tune", {**form, "transition.assess.roles": ["supervisor"]})
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "publish_workflow")
        .order_by(AuditEntry.id.desc()).limit(1)).one()
    before, after = entry.changes["assess.who"]
    assert (before, after) == ("agent, supervisor", "supervisor")


def test_faults_are_told_and_nothing_is_published(desk, house):
    admin = desk("admin")
    name = name_of(admin)
    form = form_of(admin.get(f"/workflows/{name}/tune").text)
    broken = {**form, "transition.approve.roles": [], "transition.approve.relations": []}
    answer = admin.send(f"/workflows/{name}/tune", broken)
    assert answer.status_code == 422 and "approve" in answer.text
    for field, value in (("state.assessed.hours", "x"), ("state.assessed.hours", "0"),
                         ("state.assessed.label", "长" * 81)):
        bad = admin.send(f"/workflows/{name}/tune", {**form, field: [value]})
        assert bad.status_code == 422, field
    assert in_force(house.session, name)[1].version == 1


def test_who_may_not_and_what_cannot_be(desk):
    supervisor, admin = desk("supervisor"), desk("admin")
    name = name_of(admin)
    for path in ("/workflows/", f"/workflows/{name}", f"/workflows/{name}/tune"):
        assert supervisor.get(path).status_code == 403
    assert supervisor.send(f"/workflows/{name}/tune", {"version": "1"}).status_code == 403
    assert admin.get("/workflows/none").status_code == 404
    assert admin.send(f"/workflows/{name}/tune", {}).status_code == 409
