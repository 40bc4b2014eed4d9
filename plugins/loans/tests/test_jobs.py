"""What the worker does: reminders, expired documents, promises, problems that are overdue."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.customers.contact_models import Consent, Contact, DoNotContact
from app.notices.models import Notice
from app.sdk.errors import Invalid
from app.sdk.people import local_today
from app.sdk.records import delete, update
from app.sdk.services import SYSTEM, create, write
from plugins.loans import jobs
from plugins.loans.checklist.services import documents_of, still_to_bring
from plugins.loans.models import ApprovalReader, Problem
from plugins.loans.tests.helpers import (
    allow_contacts,
    hand_in,
    handed_over,
    in_approval,
    put_setting,
    received,
    step,
)

DAY = dt.timedelta(days=1)


def notices(house, username, text):
    """Return how many notices somebody got whose text begins so."""
    user_id = house.actor(username).user_id
    return house.session.scalar(select(func.count()).select_from(Notice).where(
        Notice.user_id == user_id, Notice.text.startswith(text)))


def test_an_owner_is_told_to_remind_the_customer(house):
    application = received(house)
    today = local_today()
    assert application.remind_on == today + 3 * DAY
    assert jobs.remind(house.session, today) == 0
    assert jobs.remind(house.session, today + 3 * DAY) == 1
    assert notices(house, "agent", "Remind the customer") == 1
    assert application.remind_on == today + 6 * DAY
    assert jobs.remind(house.session, today + 3 * DAY) == 0


def test_nobody_is_reminded_whom_the_rules_of_contact_protect(house):
    application, day = received(house), local_today() + 3 * DAY
    ban = create(house.session, SYSTEM, DoNotContact, {
        "customer_id": application.customer_id, "purpose": "reminder", "reason": "客户要求"})
    assert jobs.remind(house.session, day) == 0
    assert application.remind_on == day and notices(house, "agent", "Remind") == 0
    delete(house.session, SYSTEM, ban)
    assert jobs.remind(house.session, day) == 1


def test_the_rules_are_asked_about_the_channel_that_the_customer_prefers(house):
    application, day = received(house), local_today() + 3 * DAY
    today = local_today()
    withdrawn = create(house.session, SYSTEM, Consent, {
        "customer_id": application.customer_id, "channel": "wechat",
        "from_on": today - 9 * DAY, "withdrawn_on": today - DAY})
    update(house.session, SYSTEM, application.customer, {"preferred_contact": "wechat"})
    assert jobs.remind(house.session, day) == 0
    update(house.session, SYSTEM, withdrawn, {"channel": "phone"})
    assert jobs.remind(house.session, day) == 1


def test_a_reminder_is_recorded_as_told(house):
    application = received(house)
    step(house, application, "agent", "remind", told_channel="phone", told_text="请补交身份证明",
         reached=True)
    assert (application.reminders, application.remind_on) == (1, local_today() + 3 * DAY)
    [contact] = house.session.scalars(select(Contact))
    assert (contact.purpose, contact.reached, contact.record_id) == (
        "reminder", True, application.id)
    put_setting(house, remind_days=7)
    allow_contacts(house, most_unanswered=1, interval_minutes=1000)
    with pytest.raises(Invalid, match="told_channel"):
        step(house, application, "agent", "remind", told_channel="phone", told_text="x",
             reached=True)
    step(house, application, "agent", "remind", told_channel="phone", told_text="x", inbound=True,
         reached=True)
    assert application.reminders == 2
    assert application.remind_on == local_today() + 7 * DAY


def test_an_expired_document_is_to_be_brought_again(house):
    application = hand_in(house, received(house))
    assert application.to_bring == 0 and application.remind_on is None
    [credit] = [one for one in documents_of(house.session, application)
                if one.kind.code == "credit_record"]
    assert credit.expires_on == local_today() + 27 * DAY
    with write(house.session):
        credit.expires_on = local_today() - DAY
    assert jobs.find_expired(house.session, local_today()) == 1
    assert application.to_bring == 1 and application.remind_on is not None
    assert still_to_bring(documents_of(house.session, application)) == [credit]


def test_a_promise_that_is_over_is_told(house):
    application = handed_over(house)
    step(house, application, "agent", "follow_up", text="明天答复",
         promised_on=local_today() + DAY)
    assert jobs.chase(house.session, local_today() + DAY) == 0
    assert jobs.chase(house.session, local_today() + 2 * DAY) == 1
    for username in ("agent", "tangli"):
        assert notices(house, username, "The decision was promised") == 1


def test_an_overdue_problem_is_told_once_a_day(house):
    application = handed_over(house)
    step(house, application, "agent", "raise_problem", subject="x", description="",
         owner_id=house.actor("wanghao").user_id, due_on=local_today())
    [problem] = house.session.scalars(select(Problem))
    assert jobs.chase(house.session, local_today()) == 0
    assert jobs.chase(house.session, local_today() + DAY) == 1
    assert jobs.chase(house.session, local_today() + DAY) == 0
    assert jobs.chase(house.session, local_today() + 2 * DAY) == 1
    assert problem.reminded_on == local_today() + 2 * DAY


def test_who_may_decide_may_read(house):
    application = in_approval(house)
    with write(house.session):
        house.session.query(ApprovalReader).delete()
    jobs.look_after_approvals(house.session, dt.datetime.now(dt.UTC))
    assert set(house.session.scalars(select(ApprovalReader.user_id))) == {
        house.actor("songwei").user_id}
    assert application.state == "in_approval"
