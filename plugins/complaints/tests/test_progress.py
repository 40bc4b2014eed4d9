"""What the customer was told: by its own step only, with a time or without."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.sdk.models import Comment
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered


def notes(house, complaint) -> list[tuple[str, str]]:
    """Return kind and text of each note on a complaint."""
    return [(row.kind, row.text) for row in house.session.scalars(
        select(Comment).where(Comment.record_id == complaint.id,
                              Comment.record_type == Complaint.__record_type__)
        .order_by(Comment.id))]


def token(client) -> str:
    """Return the page's token against forgery."""
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(("promised", "kept"), [("", None), ("2030-01-02T10:00", 2)])
def test_the_customer_is_told_with_or_without_a_promised_time(house, promised, kept):
    """Browsers send a field that was left empty, too."""
    complaint = registered(house)
    client = house.client("agent")
    answer = client.post(f"/complaints/act/{complaint.id}/tell_progress", data={
        "csrf_token": token(client), "version": complaint.version, "text": "正在核实",
        "promised_at": promised,
    })
    assert answer.status_code == 302, answer.text
    house.session.expire_all()
    assert notes(house, complaint) == [("progress", "正在核实")]
    assert complaint.last_progress_at is not None
    assert (complaint.promised_at and complaint.promised_at.hour) == kept


def test_a_time_that_is_none_is_still_refused(house):
    complaint = registered(house)
    client = house.client("agent")
    answer = client.post(f"/complaints/act/{complaint.id}/tell_progress", data={
        "csrf_token": token(client), "version": complaint.version, "text": "正在核实",
        "promised_at": "soon",
    })
    assert answer.status_code == 422
    assert notes(house, complaint) == []


def test_the_form_of_comments_makes_comments_only(house):
    """Whoever may only comment cannot claim that the customer has been told."""
    complaint = registered(house)
    client = house.client("leader")
    answer = client.post(f"/complaints/comment/{complaint.id}", data={
        "csrf_token": token(client), "text": "已告知客户", "kind": "progress",
    })
    assert answer.status_code == 302
    house.session.expire_all()
    assert notes(house, complaint) == [("comment", "已告知客户")]
    assert complaint.last_progress_at is None
