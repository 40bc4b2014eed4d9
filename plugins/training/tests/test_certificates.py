"""Certificates are earned, end, are outdated by a new edition, and can be checked."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.notices.models import Notice
from app.sdk.errors import NotPermitted, Rejected
from app.sdk.people import local_today
from app.sdk.records import operations_of
from app.sdk.services import act, utcnow
from plugins.training.certificates.models import Certificate
from plugins.training.certificates.services import held_by, outdate, remind
from plugins.training.sessions.models import Session
from plugins.training.tests.helpers import at, certificate, course, exam, session_of, taken


def certificates(house):
    return house.session.scalars(select(Certificate).order_by(Certificate.id)).all()


def texts(house, username):
    return [one.text for one in house.session.scalars(
        select(Notice).where(Notice.user_id == house.actor(username).user_id))]


def test_a_passed_exam_earns_one_for_the_months_of_the_course(house):
    of = exam(house, course(house, valid_months=12))
    with at():
        taken(house, of)
    [made] = certificates(house)
    assert (made.issued_on, made.ends_on) == (dt.date(2024, 3, 4), dt.date(2025, 3, 4))
    assert made.number.startswith("ZS-") and made.team_id == house.actor("agent").team_id
    assert "You have earned the certificate %(course)s." in texts(house, "agent")


def test_a_failed_one_earns_none(house):
    taken(house, exam(house, course(house)), right=False)
    assert certificates(house) == []


def test_where_both_are_asked_for_the_second_earns_it(house):
    of = course(house, proof="both")
    taken(house, exam(house, of))
    assert certificates(house) == []
    held = session_of(house, of)
    act(house.session, house.actor("agent"), held, "enrol_me")
    operations_of(Session).tick_off(
        house.session, house.actor("hr"), held, {house.actor("agent").user_id})
    act(house.session, house.actor("hr"), held, "hold")
    assert len(certificates(house)) == 1


def test_a_new_edition_ends_earlier_ones_after_the_grace(house):
    of = course(house, valid_months=0)
    made = certificate(house, of)
    act(house.session, house.actor("hr"), of, "new_edition", {"note": "新规定", "grace_days": 20})
    assert outdate(house.session, utcnow()) == 1
    assert outdate(house.session, utcnow()) == 0
    house.session.refresh(made)
    assert (made.outdated, made.ends_on) == (True, local_today() + dt.timedelta(days=20))
    new = certificate(house, of, "wanghao")
    assert outdate(house.session, utcnow()) == 0 and new.edition == 2
    assert [one for one in texts(house, "agent") if "new edition" in one]


def test_a_reminder_goes_out_once_and_not_for_what_is_renewed(house):
    of, other = course(house), course(house, "SEC")
    today = local_today()
    soon = certificate(house, of, on=today - dt.timedelta(days=350))
    certificate(house, other, on=today - dt.timedelta(days=350))
    certificate(house, other, on=today)
    assert remind(house.session, 30) == 1
    assert remind(house.session, 30) == 0
    assert soon.reminded_on == today
    assert [one for one in texts(house, "agent") if "renew" in one]


def test_one_that_is_revoked_counts_no_more(house):
    of = course(house)
    made = certificate(house, of)
    user_id = house.actor("agent").user_id
    assert of.id in held_by(house.session, [user_id])[user_id]
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("supervisor"), made, "revoke", {"reason": "作弊"})
    act(house.session, house.actor("hr"), made, "revoke", {"reason": "作弊"})
    assert held_by(house.session, [user_id]) == {}
    own = certificate(house, of, "hr")
    with pytest.raises(Rejected):
        act(house.session, house.actor("hr"), own, "revoke", {"reason": "x"})


def test_the_paper_and_its_hash_in_the_audit_trail(house):
    made = certificate(house, course(house))
    answer = house.client("agent").get(f"/training/certificates/{made.id}/certificate.pdf")
    assert answer.data[:5] == b"%PDF-"
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "print_hash")).one()
    assert entry.changes["sha256"] == hashlib.sha256(answer.data).hexdigest()


def test_anybody_who_may_check_sees_whether_a_number_is_valid(house):
    made = certificate(house, course(house))
    client = house.client("supervisor")
    page = client.get(f"/training/check/?number={made.number.lower()}")
    assert "tone-good" in page.text and house.actor("agent").name in page.text
    assert "ZS-1" in client.get("/training/check/?number=ZS-1").text
    assert house.client("agent").get("/training/check/").status_code == 403


def test_colleagues_do_not_see_each_others(house):
    made = certificate(house, course(house))
    address = f"/training/certificates/show/{made.id}"
    statuses = {name: house.client(name).get(address).status_code
                for name in ("agent", "wanghao", "supervisor", "hr", "gaoqiang")}
    assert statuses == {"agent": 200, "wanghao": 404, "supervisor": 200, "hr": 200,
                        "gaoqiang": 404}
