"""A step that nobody takes in time: reminded of, passed over, or refused until HR allows it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.notices.models import Notice
from app.sdk.errors import NotPermitted, Rejected
from app.sdk.models import utcnow
from app.sdk.people import local_today
from app.sdk.services import act, write
from plugins.appraisals.choices import FILLING, RATING, SIGNED, SIGNING
from plugins.appraisals.commands import tampered
from plugins.appraisals.jobs import look_after_overdue
from plugins.appraisals.rules.chain import SUBJECT
from plugins.appraisals.rules.overdue import PASS, REFUSE, REMIND
from plugins.appraisals.sheets import objections
from plugins.appraisals.sheets import paper as sheet_paper
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.signing import next_signature, signatures_of, waiting_for
from plugins.appraisals.tests.helpers import RATING as ANSWERS
from plugins.appraisals.tests.helpers import month, rated, settle, sheet_of, sign

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def sheet(house) -> Sheet:
    return sheet_of(house, month(house))


def rules(house, **values) -> None:
    """Set what follows for kinds of step; each may wait for 5 days."""
    settle(house, **{f"overdue_{kind}": action for kind, action in values.items()},
           **{f"overdue_{kind}_days": 5 for kind in values})


def go_by(house, sheet, days: int) -> None:
    """Let a sheet have waited for so many days, and do what is due."""
    with write(house.session):
        sheet.waits_since = utcnow() - dt.timedelta(days=days)
    run(house)
    house.session.refresh(sheet)


def run(house) -> None:
    look_after_overdue(house.session, utcnow(), utcnow())


def notices(house, username: str) -> list[str]:
    return list(house.session.scalars(select(Notice.text).where(
        Notice.user_id == house.actor(username).user_id)))


@pytest.mark.parametrize("action", [REMIND, PASS, REFUSE])
def test_nothing_happens_before_its_time(house, sheet, action):
    rules(house, own=action)
    rated(house, sheet)
    go_by(house, sheet, 4)
    assert (sheet.closed_at, next_signature(house.session, sheet).part) == (None, SUBJECT)


def test_without_a_rule_it_is_reminded_of_only(house, sheet):
    rules(house, own=REMIND)
    go_by(house, sheet, 60)
    assert (sheet.status, sheet.closed_at, sheet.words_passed_at) == (FILLING, None, None)
    assert notices(house, "agent").count("Your appraisal still has to be filled in.") == 1
    version = sheet.version
    run(house)
    house.session.refresh(sheet)
    assert sheet.version == version


def on_paper(house, sheet, monkeypatch) -> dict:
    """Return the data of the document, without who prints it."""
    monkeypatch.setattr(sheet_paper, "print_context", lambda *_: {})
    with house.app.test_request_context():
        return sheet_paper.paper(house.session, sheet)


def test_the_words_of_a_person_are_passed_over(house, sheet, monkeypatch):
    rules(house, own=PASS)
    go_by(house, sheet, 5)
    assert sheet.status == RATING
    assert sheet.words_passed_at is not None
    assert "An appraisal waits for your rating." in notices(house, "supervisor")
    assert "按规定跳过" in on_paper(house, sheet, monkeypatch)["head"][-1]["value"]
    # The rating has its own time, and cannot be passed over.
    rules(house, leader=PASS)
    go_by(house, sheet, 50)
    assert (sheet.status, sheet.score) == (RATING, None)


def test_a_signature_is_passed_over_and_is_none(house, sheet, monkeypatch):
    rules(house, own=PASS, posts=PASS)
    rated(house, sheet)
    go_by(house, sheet, 6)
    first = signatures_of(house.session, sheet.id)[0]
    assert (first.signed_at, first.signed_by_id) == (None, None)
    assert first.passed_at is not None
    # The figures are frozen as with a signature, and the next place waits from now on.
    assert sheet.frozen_hash
    assert next_signature(house.session, sheet).part == "appraiser"
    run(house)
    assert next_signature(house.session, sheet).part == "appraiser"
    with pytest.raises(NotPermitted):
        sign(house, sheet, "agent")
    sign(house, sheet, "supervisor")
    go_by(house, sheet, 5)
    assert [one.is_over for one in signatures_of(house.session, sheet.id)] == [
        True, True, True, False, False, False]
    assert waiting_for(house.session, [sheet], house.actor("hr").user_id) == [sheet]
    sign(house, sheet, "hr")
    go_by(house, sheet, 5)
    go_by(house, sheet, 5)
    assert (sheet.status, sheet.score) == (SIGNED, Decimal("93.33"))
    assert tampered(house.session) == []
    said = [one["text"] for one in on_paper(house, sheet, monkeypatch)["signatures"]]
    assert ["按规定跳过" in one for one in said] == [True, False, True, False, True, True]
    acts = house.session.scalars(select(AuditEntry).where(
        AuditEntry.action == "pass_over", AuditEntry.record_id == sheet.id)).all()
    assert [one.changes["part"] for one in acts] == [
        "subject", "department_manager", "marketing_director", "general_manager"]
    assert "passed over by rule" in " ".join(notices(house, "fengtao"))


def test_what_nobody_has_signed_never_ends_by_rule(house, sheet):
    rules(house, own=PASS, leader=PASS, posts=PASS)
    rated(house, sheet)
    for _ in range(8):
        go_by(house, sheet, 5)
    assert sheet.status == SIGNING
    assert next_signature(house.session, sheet).part == "general_manager"


def test_an_open_objection_stops_the_clock(house, sheet):
    rules(house, own=PASS)
    rated(house, sheet)
    raised = objections.raise_objection(
        house.session, sheet_operations(), house.actor("agent"), sheet, "attitude", "不符", None)
    go_by(house, sheet, 30)
    assert next_signature(house.session, sheet).part == SUBJECT
    objections.decide(house.session, sheet_operations(), house.actor("supervisor"), sheet, raised,
                      "以记录为准", None, None)
    run(house)
    assert next_signature(house.session, sheet).part == SUBJECT
    go_by(house, sheet, 5)
    assert next_signature(house.session, sheet).part == "appraiser"


def test_a_step_is_refused_until_hr_allows_it(house, sheet):
    rules(house, own=REFUSE, leader=REFUSE)
    go_by(house, sheet, 5)
    assert (sheet.status, sheet.closed_at is None) == (FILLING, False)
    operations = sheet_operations()
    with pytest.raises(Rejected):
        operations.fill(house.session, house.actor("agent"), sheet, {}, None, hands_in=True)
    with pytest.raises(Rejected):
        act(house.session, house.actor("supervisor"), sheet, "allow_again", {"reason": "x"})
    number = house.session.scalar(select(func.count()).select_from(Notice))
    run(house)
    assert house.session.scalar(select(func.count()).select_from(Notice)) == number
    assert "HR can allow it again" in " ".join(notices(house, "agent"))
    assert "HR can allow it again" in " ".join(notices(house, "hr"))
    act(house.session, house.actor("hr"), sheet, "allow_again", {"reason": "病假返岗"})
    assert sheet.closed_at is None
    run(house)
    operations.fill(house.session, house.actor("agent"), sheet, {}, None, hands_in=True)
    go_by(house, sheet, 5)
    with pytest.raises(Rejected):
        operations.rate(house.session, house.actor("supervisor"), sheet, ANSWERS, [], "", None,
                        passes_on=True)
    act(house.session, house.actor("hr"), sheet, "allow_again", {"reason": "出差"})
    operations.rate(house.session, house.actor("supervisor"), sheet, ANSWERS, [], "", None,
                    passes_on=True)
    go_by(house, sheet, 5)
    with pytest.raises(Rejected):
        sign(house, sheet, "agent")
    assert next_signature(house.session, sheet).part == SUBJECT


def test_a_month_that_has_not_ended_is_left_alone(house):
    rules(house, own=REFUSE)
    running = sheet_of(house, month(house, local_today().replace(day=1)))
    go_by(house, running, 60)
    assert (running.status, running.closed_at) == (FILLING, None)
