"""What plugins may do with records, people and rights."""

from __future__ import annotations

from app.access.actor import SYSTEM, Actor, Scope
from app.access.audit import record_act
from app.access.scope import scope_filter, sees
from app.access.services import actor_for
from app.customers.services import find_by_phone, find_customers
from app.database import db, utcnow, write
from app.people.services import leader_of
from app.records.numbers import next_numbers
from app.records.search import index_many, search_filter, words_of
from app.records.services import (
    ProtectedField,
    StaleRecord,
    comment,
    create,
    delete,
    find,
    restore,
    update,
    update_many,
)
from app.workflow.services import AlreadyTaken, begin, offers, perform

__all__ = [
    "Actor", "AlreadyTaken", "ProtectedField", "SYSTEM", "Scope", "StaleRecord", "actor_for", "begin", "comment", "create", "db",
    "delete", "find", "find_by_phone", "find_customers", "index_many", "leader_of",
    "next_numbers", "offers", "perform", "record_act", "restore", "scope_filter", "search_filter", "sees", "update",
    "update_many", "utcnow", "words_of", "write",
]
