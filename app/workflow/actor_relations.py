"""Relations of a person to a record, from the record's own columns.

A column that refers to a user, a department or a team gives relations of its name: ``owner_id``
gives ``owner``; ``department_id`` gives ``department_leader`` and ``department_member``, and so a
plugin's ``responsible_department_id`` gives ``responsible_department_leader``.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import inspect

from app.access.actor import Actor
from app.workflow.definition import ANYONE, SYSTEM

LEADER = "_leader"
_MEMBER = "_member"
_USERS, _DEPARTMENTS, _TEAMS = "ab_user", "people_department", "people_team"


@functools.cache
def _columns(model: type[Any]) -> tuple[tuple[str, str, str], ...]:
    """Return attribute, relation and table of each column that refers to people."""
    found: list[tuple[str, str, str]] = []
    for attribute in inspect(model).column_attrs:
        for key in attribute.columns[0].foreign_keys:
            table = key.target_fullname.partition(".")[0]
            if table in (_USERS, _DEPARTMENTS, _TEAMS) and attribute.key.endswith("_id"):
                found.append((attribute.key, attribute.key.removesuffix("_id"), table))
    return tuple(found)


def relation_names(model: type[Any]) -> frozenset[str]:
    """Return every relation that can hold for a kind of record."""
    names = {ANYONE, SYSTEM}
    for _, relation, table in _columns(model):
        if table == _USERS:
            names.add(relation)
        else:
            names |= {relation + LEADER, relation + _MEMBER}
    return frozenset(names)


def relations_of(actor: Actor, record: Any) -> frozenset[str]:
    """Return the relations that hold between a person and a record.

    The caller has checked that the person may see the record; the system is related to nothing
    but itself, so that no job passes for a leader.
    """
    if actor.is_system:
        return frozenset({ANYONE, SYSTEM})
    names = {ANYONE}
    for column, relation, table in _columns(type(record)):
        value = getattr(record, column)
        if value is None:
            continue
        if table == _USERS:
            if value == actor.user_id:
                names.add(relation)
            continue
        led, own = (
            (actor.led_department_ids, actor.department_ids)
            if table == _DEPARTMENTS
            else (actor.led_team_ids, actor.team_ids)
        )
        if value in led:
            names.add(relation + LEADER)
        if value in own:
            names.add(relation + _MEMBER)
    return frozenset(names)
