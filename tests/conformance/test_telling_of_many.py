"""Telling of many records at once tells the same people the same as telling of each alone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, event, select

from app.notices.models import Notice, NoticeChoice
from app.people.models import Absence, Staff
from app.sdk.models import utcnow
from app.sdk.services import NoticeAbout, notice_kinds, tell, tell_about_each, write
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import month

pytestmark = pytest.mark.both_databases
TEXT = "Your appraisal %(title)s is open: fill it in."
NAMES = ("agent", "wanghao", "liuyang", "zhangjing", "supervisor", "hr", "leader", "admin")


@pytest.fixture
def sheets(house) -> list[Sheet]:
    """Sheets of four people, who see their own alone; one is away, one wants no such notice."""
    session = house.session
    found = list(session.scalars(select(Sheet).where(
        Sheet.cycle_id == month(house).id).order_by(Sheet.id)))
    staff = session.scalars(select(Staff.id).where(
        Staff.user_id == house.actor("wanghao").user_id)).one()
    with write(session):
        session.add(Absence(
            staff_id=staff, kind="personal_leave", starts_at=utcnow() - dt.timedelta(days=1),
            ends_at=utcnow() + dt.timedelta(days=1),
            substitute_id=house.actor("supervisor").user_id))
        session.add(NoticeChoice(
            user_id=house.actor("liuyang").user_id, kind=notice_kinds.ASSIGNED.name,
            channel="product", wanted=False))
    return found


def abouts(house, sheets) -> list[NoticeAbout]:
    people = [house.actor(name).user_id for name in NAMES]
    return [NoticeAbout(one, [*people, None, people[0]], {"title": one.number})
            for one in sheets]


def kept(session) -> list[tuple]:
    """Return the notices, and forget them."""
    found = [tuple(row) for row in session.execute(
        select(Notice.user_id, Notice.kind, Notice.text, Notice.text_values, Notice.record_type,
               Notice.record_id, Notice.actor_name))]
    with write(session):
        session.execute(delete(Notice))
    return sorted(found, key=repr)


@pytest.mark.parametrize("kind", [notice_kinds.ASSIGNED, notice_kinds.WAITING])
def test_the_same_people_are_told_the_same(house, sheets, kind):
    session, by = house.session, house.actor("hr").user_id
    kept(session)
    with write(session):
        one_by_one = sum(
            tell(session, one.user_ids, kind, TEXT, values=one.values, record=one.record, by=by,
                 by_name="人力资源") for one in abouts(house, sheets))
    alone = kept(session)
    with write(session):
        number = tell_about_each(
            session, abouts(house, sheets), kind, TEXT, by=by, by_name="人力资源")
    assert kept(session) == alone
    assert number == one_by_one == len(alone)
    # Everybody sees their own sheet, supervisor and others by their part in it, and no others.
    assert 0 < len(alone) < len(sheets) * len(NAMES)


def test_what_was_not_read_is_not_said_again(house, sheets):
    session = house.session
    kept(session)
    with write(session):
        tell(session, [sheets[0].owner_id], notice_kinds.WAITING, TEXT,
             values={"title": "x"}, record=sheets[0])
        tell_about_each(
            session, [NoticeAbout(one, [one.owner_id], {"title": "x"}) for one in sheets],
            notice_kinds.WAITING, TEXT, once=True)
    owners = [row[0] for row in kept(session) if "%(absent)s" not in row[2]]
    assert sorted(owners) == sorted(one.owner_id for one in sheets)


def test_many_take_as_many_statements_as_one(house, sheets):
    statements: list[str] = []

    def seen(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    engine, numbers = house.session.get_bind(), []
    for several in (sheets[:1], sheets):
        asked = abouts(house, several)
        with write(house.session):
            for one in several:
                house.session.refresh(one)
            event.listen(engine, "before_cursor_execute", seen)
            tell_about_each(house.session, asked, notice_kinds.WAITING, TEXT, once=True)
            event.remove(engine, "before_cursor_execute", seen)
        numbers.append(len(statements))
        statements.clear()
    assert numbers[1] == numbers[0]


def test_records_of_several_kinds_are_refused(house, sheets):
    with pytest.raises(ValueError, match="kinds"), write(house.session):
        tell_about_each(
            house.session, [NoticeAbout(sheets[0], [1]), NoticeAbout(sheets[0].cycle, [1])],
            notice_kinds.WAITING, TEXT)
