"""Kinds of notice. Pure."""

from __future__ import annotations

import dataclasses

from app.i18n import N_


@dataclasses.dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a notice is about.

    Attributes:
        name: identifier.
        label: shown name (message id).
        icon: name of an icon of the set.
        tone: colour role of the icon.
    """

    name: str
    label: str
    icon: str
    tone: str = "calm"


ASSIGNED = NoticeKind("assigned", N_("Assigned to me"), "user-check")
WAITING = NoticeKind("waiting", N_("Waiting for my decision"), "checklist", "warn")
MOVED = NoticeKind("moved", N_("Progress of what I follow"), "arrow-right", "good")
CHANGED = NoticeKind("changed", N_("Changes of what I follow"), "pencil", "still")
DEADLINE = NoticeKind("deadline", N_("Deadlines"), "clock-exclamation", "bad")
MENTION = NoticeKind("mention", N_("Mentions and comments"), "at")
JOB = NoticeKind("job", N_("Finished jobs"), "clock-play", "still")

KINDS = {kind.name: kind for kind in (ASSIGNED, WAITING, MOVED, CHANGED, MENTION, DEADLINE, JOB)}
IN_PRODUCT = "product"
