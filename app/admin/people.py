"""Screens of departments, teams, staff and absences."""

from __future__ import annotations

from app.people.models import Absence, Department, Staff, Team
from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, Section


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


class StaffView(RecordView):
    """Staff: who works where."""

    datamodel = RecordInterface(Staff)
    route_base = "/staff"
    class_permission_name = "core.Staff"
    list_title = N_("Staff")
    record_label = N_("Member of staff")
    icon = "id-badge"
    list_columns = ["number", "name", "post", "department", "team", "user", "hired_on"]
    form_sections = (
        Section(fields=("user", "number", "name", "post", "department", "team", "phone",
                        "hired_on")),
    )
    label_columns = {"number": N_("Staff number"), "user": N_("Account"), "post": N_("Post"),
                     "hired_on": N_("Hired on"), "locale": N_("Language"),
                     "theme": N_("Appearance")}
    default_sort = "number"

class AbsenceView(RecordView):
    """Absences and substitutes."""

    datamodel = RecordInterface(Absence)
    route_base = "/absences"
    class_permission_name = "core.Absence"
    list_title = N_("Absences")
    record_label = N_("Absence")
    icon = "beach"
    list_columns = ["staff", "starts_at", "ends_at", "reason", "substitute"]
    import_key = ("staff", "starts_at")
    form_sections = (Section(fields=("staff", "starts_at", "ends_at", "substitute", "reason"),
                             wide=("reason",)),)
    label_columns = {"staff": N_("Member of staff"), "starts_at": N_("From"),
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
