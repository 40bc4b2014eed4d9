"""By which rules the log of group care is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations
from app.sdk.services import Actor, is_present, utcnow
from app.sdk.workflow import Message
from plugins.work.choices import ADDED, REMOVED
from plugins.work.group_care.models import GroupEntry

_NEEDED = ("group_id", "act", "member")
_HELD = (*_NEEDED, "account", "customer_id", "happened_at", "vetting", "remark")


class GroupEntryOperations(RecordOperations):
    """Operations on the log: members come in after vetting, each counts once for a group."""

    required = _NEEDED

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Let a line be the actor's and of this moment, where the form says nothing else."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        given.setdefault("owner_id", actor.user_id)
        given.setdefault("happened_at", utcnow())
        given.setdefault("act", ADDED)
        return given

    def validate(
        self, session: Session, actor: Actor, record: GroupEntry | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse a member without vetting, one who is in the group already, and the future."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None)) for name in _HELD}
        errors |= {name: Message(N_("This has to be filled in."))
                   for name in _NEEDED if not held[name]}
        if held["happened_at"] is not None and held["happened_at"] > utcnow():
            errors["happened_at"] = Message(N_("This moment lies ahead."))
        if held["act"] == ADDED:
            if not (held["vetting"] or "").strip():
                errors["vetting"] = Message(N_("Say how the member was vetted."))
            elif not errors and self._is_in_group(session, record, held):
                errors["member"] = Message(N_("This member is in the group already."))
        elif held["act"] == REMOVED and not (held["remark"] or "").strip():
            errors["remark"] = Message(N_("Say what was advertised."))
        return errors

    @staticmethod
    def _is_in_group(
        session: Session, record: GroupEntry | None, held: Mapping[str, Any]
    ) -> bool:
        """Return whether the last line about a member of a group says that they came in."""
        who = (GroupEntry.customer_id == held["customer_id"] if held["customer_id"]
               else GroupEntry.account == held["account"] if held["account"]
               else GroupEntry.member == held["member"])
        last = session.scalar(
            select(GroupEntry.act).where(
                GroupEntry.group_id == held["group_id"], who, is_present(GroupEntry),
                GroupEntry.act.in_((ADDED, REMOVED)),
                GroupEntry.id != (record.id if record is not None else 0))
            .order_by(GroupEntry.happened_at.desc(), GroupEntry.id.desc()).limit(1))
        return last == ADDED
