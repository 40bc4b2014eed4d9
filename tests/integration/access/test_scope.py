"""The row scope: one rule, as SQL and on loaded rows (requirement A2)."""

from __future__ import annotations

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ForeignKey, Integer, create_engine, event, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.access.actor import SYSTEM, Actor, Scope
from app.access.explanation import ways_to_see
from app.access.reaches import RoleScopes, widest
from app.access.scope import (
    concealed_keys,
    is_scoped,
    scope_condition,
    scope_filter,
    scope_form,
    scope_parameters,
    seen_among,
    sees,
    sees_all,
    teams_and_departments,
    who_sees,
)
from app.access.scope_parts import people_only_condition, seen_by_people_only
from app.access.scope_tables import ScopeTable


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


class Signer(_Base):
    """A person whose signature a row needs."""

    __tablename__ = "signer"
    row_id: Mapped[int] = mapped_column(ForeignKey("signed.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class Signed(_Base):
    """A row with signers in a table of their own."""

    __tablename__ = "signed"
    __record_type__ = "test.signed"
    __scope_people__ = ("owner_id",)
    __scope_teams__ = ("team_id",)
    __scope_departments__ = ("department_id",)
    __scope_tables__ = (ScopeTable("signer", "row_id", "user_id"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    team_id: Mapped[int | None] = mapped_column(index=True)
    department_id: Mapped[int | None] = mapped_column(index=True)


class Secret(_Base):
    """A confidential row of the same shape."""

    __tablename__ = "secret"
    __record_type__ = "test.secret"
    __confidential__ = True
    __scope_people__ = ("owner_id",)
    __scope_teams__ = ("team_id",)
    __scope_departments__ = ("department_id",)
    __scope_tables__ = (ScopeTable("reader", "row_id", "user_id"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    team_id: Mapped[int | None] = mapped_column(index=True)
    department_id: Mapped[int | None] = mapped_column(index=True)


class Reader(_Base):
    """A person who may read a confidential row."""

    __tablename__ = "reader"
    row_id: Mapped[int] = mapped_column(ForeignKey("secret.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, index=True)


_VALUES = (None, 1, 2)


def fill(engine):
    """Create the tables of these tests, with a row for each combination of ties."""
    _Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        for owner, handler, team, department in itertools.product(_VALUES, repeat=4):
            session.add(
                Row(owner_id=owner, handler_id=handler, team_id=team, department_id=department)
            )
        for number, (owner, team, department, people) in enumerate(
            itertools.product(_VALUES, _VALUES, _VALUES, ((), (1,), (1, 2))), start=1
        ):
            for model, link in ((Signed, Signer), (Secret, Reader)):
                session.add(model(
                    id=number, owner_id=owner, team_id=team, department_id=department
                ))
                session.flush()
                session.add_all(link(row_id=number, user_id=key) for key in people)


ENGINE = create_engine("sqlite://")
fill(ENGINE)

ids = st.frozensets(st.sampled_from((1, 2, 3)), max_size=3)
KINDS = ("test.signed", "test.secret")
scopes = st.sampled_from(list(Scope))
roles = st.lists(
    st.builds(RoleScopes, scopes, st.dictionaries(st.sampled_from(KINDS), scopes)), max_size=3
)


def actor_with(held, **attributes):
    """Return a person who holds roles."""
    found = widest(held)
    return Actor(username="x", name="x", scope=found.scope, reaches=found.reaches,
                 granted_reaches=found.granted_reaches, **attributes)


actors = st.builds(
    actor_with, roles, user_id=st.sampled_from((1, 2, 3)), department_ids=ids, team_ids=ids,
    led_department_ids=ids,
)


@settings(max_examples=150, deadline=None)
@given(actor=actors, model=st.sampled_from((Row, Signed, Secret)))
def test_sql_and_loaded_rows_agree(actor, model):
    with Session(ENGINE) as session:
        every = session.scalars(select(model)).all()
        kept = {row.id for row in session.scalars(select(model).where(scope_filter(actor, model)))}
        sifted = set(session.scalars(
            select(model.id).where(scope_filter(actor, model, indexed=False))
        ))
        built = [
            set(session.scalars(
                select(model.id).where(
                    scope_condition(model, scope_form(actor, model), indexed=indexed)),
                scope_parameters(actor, model),
            )) for indexed in (True, False)
        ]
        assert built == [kept, kept]
        together = {row.id for row in seen_among(session, actor, every)}
        assert kept == sifted == together == {row.id for row in every if sees(actor, row)}
        assert kept == {row.id for row in every if who_sees([actor], row)}


def test_both_databases_agree_with_loaded_rows(empty_database_url):
    engine = create_engine(empty_database_url)
    fill(engine)
    chosen = random.Random(24)

    def some() -> frozenset[int]:
        return frozenset(chosen.sample((1, 2, 3), chosen.randint(0, 3)))

    with Session(engine) as session:
        every = {model: session.scalars(select(model)).all() for model in (Row, Signed, Secret)}
        for _ in range(60):
            held = [
                RoleScopes(chosen.choice(list(Scope)), {
                    kind: chosen.choice(list(Scope)) for kind in KINDS if chosen.random() < 0.4
                }) for _ in range(chosen.randint(0, 3))
            ]
            actor = actor_with(held, user_id=chosen.choice((1, 2, 3)), team_ids=some(),
                               department_ids=some(), led_department_ids=some())
            for model, rows in every.items():
                expected = {row.id for row in seen_among(session, actor, rows)}
                for indexed in (True, False):
                    condition = scope_filter(actor, model, indexed=indexed)
                    assert set(session.scalars(select(model.id).where(condition))) == expected
    engine.dispose()


@settings(max_examples=200, deadline=None)
@given(held=roles, user_id=st.sampled_from((1, 2, 3)), teams=ids, departments=ids, led=ids)
def test_the_rule_by_its_words(held, user_id, teams, departments, led):
    """The rule written once more, from the sentences of decision 024, for each role alone."""
    actor = actor_with(held, user_id=user_id, team_ids=teams, department_ids=departments,
                       led_department_ids=led)

    def opens(role, row, kind, confidential):
        if confidential and kind not in role.reaches:
            return False
        scope = role.reaches.get(kind, role.general)
        return (
            scope == Scope.ALL
            or (scope >= Scope.TEAM and row.team_id in teams)
            or (scope >= Scope.DEPARTMENT and row.department_id in departments | led)
        )

    for model, link in ((Signed, Signer), (Secret, Reader)):
        confidential, kind = model is Secret, model.__record_type__
        with Session(ENGINE) as session:
            tied: dict[int, set[int]] = {}
            for row_id, person in session.execute(select(link.row_id, link.user_id)):
                tied.setdefault(row_id, set()).add(person)
            expected = {
                row.id for row in session.scalars(select(model))
                if row.owner_id == user_id or user_id in tied.get(row.id, ())
                or (not confidential and row.department_id in led)
                or any(opens(role, row, kind, confidential) for role in held)
            }
            found = set(session.scalars(select(model.id).where(scope_filter(actor, model))))
        assert found == expected


@settings(max_examples=100, deadline=None)
@given(held=roles, user_id=st.sampled_from((1, 2, 3)), teams=ids, departments=ids, led=ids,
       model=st.sampled_from((Row, Signed, Secret)))
def test_who_sees_a_row_is_told_why_and_nobody_else(held, user_id, teams, departments, led, model):
    actor = actor_with(held, user_id=user_id, team_ids=teams, department_ids=departments,
                       led_department_ids=led)
    named = {f"role {place}": role for place, role in enumerate(held)}
    with Session(ENGINE) as session:
        for row in session.scalars(select(model)):
            ways = ways_to_see(actor, named, row)
            assert bool(ways) == sees(actor, row)
            assert all(way.role in (*named, "") for way in ways)


def test_everything_does_not_open_a_confidential_kind():
    admin = actor_with([RoleScopes(Scope.ALL)], user_id=3, led_department_ids=frozenset({1, 2}))
    reader = actor_with([RoleScopes(Scope.OWN, {"test.secret": Scope.ALL})], user_id=3)
    with Session(ENGINE) as session:
        assert session.scalars(select(Secret).where(scope_filter(admin, Secret))).all() == []
        assert len(session.scalars(select(Secret).where(scope_filter(reader, Secret))).all()) == 81
        assert len(session.scalars(select(Signed).where(scope_filter(admin, Signed))).all()) == 81
        own = session.scalars(select(Signed).where(scope_filter(reader, Signed))).all()
    assert own == []
    assert scope_filter(SYSTEM, Secret).compare(scope_filter(SYSTEM, Free))


def test_people_of_tables_cost_one_statement_however_many_rows():
    agent = actor_with([RoleScopes(Scope.OWN)], user_id=2)
    statements = []
    with Session(ENGINE) as session:
        every = session.scalars(select(Signed)).all()
        event.listen(ENGINE, "before_cursor_execute", lambda *a: statements.append(a[2]))
        assert len(seen_among(session, agent, every)) == 45
    assert len(statements) == 1


def test_the_rows_of_a_person_are_found_by_the_index_of_people():
    agent = actor_with([RoleScopes(Scope.OWN)], user_id=1)

    def plan(indexed: bool) -> str:
        statement = select(Signed.id).where(scope_filter(agent, Signed, indexed=indexed))
        with ENGINE.connect() as connection:
            text = statement.order_by(Signed.id).limit(5).compile(
                ENGINE, compile_kwargs={"literal_binds": True}
            )
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())

    assert "ix_signer_user_id" in plan(indexed=True)
    assert "MULTI-INDEX OR" in plan(indexed=True)
    assert "ix_signer_user_id" in plan(indexed=False)
    assert "MULTI-INDEX OR" not in plan(indexed=False)


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
            set(session.scalars(
                select(Row.id).where(scope_filter(dataclasses.replace(actor, scope=scope), Row))
            ))
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


@settings(max_examples=150, deadline=None)
@given(actor=actors, model=st.sampled_from((Row, Signed, Secret)))
def test_what_is_seen_falls_into_groups_and_what_people_alone_open(actor, model):
    """Counting by groups and adding the rest counts each row once."""
    if sees_all(actor, model):
        return
    ways = [(name, keys) for names, keys in zip(
        ("__scope_teams__", "__scope_departments__"), teams_and_departments(actor, model),
        strict=True) for name in getattr(model, names)]
    with Session(ENGINE) as session:
        every = session.scalars(select(model)).all()
        by_group = {row.id for row in every
                    if any(getattr(row, name) in keys for name, keys in ways)}
        rest = set(session.scalars(select(model.id).where(seen_by_people_only(actor, model))))
        assert by_group.isdisjoint(rest)
        assert by_group | rest == {row.id for row in seen_among(session, actor, every)}
        built = people_only_condition(model, scope_form(actor, model))
        assert rest == set(session.scalars(
            select(model.id).where(built), scope_parameters(actor, model)))


@settings(max_examples=100, deadline=None)
@given(actor=actors)
def test_what_is_concealed_is_all_of_a_confidential_kind_that_is_not_seen(actor):
    with Session(ENGINE) as session:
        seen = {row.id for row in seen_among(session, actor, session.scalars(select(Secret)).all())}
        # The last one has been purged: only a reach for the whole kind opens what is left of it.
        keys = [*range(1, 82), 10_000]
        found = concealed_keys(session, actor, Secret, keys)
        assert found == (set() if sees_all(actor, Secret) else set(keys) - seen)
        assert concealed_keys(session, actor, Secret, []) == set()
        assert concealed_keys(session, actor, Signed, keys) == set()


def test_a_kind_is_scoped_by_each_of_its_ties():
    assert not is_scoped(Free)
    for name in ("__scope_people__", "__scope_teams__", "__scope_departments__",
                 "__scope_tables__"):
        assert is_scoped(type("Tied", (), {name: ("x",)})), name
    assert is_scoped(type("Hidden", (), {"__confidential__": True}))


def test_people_of_tables_count_where_several_ask_for_one_row():
    agent, other = (actor_with([RoleScopes(Scope.OWN)], user_id=key) for key in (2, 3))
    with Session(ENGINE) as session:
        row = session.scalars(
            select(Signed).where(Signed.owner_id.is_(None)).join(
                Signer, Signer.row_id == Signed.id).where(Signer.user_id == 2)).first()
        assert who_sees([agent, other], row) == [agent]
