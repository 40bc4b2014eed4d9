"""A value is revealed with the right and a reason, or by calling it from a record one works on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.sdk.services import update
from plugins.complaints.tests.helpers import assigned, step
from plugins.complaints.tests.test_api import call as call_api
from tests.integration.admin.sensitive.conftest import (
    CONTACT,
    ID_NUMBER,
    MASK,
    PHONE,
    told,
)


def reveals(house) -> list[tuple]:
    """Return who revealed what, why and how, in order."""
    house.session.rollback()
    return [
        (entry.actor_name, entry.number, entry.changes["columns"], entry.action,
         entry.reason)
        for entry in house.session.scalars(
            select(AuditEntry).where(AuditEntry.action.in_(("reveal", "call")))
            .order_by(AuditEntry.id))
    ]


def test_who_may_sees_it_for_a_reason_that_is_kept(house, records, desk):
    supervisor, pk = desk("supervisor"), records.customer.id
    address = f"/customers/reveal/{pk}/phone"
    assert f'href="{address}"' in supervisor.get(f"/customers/show/{pk}").text
    asked = supervisor.get(address, headers={"HX-Request": "true"})
    assert 'name="reason"' in asked.text and told(asked.data) == []
    for reason in ("", "  "):
        refused = supervisor.send(address, {"reason": reason})
        assert refused.status_code == 422 and told(refused.data) == []
    assert reveals(house) == []
    shown = supervisor.send(address, {"reason": "  customer asks which\nnumber we have "})
    assert PHONE in shown.text and f'href="tel:{PHONE}"' in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert supervisor.send(
        f"/customers/reveal/{pk}/id_number", {"reason": "contract"}).text.count(ID_NUMBER) == 1
    name = house.actor("supervisor").name
    assert reveals(house) == [
        (name, records.customer.number, ["phone"], "reveal", "customer asks which number we have"),
        (name, records.customer.number, ["id_number"], "reveal", "contract"),
    ]
    # The next page shows the mask again, and the timeline says that somebody looked.
    page = supervisor.get(f"/customers/show/{pk}").text
    assert MASK in page and told(page) == [] and "revealed a masked value" in page


@pytest.mark.parametrize("username", ["agent", "leader"])
def test_without_the_right_there_is_no_way(house, records, desk, username):
    person, pk = desk(username), records.customer.id
    assert "/customers/reveal/" not in person.get(f"/customers/show/{pk}").text
    for answer in (person.get(f"/customers/reveal/{pk}/phone"),
                   person.send(f"/customers/reveal/{pk}/phone", {"reason": "curious"}),
                   person.send(f"/customers/call/{pk}/phone"),
                   person.get("/customers/export_revealed"),
                   person.send("/customers/export/csv?all=1",
                               {"whole": "1", "reveal": "1", "reason": "curious"})):
        assert answer.status_code == 403
    assert reveals(house) == []


def test_a_reveal_needs_a_token(records, desk):
    supervisor, pk = desk("supervisor"), records.customer.id
    supervisor.token = "wrong"
    assert supervisor.send(f"/customers/reveal/{pk}/phone", {"reason": "x"}).status_code == 400


def test_who_works_on_the_open_record_calls(house, records, desk):
    agent, case = desk("agent"), records.complaint
    page = agent.get(f"/complaints/show/{case.id}").text
    assert f'action="/complaints/call/{case.id}/contact"' in page
    assert "/complaints/reveal/" not in page
    called = agent.send(f"/complaints/call/{case.id}/contact")
    assert f'href="tel:{CONTACT}"' in called.text and CONTACT in called.text
    assert reveals(house) == [
        (house.actor("agent").name, case.number, ["contact"], "call", case.number)]
    assert agent.get(f"/complaints/call/{case.id}/contact").status_code == 405


def test_who_is_responsible_calls_as_well_and_others_of_the_team_do_not(house, desk):
    case = assigned(house, contact="139 9876 1234")
    assert CONTACT in desk("mengdie").send(f"/complaints/call/{case.id}/contact").text
    assert CONTACT in desk("agent").send(f"/complaints/call/{case.id}/contact").text
    colleagues = [name for name in ("wanghao", "leader", "fengtao", "heyan")
                  if desk(name).get(f"/complaints/show/{case.id}").status_code == 200]
    assert colleagues
    for name in colleagues:
        assert desk(name).send(f"/complaints/call/{case.id}/contact").status_code == 403


def test_a_closed_record_is_called_no_more(house, records, desk):
    agent, case = desk("agent"), records.complaint
    step(house, case, "agent", "withdraw", withdrawal_reason="客户撤回", reason="客户撤回")
    assert not case.is_open
    assert agent.send(f"/complaints/call/{case.id}/contact").status_code == 403


@pytest.mark.parametrize("contact", ["wx_ming", "xiaoming@example.com"])
def test_what_is_no_number_is_not_called(house, records, desk, contact):
    update(house.session, house.actor("agent"), records.complaint, {"contact": contact})
    agent, pk = desk("agent"), records.complaint.id
    assert "/complaints/call/" not in agent.get(f"/complaints/show/{pk}").text
    assert agent.send(f"/complaints/call/{pk}/contact").status_code == 403


@pytest.mark.parametrize("path", [
    "reveal/{pk}/name", "reveal/{pk}/nothing", "reveal/999999/phone", "call/{pk}/name",
])
def test_addresses_of_nothing(records, desk, path):
    answer = desk("supervisor").send(
        "/customers/" + path.format(pk=records.customer.id), {"reason": "x"})
    assert answer.status_code == 404


def test_an_export_with_clear_values_needs_a_reason_and_is_noted(house, records, desk):
    supervisor = desk("supervisor")
    assert "/customers/export_revealed" in supervisor.get("/customers/list/?all=1").text
    dialog = supervisor.get("/customers/export_revealed?all=1")
    assert 'name="reason"' in dialog.text
    form = {"whole": "1", "reveal": "1"}
    assert supervisor.send("/customers/export/csv?all=1", form).status_code == 400
    clear = supervisor.send("/customers/export/csv?all=1", {**form, "reason": "letter to all"})
    assert PHONE in clear.text
    xlsx = supervisor.send("/customers/export/xlsx?all=1", {**form, "reason": "letter to all"})
    assert xlsx.status_code == 200
    house.session.rollback()
    entries = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.id)).all()
    assert [(entry.reason, entry.changes["revealed"]) for entry in entries] == [
        ("letter to all", ["phone"])] * 2


def test_the_api_reveals_with_right_and_reason(house, records):
    pk, client = records.complaint.id, house.client("supervisor")
    address = f"/api/v1/complaints/{pk}/reveal"
    no_reason = call_api(client, "POST", address, fields=["contact"])
    assert (no_reason.status_code, list(no_reason.json["errors"])) == (422, ["reason"])
    for fields in (None, [], ["subject"], "contact", ["contact", "owner"]):
        wrong = call_api(client, "POST", address, fields=fields, reason="x")
        assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["fields"])
    shown = call_api(client, "POST", address, fields=["contact"], reason="call back")
    assert shown.json["result"] == {"contact": CONTACT}
    refused = call_api(
        house.client("agent"), "POST", address, fields=["contact"], reason="call back")
    assert refused.status_code == 403
    assert [entry[2:] for entry in reveals(house)] == [(["contact"], "reveal", "call back")]


def test_an_administrator_finds_the_right_on_the_screen_of_roles(desk):
    assert "Reveal masked values" in desk("admin").get("/roles/matrix/").text + desk(
        "admin").get("/roles/edit/1").text
