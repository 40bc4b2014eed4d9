"""Rows that are meant for a role: the same rule as SQL, built once, and on loaded rows."""

from __future__ import annotations

from sqlalchemy import Integer, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.access.actor import SYSTEM, Actor, Scope
from app.access.explanation import ways_to_see
from app.access.scope import (
    is_scoped,
    scope_condition,
    scope_filter,
    scope_form,
    scope_parameters,
    sees,
)


class _Base(DeclarativeBase):
    """A metadata of its own: this table is nobody else's business."""


class Meant(_Base):
    """A row that is meant for a role, or for everybody."""

    __tablename__ = "meant"
    __scope_roles__ = ("audience",)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    audience: Mapped[str]


def test_an_audience_opens_a_row_to_its_role_and_an_empty_one_to_everybody():
    engine = create_engine("sqlite://")
    _Base.metadata.create_all(engine, tables=[Meant.__table__])
    agent = Actor(user_id=1, username="a", name="A", roles=frozenset({"agent"}))
    leader = Actor(user_id=2, username="l", name="L", scope=Scope.ALL)
    with Session(engine) as session:
        rows = [Meant(id=1, audience=""), Meant(id=2, audience="agent"), Meant(id=3, audience="hr")]
        session.add_all(rows)
        session.flush()
        assert is_scoped(Meant)
        for actor, seen in ((agent, [1, 2]), (leader, [1, 2, 3]), (SYSTEM, [1, 2, 3])):
            found = session.scalars(select(Meant.id).where(scope_filter(actor, Meant)))
            assert found.all() == seen
            built = scope_condition(Meant, scope_form(actor, Meant), indexed=True)
            again = session.scalars(select(Meant.id).where(built), scope_parameters(actor, Meant))
            assert again.all() == seen
            assert [row.id for row in rows if sees(actor, row)] == seen
        kinds = [[way.kind for way in ways_to_see(agent, {}, row)] for row in rows]
    assert kinds == [["everybody"], ["audience"], []]
