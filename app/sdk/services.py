"""What plugins may do with records, people and rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor, Scope
from app.access.audit import change_set, join_change_set, record_act
from app.access.confirmation import confirm_password, confirm_signatures
from app.access.scope import scope_filter, seen_among, sees
from app.access.sensitive.kinds import without_numbers
from app.access.services import actor_for
from app.access.unindexed import Unindexed
from app.customers.services import find_by_phone
from app.database import AnySelect, db, utcnow, write
from app.deadlines.bulk_clocks import Course, ManyClocks
from app.deadlines.services import clocks_of
from app.deadlines.state_history import Move
from app.notices import kinds as notice_kinds
from app.notices.services import About as NoticeAbout
from app.notices.services import NoticePage, tell, tell_about_each
from app.people.services import leader_of, name_of, names_of, user_ids_by_name, who_lead
from app.records.comments import comment, mentioned
from app.records.custom_fields.store import checked_values
from app.records.dictionaries import add_value
from app.records.files import attachments
from app.records.followers import followers
from app.records.former_values import forget_former_values
from app.records.mixin import is_present
from app.records.numbers import next_numbers, reserve_ids
from app.records.places import Place
from app.records.saving import lock, lock_many
from app.records.search.index import index_many, search_filter
from app.records.search.tokens import words as search_words
from app.records.search.words import words_of_values as search_document
from app.records.services import act, create, find, find_many, update
from app.records.waiting import own_open
from app.settings.services import settings_at, settings_of
from app.workflow.publishing import in_force
from app.workflow.services import log as workflow_log


def workflow_in_force(session: Session, name: str) -> int:
    """Return the id of the version of a workflow that new records begin with.

    Args:
        session: any session.
        name: name of the workflow.
    """
    return in_force(session, name)[0]


def custom_values(
    session: Session, model: type[Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of custom fields as ``extra`` of a new record, for what is written in bulk.

    Args:
        session: any session.
        model: class with the ``Record`` mixin.
        values: values by key (``x_`` and name); anything else is passed over.

    Raises:
        Invalid: a value does not fit its field.
    """
    found = checked_values(session, model.__record_type__, values)
    return {name: value for name, value in found.items() if value is not None}


__all__ = [
    "SYSTEM",
    "Actor",
    "AnySelect",
    "Course",
    "ManyClocks",
    "Move",
    "NoticeAbout",
    "NoticePage",
    "Place",
    "Scope",
    "Unindexed",
    "act",
    "actor_for",
    "add_value",
    "attachments",
    "change_set",
    "clocks_of",
    "comment",
    "confirm_password",
    "confirm_signatures",
    "create",
    "custom_values",
    "db",
    "find",
    "find_by_phone",
    "find_many",
    "followers",
    "forget_former_values",
    "index_many",
    "is_present",
    "join_change_set",
    "leader_of",
    "lock",
    "lock_many",
    "mentioned",
    "name_of",
    "names_of",
    "next_numbers",
    "notice_kinds",
    "own_open",
    "record_act",
    "reserve_ids",
    "scope_filter",
    "search_document",
    "search_filter",
    "search_words",
    "seen_among",
    "sees",
    "settings_at",
    "settings_of",
    "tell",
    "tell_about_each",
    "update",
    "user_ids_by_name",
    "utcnow",
    "who_lead",
    "without_numbers",
    "workflow_in_force",
    "workflow_log",
    "write",
]
