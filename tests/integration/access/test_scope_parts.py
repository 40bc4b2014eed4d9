"""What people alone open to somebody, narrowed further, and of kinds without people."""

from __future__ import annotations

from hypothesis import given, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor, Scope
from app.access.scope import scope_form, scope_parameters, sees_all
from app.access.scope_parts import people_only_condition, seen_by_people_only
from tests.integration.access.test_scope import ENGINE, Free, Row, actors


@settings(max_examples=50, deadline=None)
@given(actor=actors)
def test_what_people_alone_open_is_narrowed_by_further_conditions(actor):
    if sees_all(actor, Row):
        return
    narrow = [Row.id < 40]
    with Session(ENGINE) as session:
        rest = set(session.scalars(select(Row.id).where(seen_by_people_only(actor, Row))))
        expected = {key for key in rest if key < 40}
        assert expected == set(session.scalars(
            select(Row.id).where(seen_by_people_only(actor, Row, narrow))))
        assert expected == set(session.scalars(
            select(Row.id).where(people_only_condition(Row, scope_form(actor, Row), narrow)),
            scope_parameters(actor, Row)))


def test_people_open_nothing_of_a_kind_without_people():
    nobody = Actor(user_id=9, username="x", name="x", scope=Scope.OWN)
    assert str(seen_by_people_only(nobody, Free)) == "false"
    assert str(people_only_condition(Free, scope_form(nobody, Free))) == "false"
