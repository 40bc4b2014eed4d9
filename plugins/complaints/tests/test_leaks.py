"""A complaint of another team does not exist, whichever way one comes (requirement A2)."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from app.records.files import FileStore, attach
from app.sdk.services import SYSTEM, attachments
from plugins.complaints.models import Complaint, Incident
from plugins.complaints.tests.helpers import registered


@pytest.fixture
def foreign(house):
    """A complaint of the second hotline team, with a file and a mass incident."""
    complaint = registered(house, "liuyang", subject="Nobody else's business")
    store = FileStore(house.app.config["CARELINE_SETTINGS"])
    attach(house.session, SYSTEM, store, complaint, "note.txt", io.BytesIO(b"secret words"))
    return complaint


def token(client) -> str:
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def ways_in(house, complaint) -> list[str]:
    pk = complaint.id
    [file] = attachments(house.session, complaint)
    return [
        f"/complaints/show/{pk}", f"/complaints/edit/{pk}", f"/complaints/act/{pk}/assess",
        f"/complaints/act/{pk}/take", f"/complaints/flow/{pk}", f"/complaints/step/{pk}/next",
        f"/complaints/{pk}/record-form.pdf", f"/complaints/{pk}/report.pdf",
        f"/complaints/peek/{pk}", f"/complaints/moves/{pk}",
        f"/complaints/files/{pk}/{file.id}", f"/api/v1/complaints/{pk}",
    ]


def test_every_way_to_a_page_is_a_404(house, foreign):
    client, own = house.client("agent"), registered(house, "agent")
    for address in ways_in(house, foreign):
        assert client.get(address).status_code == 404, address
    [file] = attachments(house.session, foreign)
    # The file of a foreign record is not handed out on the way over an own one either.
    assert client.get(f"/complaints/files/{own.id}/{file.id}").status_code == 404


def test_the_owner_s_team_gets_in(house, foreign):
    client = house.client("zhangjing")
    for address in ways_in(house, foreign):
        if "/act/" in address or "/step/" in address:
            continue
        assert client.get(address).status_code == 200, address


def test_changing_ways_are_404_and_change_nothing(house, foreign):
    client = house.client("agent")
    data = {"csrf_token": token(client), "version": foreign.version, "text": "hello",
            "severity": "minor", "urgency": "low", "cause_analysis": "x", "reason": "changed"}
    pk = foreign.id
    for address in (f"/complaints/edit/{pk}", f"/complaints/act/{pk}/assess",
                    f"/complaints/act/{pk}/take", f"/complaints/comment/{pk}"):
        assert client.post(address, data=data).status_code == 404, address
    sent = {**data, "files": (io.BytesIO(b"x"), "x.txt")}
    assert client.post(f"/complaints/files/{pk}", data=sent).status_code == 404
    for method, body in (("put", {"reason": "changed", "version": foreign.version}),
                         ("delete", None)):
        answer = getattr(client, method)(
            f"/api/v1/complaints/{pk}", json=body, headers={"X-CSRFToken": token(client)}
        )
        assert answer.status_code in (403, 404, 405), method
    house.session.expire_all()
    assert foreign.state == "recorded" and foreign.version == data["version"]


def test_bulk_says_not_found_and_changes_nothing(house, foreign):
    client = house.client("agent")
    own = registered(house, "agent")
    client.post("/complaints/bulk", data={
        "csrf_token": token(client), "action": "take", "row": [foreign.id, own.id],
        "confirmed": "1",
    })
    house.session.expire_all()
    assert foreign.owner_id == house.actor("liuyang").user_id


def test_lists_search_export_api_and_figures_leave_it_out(house, foreign):
    own = registered(house, "agent", subject="Own matter")
    client = house.client("agent")
    for address in ("/complaints/list/?all=1", f"/complaints/list/?q={foreign.number}",
                    "/complaints/list/?all=1&size=200", f"/search/?q={foreign.number}",
                    "/search/?q=business", "/api/v1/complaints/", "/",
                    "/api/v1/pick/record/complaints.complaint?q=business",
                    "/complaints/options/merged_into?q=business"):
        answer = client.get(address)
        assert answer.status_code in (200, 404), (address, answer.status_code)
        assert foreign.subject not in answer.text, address
        assert f"/complaints/show/{foreign.id}" not in answer.text, address
    assert own.number in client.get("/complaints/list/?all=1").text
    # The second team's own supervisor sees it, and exports it.
    supervisor = house.client("supervisor")
    exported = supervisor.get("/complaints/export/csv?all=1")
    assert exported.status_code == 200 and foreign.number in exported.text
    assert client.get("/complaints/export/csv?all=1").status_code == 403


def test_related_tabs_leave_it_out(house, foreign):
    from app.sdk.services import create, update

    incident = create(house.session, house.actor("supervisor"), Incident, {
        "subject": "群体", "owner_id": house.actor("agent").user_id,
    })
    update(house.session, SYSTEM, foreign, {"incident_id": incident.id})
    answer = house.client("agent").get(
        f"/complaints/incidents/related/{incident.id}/ComplaintView"
    )
    assert answer.status_code == 200
    assert foreign.number not in answer.text


def test_nobody_signed_in_gets_nothing(house, foreign):
    client = house.client()
    for address in ways_in(house, foreign):
        assert client.get(address).status_code in (302, 401), address


def test_hr_sees_no_complaint_at_all(house, foreign):
    client = house.client("hr")
    for address in (*ways_in(house, foreign), "/complaints/list/", "/complaints/statistics/"):
        assert client.get(address).status_code in (403, 404), address


def test_a_responsible_department_sees_it_only_once_it_is_responsible(house, foreign):
    from plugins.complaints.tests.helpers import department, put

    client = house.client("fengtao")
    assert client.get(f"/complaints/show/{foreign.id}").status_code == 404
    put(house, foreign, responsible_department_id=department(house, "COLLECT"))
    assert client.get(f"/complaints/show/{foreign.id}").status_code == 200
    assert house.session.scalars(select(Complaint)).all()
