"""Rule book and receipt put right later: the deadlines follow, and not everybody may do it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.deadlines.models import ClockRow
from app.sdk.services import utcnow
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assigned, fed_back, registered, step

STATUTORY, HOUSE = "cn_cbirc_2020", "house"
ZONE = dt.timezone(dt.timedelta(hours=8))


def minute(**ago: int) -> dt.datetime:
    """Return a whole minute of the past."""
    return (utcnow() - dt.timedelta(**ago)).replace(second=0, microsecond=0)


def refresh(house) -> None:
    """Let the test see what requests have written since."""
    house.session.rollback()
    house.session.expire_all()


def clocks(house, complaint) -> dict[str, ClockRow]:
    """Return the newest run of each clock as the database holds it."""
    refresh(house)
    return {row.key: row for row in house.session.scalars(
        select(ClockRow).where(ClockRow.record_id == complaint.id,
                               ClockRow.record_type == Complaint.__record_type__)
        .order_by(ClockRow.run)
    )}


class Sender:
    """One person who changes complaints, by each way there is."""

    def __init__(self, house, username: str) -> None:
        self.client = house.client(username)
        page = self.client.get("/").text
        self.token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
        self.headers = {"X-CSRFToken": self.token, "Accept-Language": "en"}

    def send(self, way: str, complaint, **values):
        """Change values of a complaint."""
        data = {"version": complaint.version, **values}
        (name, value), pk = next(iter(values.items())), complaint.id
        if way == "api":
            return self.client.put(f"/api/v1/complaints/{pk}", json=data, headers=self.headers)
        if way == "bulk":
            data = {"column": name, name: value, "row": pk, "step": "confirmed",
                    f"version-{pk}": complaint.version}
            return self.client.post("/complaints/bulk/edit", data=data, headers=self.headers,
                                    follow_redirects=True)
        address = {"form": f"/complaints/edit/{pk}", "fact": f"/complaints/fact/{pk}/{name}"}[way]
        return self.client.post(address, data=data, headers=self.headers)


WAYS = ("form", "fact", "bulk", "api")


@pytest.mark.parametrize("way", WAYS)
def test_a_statutory_clock_begins_with_the_receipt(house, way):
    received = minute(days=3)
    complaint = registered(house, received_at=received)
    step(house, complaint, "agent", "assess", severity="normal", urgency="low",
         cause_analysis="无")
    before = clocks(house, complaint)
    assert "decision" not in before
    due = complaint.due_at
    Sender(house, "agent").send(way, complaint, rule_book=STATUTORY)
    after = clocks(house, complaint)
    assert complaint.rule_book == STATUTORY
    assert (after["decision"].started_at, after["decision"].stopped_at) == (received, None)
    # The clocks of the house go on as they were.
    assert {key: after[key].id for key in before} == {key: row.id for key, row in before.items()}
    assert complaint.due_at == min(due, after["decision"].due_at)
    [entry] = house.session.scalars(select(AuditEntry).where(
        AuditEntry.record_type == complaint.__record_type__, AuditEntry.record_id == complaint.id, AuditEntry.action == "deadlines_moved"))
    assert entry.changes["clock"] == "decision"
    [entry] = house.session.scalars(select(AuditEntry).where(
        AuditEntry.record_type == complaint.__record_type__, AuditEntry.record_id == complaint.id, AuditEntry.action == "change"))
    assert entry.changes["rule_book"] == [HOUSE, STATUTORY]


def test_what_happened_since_counts_for_the_new_clock(house):
    """It has run from the receipt, and ended when the customer was answered."""
    complaint = fed_back(house, received_at=minute(days=3))
    Sender(house, "agent").send("form", complaint, rule_book=STATUTORY)
    decision = clocks(house, complaint)["decision"]
    assert decision.kept is True and decision.stopped_at is not None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("book", [HOUSE, "cn_pboc"])
def test_who_may_not_correct_leaves_the_statutory_clock_alone(house, way, book):
    complaint = registered(house, rule_book=STATUTORY)
    before = clocks(house, complaint)["decision"].id
    answer = Sender(house, "agent").send(way, complaint, rule_book=book)
    assert answer.status_code == (200 if way == "bulk" else 422)
    assert "Only those who may correct receipt and rule book take a" in answer.text
    if way in ("form", "fact"):
        assert 'id="rule_book-error"' in answer.text or 'aria-invalid="true"' in answer.text
    row = clocks(house, complaint)["decision"]
    assert (complaint.rule_book, row.id, row.stopped_at) == (STATUTORY, before, None)


@pytest.mark.parametrize("way", WAYS)
def test_a_supervisor_takes_a_statutory_book_off(house, way):
    complaint = registered(house, rule_book=STATUTORY)
    Sender(house, "supervisor").send(way, complaint, rule_book=HOUSE)
    row = clocks(house, complaint)["decision"]
    assert complaint.rule_book == HOUSE
    # Called off: neither kept nor missed.
    assert row.stopped_at is not None and row.kept is None
    # The next step changes nothing more of it.
    step(house, complaint, "agent", "assess", severity="minor", urgency="low",
         cause_analysis="无")
    assert clocks(house, complaint)["decision"].id == row.id


def test_from_one_statutory_book_to_another_and_back(house):
    received = minute(days=2)
    complaint = assigned(house, rule_book=STATUTORY, received_at=received)
    sender = Sender(house, "supervisor")
    for run, book in ((2, "cn_pboc"), (3, STATUTORY)):
        sender.send("form", complaint, rule_book=book)
        row = clocks(house, complaint)["decision"]
        assert (row.run, row.started_at, row.stopped_at) == (run, received, None)


@pytest.mark.parametrize("way", WAYS)
def test_only_who_may_correct_moves_the_receipt_to_a_later_time(house, way):
    complaint = registered(house, received_at=minute(days=30))
    due, recorded = complaint.due_at, complaint.received_at
    later = minute(hours=1)
    sent = later.isoformat() if way == "api" else (
        later.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"))
    answer = Sender(house, "agent").send(way, complaint, received_at=sent)
    assert "receipt to a later time" in answer.text
    refresh(house)
    assert (complaint.received_at, complaint.due_at) == (recorded, due)
    Sender(house, "supervisor").send(way, complaint, received_at=sent)
    refresh(house)
    assert complaint.received_at == later and complaint.due_at > due


def test_everybody_who_may_change_it_moves_the_receipt_to_an_earlier_time(house):
    complaint = registered(house, received_at=minute(hours=1))
    earlier = minute(days=2)
    answer = Sender(house, "agent").send(
        "form", complaint, received_at=earlier.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"))
    assert answer.status_code == 302
    refresh(house)
    assert complaint.received_at == earlier
