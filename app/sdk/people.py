"""People for a piece of work: members by place, role, post and skill; attendance; share-out."""

from __future__ import annotations

from app.people.attendance import Attendance, attendance, working_days
from app.people.attendance_kinds import ATTENDANCE, IN_DAYS, KIND_LABELS
from app.people.clock import local_today, local_zone
from app.people.leading import leaders_by_person, nearest_leader
from app.people.ledger import given_between, last_served, note_given, note_taken_back
from app.people.members import Person, members
from app.people.posts import Holder, holders_of, posts_of
from app.people.profiles import Profile, profiles
from app.people.services import branch_of
from app.people.share_out import Choice, Reason, Task, Worker, share_out
from app.records.open_load import open_load

__all__ = [
    "ATTENDANCE",
    "IN_DAYS",
    "KIND_LABELS",
    "Attendance",
    "Choice",
    "Holder",
    "Person",
    "Profile",
    "Reason",
    "Task",
    "Worker",
    "attendance",
    "branch_of",
    "given_between",
    "holders_of",
    "last_served",
    "leaders_by_person",
    "local_today",
    "local_zone",
    "members",
    "nearest_leader",
    "note_given",
    "note_taken_back",
    "open_load",
    "posts_of",
    "profiles",
    "share_out",
    "working_days",
]
