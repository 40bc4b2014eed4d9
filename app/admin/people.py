"""Screens of departments, teams, staff and absences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.admin.people_operations import GIVE_AWAY
from app.admin.post_names import post_names, skill_names
from app.lazy_texts import lazy_gettext
from app.people.models import (
    Absence,
    AttendanceFact,
    Branch,
    Department,
    PostHolder,
    Staff,
    Team,
)
from app.screens.bulk.record_actions import RecordActions
from app.sdk import N_
from app.sdk.screens import ExtraColumns, RecordInterface, RecordView, Section
from app.sdk.services import db
from app.workflow.operations import OWNER


class TeamView(RecordView):
    """Teams."""

    datamodel = RecordInterface(Team)
    route_base = "/teams"
    class_permission_name = "core.Team"
    list_title = N_("Teams")
    record_label = N_("Team")
    icon = "users"
    list_columns = ["name", "department", "leader", "active"]
    form_sections = (Section(fields=("name", "department", "leader", "active")),)
    default_sort = "name"


class StaffColumns(ExtraColumns):
    """The posts that members of staff hold today, and their skills."""

    labels = {"posts": lazy_gettext("Posts"), "skills": lazy_gettext("Skills")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return the posts and skills of all rows of a page in one statement."""
        found = db.session.execute(
            select(Staff.id, post_names(), skill_names())
            .where(Staff.id.in_([row[0] for row in rows]))).all()
        return {"posts": {key: posts or "" for key, posts, _skills in found},
                "skills": {key: skills or "" for key, _posts, skills in found}}


class PostHolderView(RecordView):
    """Who holds which post, and who deputises."""

    datamodel = RecordInterface(PostHolder)
    route_base = "/post-holders"
    class_permission_name = "core.PostHolder"
    list_title = N_("Holders of posts")
    record_label = N_("Holder of a post")
    icon = "user-star"
    list_columns = ["post", "staff", "deputy_order", "deputy_for", "from_on", "until_on"]
    import_key = ("post", "staff", "deputy_order")
    form_sections = (Section(fields=("post", "staff", "from_on", "until_on", "deputy_order",
                                     "deputy_for")),)
    label_columns = {"post": N_("Post"), "staff": N_("Member of staff"), "from_on": N_("From"),
                     "until_on": N_("Until"), "deputy_order": N_("Deputy, in order"),
                     "deputy_for": N_("Deputises for")}
    description_columns = {
        "deputy_order": N_("0 holds the post; 1 acts first for an absent holder, then 2."),
        "deputy_for": N_("Left empty, for every holder of the post."),
    }
    default_sort = "post"


class BranchView(RecordView):
    """Branches and projects."""

    datamodel = RecordInterface(Branch)
    route_base = "/branches"
    class_permission_name = "core.Branch"
    list_title = N_("Branches")
    record_label = N_("Branch")
    icon = "building-store"
    list_columns = ["name", "code", "leader", "active"]
    form_sections = (Section(fields=("name", "code", "leader", "active")),)
    label_columns = {"leader": N_("Leader")}
    default_sort = "name"


class AttendanceView(RecordView):
    """Attendance facts: leave, lateness, badges."""

    datamodel = RecordInterface(AttendanceFact)
    route_base = "/attendance"
    class_permission_name = "core.Attendance"
    list_title = N_("Attendance")
    record_label = N_("Attendance fact")
    icon = "calendar-user"
    list_columns = ["staff", "day", "period", "kind", "amount", "note", "source"]
    import_key = ("staff", "day", "period", "kind")
    form_sections = (Section(fields=("staff", "day", "period", "kind", "amount", "note"),
                             wide=("note",)),)
    label_columns = {"staff": N_("Member of staff"), "day": N_("Date"), "period": N_("Counts for"),
                     "kind": N_("Kind"), "amount": N_("Days or times"), "source": N_("Source")}
    description_columns = {
        "amount": N_("Days for leave and absence, times for the rest; half a day is 0.5."),
        "kind": N_("Leave that stands among the absences counts by itself."),
    }
    default_sort = "-day"


class StaffView(RecordView):
    """Staff: who works where."""

    extra_columns = StaffColumns

    datamodel = RecordInterface(Staff)
    route_base = "/staff"
    class_permission_name = "core.Staff"
    list_title = N_("Staff")
    record_label = N_("Member of staff")
    icon = "id-badge"
    list_columns = ["number", "name", "department", "team", "branch", "user", "hired_on"]
    list_choice = ["posts", "skills"]
    filter_columns = ["number", "name", "posts", "department", "team", "branch", "skills",
                      "user", "hired_on"]
    form_sections = (
        Section(fields=("user", "number", "name", "posts", "department", "team", "branch",
                        "phone", "hired_on", "skills")),
    )
    show_sections = (
        Section(fields=("user", "number", "name", "department", "team", "branch", "phone",
                        "hired_on")),
    )
    related_views = [PostHolderView]
    label_columns = {"number": N_("Staff number"), "user": N_("Account"), "posts": N_("Posts"),
                     "branch": N_("Branch"), "skills": N_("Skills"),
                     "hired_on": N_("Hired on"), "locale": N_("Language"),
                     "theme": N_("Appearance")}
    default_sort = "number"

class AbsenceActions(RecordActions):
    """What can be done from an absence; the substitute is proposed as the next owner."""

    def defaults(self, name: str, record: Absence | None) -> dict[str, Any]:
        """Propose the substitute."""
        if name != GIVE_AWAY or record is None or record.substitute_id is None:
            return super().defaults(name, record)
        return {OWNER: db.session.get_one(Staff, record.substitute_id).user_id}


class AbsenceView(RecordView):
    """Absences and substitutes."""

    record_actions = AbsenceActions

    datamodel = RecordInterface(Absence)
    route_base = "/absences"
    class_permission_name = "core.Absence"
    list_title = N_("Absences")
    record_label = N_("Absence")
    icon = "beach"
    list_columns = ["staff", "kind", "starts_at", "ends_at", "reason", "substitute"]
    import_key = ("staff", "starts_at")
    form_sections = (Section(fields=("staff", "kind", "starts_at", "ends_at", "substitute",
                                     "reason"),
                             wide=("reason",)),)
    label_columns = {"staff": N_("Member of staff"), "starts_at": N_("From"), "kind": N_("Kind"),
                     "ends_at": N_("Until"), "substitute": N_("Substitute")}
    default_sort = "-starts_at"

class DepartmentView(RecordView):
    """Departments as a tree."""

    datamodel = RecordInterface(Department)
    route_base = "/departments"
    class_permission_name = "core.Department"
    list_title = N_("Departments")
    record_label = N_("Department")
    icon = "sitemap"
    list_columns = ["name", "code", "parent", "leader", "active", "position"]
    form_sections = (Section(fields=("name", "code", "parent", "leader", "position", "active")),)
    label_columns = {"parent": N_("Belongs to"), "leader": N_("Leader"), "position": N_("Order"),
                     "path": N_("Place in the tree")}
    default_sort = "path"
    related_views = [TeamView, StaffView]
