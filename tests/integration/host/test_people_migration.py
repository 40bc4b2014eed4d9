"""A database from before posts comes over whole: free texts become posts with their holders."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from app.host import migrations
from app.people.initial_posts import POSTS, load
from app.people.models import Absence, Post, PostHolder, Staff

pytestmark = pytest.mark.both_databases


TEXTS = ("客服专员", "客服主管 ", "投诉专员", "投诉专员", "General manager", "")
REASONS = (("年假", "annual_leave"), ("请病假两天", "sick_leave"), ("私事", "other"))
NOW = dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with staff and absences."""
    move("core_0007")
    with empty_engine.begin() as connection:
        _fill(connection)
    return empty_engine


def _fill(connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    user, staff, absence = (
        tables.tables[name] for name in ("ab_user", "people_staff", "people_absence"))
    for number, text in enumerate(TEXTS, start=1):
        connection.execute(user.insert().values(
            id=number, first_name="x", last_name="", username=f"u{number}",
            email=f"u{number}@x.invalid", active=True))
        connection.execute(staff.insert().values(
            id=number, user_id=number, number=str(number), name=f"n{number}", post=text, phone="",
            locale="", theme=""))
    for reason, _kind in REASONS:
        connection.execute(absence.insert().values(
            staff_id=1, starts_at=NOW, ends_at=NOW + dt.timedelta(days=1), reason=reason))


def test_free_texts_become_posts_with_holders(engine, move):
    move("core_0008")
    with Session(engine) as session:
        held = dict(map(tuple, session.execute(
            select(Staff.number, Post.code).join(PostHolder, PostHolder.staff_id == Staff.id)
            .join(Post, Post.id == PostHolder.post_id))))
        assert {number: held[number] for number in "125"} == {
            "1": "agent", "2": "supervisor", "5": "general_manager"}
        assert held["3"] == held["4"] and "6" not in held
        names = dict(map(tuple, session.execute(select(Post.code, Post.name_zh))))
        assert names[held["3"]] == "投诉专员"
        # What ships with the product finds its posts there.
        before = len(names)
        load(session)
        assert len(session.scalars(select(Post.id)).all()) == before == len(POSTS) + 1
        assert session.scalars(
            select(PostHolder.id).where(PostHolder.deputy_order != 0)).all() == []


def test_reasons_of_absences_become_kinds(engine, move):
    move("core_0008")
    with Session(engine) as session:
        assert set(map(tuple, session.execute(select(Absence.reason, Absence.kind)))) == set(
            REASONS)


def test_the_way_back_keeps_a_post_as_text(engine, move):
    move("core_0008")
    move("core_0007", down=True)
    tables = MetaData()
    tables.reflect(engine, only=["people_staff"])
    staff = tables.tables["people_staff"]
    with engine.connect() as connection:
        found = connection.execute(select(staff.c.post).order_by(staff.c.id)).scalars().all()
    assert found == ["客服专员", "客服主管", "投诉专员", "投诉专员", "总经理", ""]


def test_the_tables_are_those_of_the_models(engine, move):
    move("head")
    assert migrations.differences(engine, None) == []
