"""The row scope: one rule, as SQL and on loaded rows (requirement A2)."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.access.actor import SYSTEM, Actor, Scope
from app.access.scope import scope_filter, sees


class _Base(DeclarativeBase):
    """A metadata of its own: this table is nobody else's business."""


class Row(_Base):
    """A row tied to people, teams and departments."""

    __tablename__ = "row"
    __scope_people__ = ("owner_id", "handler_id")
    __scope_teams__ = ("team_id",)
    __scope_departments__ = ("department_id",)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    handler_id: Mapped[int | None] = mapped_column(index=True)
    team_id: Mapped[int | None] = mapped_column(index=True)
    department_id: Mapped[int | None]


class Free(_Base):
    """A row that belongs to nobody."""

    __tablename__ = "free"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)


ENGINE = create_engine("sqlite://")
_Base.metadata.create_all(ENGINE)
_VALUES = (None, 1, 2)
with Session(ENGINE) as _session, _session.begin():
    for owner, handler, team, department in itertools.product(_VALUES, repeat=4):
        _session.add(
            Row(owner_id=owner, handler_id=handler, team_id=team, department_id=department)
        )

ids = st.frozensets(st.sampled_from((1, 2, 3)), max_size=3)
actors = st.builds(
    Actor,
    user_id=st.sampled_from((1, 2, 3)), username=st.just("x"), name=st.just("x"),
    scope=st.sampled_from(list(Scope)), department_ids=ids, team_ids=ids, led_department_ids=ids,
)


@settings(max_examples=150, deadline=None)
@given(actor=actors)
def test_sql_and_loaded_rows_agree(actor):
    with Session(ENGINE) as session:
        every = session.scalars(select(Row)).all()
        kept = {row.id for row in session.scalars(select(Row).where(scope_filter(actor, Row)))}
        sifted = {
            row.id
            for row in session.scalars(select(Row).where(scope_filter(actor, Row, indexed=False)))
        }
    assert kept == sifted == {row.id for row in every if sees(actor, row)}


def test_a_scope_that_only_sifts_leaves_the_order_to_the_list():
    agent = Actor(user_id=1, username="x", name="x", scope=Scope.TEAM, team_ids=frozenset({1}))

    def plan(indexed: bool) -> str:
        statement = select(Row.id).where(scope_filter(agent, Row, indexed=indexed))
        with ENGINE.connect() as connection:
            text = statement.order_by(Row.id).limit(5).compile(
                ENGINE, compile_kwargs={"literal_binds": True}
            )
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())

    assert "MULTI-INDEX OR" in plan(indexed=True)
    assert "MULTI-INDEX OR" not in plan(indexed=False)
    on_postgresql = str(
        select(Row.id).where(scope_filter(agent, Row, indexed=False)).compile(
            dialect=postgresql.dialect()
        )
    )
    assert "+" not in on_postgresql


@settings(max_examples=100, deadline=None)
@given(actor=actors)
def test_a_wider_scope_never_sees_less(actor):
    import dataclasses

    with Session(ENGINE) as session:
        seen = [
            {row.id for row in session.scalars(
                select(Row).where(scope_filter(dataclasses.replace(actor, scope=scope), Row))
            )}
            for scope in Scope
        ]
    assert all(narrow <= wide for narrow, wide in itertools.pairwise(seen))


def test_own_sees_only_rows_of_the_person():
    actor = Actor(user_id=1, username="x", name="x", scope=Scope.OWN, team_ids=frozenset({1}),
                  department_ids=frozenset({1}))
    with Session(ENGINE) as session:
        rows = session.scalars(select(Row).where(scope_filter(actor, Row))).all()
    assert rows
    assert all(1 in (row.owner_id, row.handler_id) for row in rows)


def test_system_and_unscoped_tables_are_not_filtered():
    nobody = Actor(user_id=9, username="x", name="x", scope=Scope.OWN)
    assert str(scope_filter(SYSTEM, Row)) == str(scope_filter(nobody, Free)) == "true"
    assert sees(nobody, Free())
