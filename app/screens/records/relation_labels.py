"""Roles, and relations of people to a record, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from app.access.services import ROLES
from app.i18n import N_
from app.screens.registry import registry
from app.web.texts import column_msgid, translated
from app.workflow.actor_relations import relation_names
from app.workflow.definition import ANYONE, SYSTEM

_TITLES = {role.name: role.title for role in ROLES}


def role_label(name: str) -> str:
    """Return what a role is called."""
    return gettext(_TITLES.get(name, name))


def relation_label(name: str, model: type[Any]) -> str:
    """Return a relation to a record in words: ``department_leader`` gives "Head: Department".

    Args:
        name: name of the relation.
        model: the kind of record.
    """
    if name == ANYONE:
        return gettext("Everybody who sees the record")
    if name == SYSTEM:
        return gettext("The system")
    for ending, words in (("_leader", N_("Head: %(what)s")), ("_member", N_("Member: %(what)s"))):
        if name.endswith(ending):
            return gettext(words, what=_column_label(name.removesuffix(ending), model))
    return _column_label(name, model)


def who_label(name: str, model: type[Any]) -> str:
    """Return a relation to a record, or else a role, in words.

    Args:
        name: of the relation or role.
        model: the kind of record.
    """
    return relation_label(name, model) if name in relation_names(model) else role_label(name)


def _column_label(name: str, model: type[Any]) -> str:
    """Return what the screen of a kind of record calls a column."""
    screen = registry().screen_of(model)
    column = screen.columns.get(name) if screen is not None else None
    return translated(column.label if column is not None else column_msgid(name))
