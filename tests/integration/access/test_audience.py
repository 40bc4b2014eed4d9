"""Rows that are meant for a role: the same rule as SQL, built once, and on loaded rows."""

from __future__ import annotations

from sqlalchemy import Integer, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.access.actor import SYSTEM, Actor, Scope
from app.access.explanation import ways_to_see
from app.access.scope import (
    audience_opens,
    is_scoped,
    scope_condition,
    scope_filter,
    scope_form,
    scope_parameters,
    sees,
)
from app.access.scope_parts import people_only_condition, seen_by_people_only
from app.access.scope_tables import ScopeRoles


class _Base(DeclarativeBase):
    """A metadata of its own: this table is nobody else's business."""


class Member(_Base):
    """A role of a set."""

    __tablename__ = "member"
    set_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    role_id: Mapped[int] = mapped_column(Integer, primary_key=True)


class Meant(_Base):
    """A row that is meant for a set of roles, or for everybody."""

    __tablename__ = "meant"
    __scope_people__ = ("owner_id",)
    __scope_roles__ = (ScopeRoles("audience_id", "member", "set_id", "role_id"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    audience_id: Mapped[int | None]
    owner_id: Mapped[int | None]


AGENT, HR, NOBODY = 4, 5, 9


def test_an_audience_opens_a_row_to_its_roles_and_no_audience_to_everybody():
    engine = create_engine("sqlite://")
    _Base.metadata.create_all(engine, tables=[Meant.__table__, Member.__table__])
    agent = Actor(user_id=1, username="a", name="A", role_ids=frozenset({AGENT, 7}))
    leader = Actor(user_id=2, username="l", name="L", scope=Scope.ALL)
    with Session(engine) as session:
        # Sets: both, HR alone, and one that no role belongs to any more.
        rows = [Meant(id=1), Meant(id=2, audience_id=1), Meant(id=3, audience_id=2),
                Meant(id=4, audience_id=NOBODY)]
        session.add_all([*rows, Member(set_id=1, role_id=AGENT), Member(set_id=1, role_id=HR),
                         Member(set_id=2, role_id=HR)])
        session.flush()
        assert is_scoped(Meant)
        for actor, seen in (
                (agent, [1, 2]), (leader, [1, 2, 3, 4]), (SYSTEM, [1, 2, 3, 4])):
            found = session.scalars(select(Meant.id).where(scope_filter(actor, Meant)))
            assert found.all() == seen
            built = scope_condition(Meant, scope_form(actor, Meant), indexed=True)
            again = session.scalars(select(Meant.id).where(built), scope_parameters(actor, Meant))
            assert again.all() == seen
            assert [row.id for row in rows if sees(actor, row)] == seen
        alone = session.scalars(select(Meant.id).where(seen_by_people_only(agent, Meant)))
        assert alone.all() == [1, 2]
        built = people_only_condition(Meant, scope_form(agent, Meant), [Meant.id > 1])
        again = session.scalars(select(Meant.id).where(built), scope_parameters(agent, Meant))
        assert again.all() == [2]
        assert [row.id for row in rows
                if audience_opens(agent, row, Meant.__scope_roles__[0])] == [1, 2]
        kinds = [[way.kind for way in ways_to_see(agent, {}, row)] for row in rows]
    assert kinds == [["everybody"], ["audience"], [], []]
