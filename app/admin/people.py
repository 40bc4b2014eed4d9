"""Screens of departments, teams, staff and absences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from app.people.models import Absence, Department, Staff, Team
from app.people.services import DepartmentCycle, place_department
from app.sdk import N_
from app.sdk.core import leads_anything, may_decide_for
from app.sdk.screens import (
    RecordInterface,
    RecordView,
    Refused,
    Section,
    column_values,
    current_person,
)
from app.sdk.services import actor_for, db, write


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

    def create_record(self, values: Mapping[str, Any]) -> Any:
        """Note an absence; see ``_check`` for what is refused."""
        self._check(column_values(Absence, values))
        return super().create_record(values)

    def change_record(
        self, record: Absence, values: Mapping[str, Any], version: int | None
    ) -> None:
        """Change an absence; see ``_check`` for what is refused."""
        held = {name: getattr(record, name)
                for name in ("staff_id", "substitute_id", "starts_at", "ends_at")}
        self._check({**held, **column_values(Absence, values)})
        super().change_record(record, values, version)

    @staticmethod
    def _check(values: Mapping[str, Any]) -> None:
        """Refuse an absence that ends before it begins, or a substitute who cannot stand in.

        Whoever stands in for a leader leads: only that leader, or somebody who may say who leads
        a department, names the substitute.
        """
        if values["ends_at"] <= values["starts_at"]:
            raise Refused(gettext("The absence must end after it begins."))
        if values.get("substitute_id") is None:
            return
        if values["substitute_id"] == values["staff_id"]:
            raise Refused(gettext("Nobody stands in for themselves."))
        away, stands_in = (
            db.session.get(Staff, values[name]) for name in ("staff_id", "substitute_id"))
        if not leads_anything(db.session, away.user_id):
            return
        person = current_person()
        if person.user_id != away.user_id and not person.can(
            "can_edit", DepartmentView.class_permission_name
        ):
            raise Refused(gettext(
                "%(absent)s leads a department or a team: only that person or an administrator "
                "names the substitute.", absent=away.name))
        absent, substitute = (
            actor_for(db.session, staff.user_id) for staff in (away, stands_in))
        if substitute is None or (
            absent is not None and not may_decide_for(db.session, substitute, absent)
        ):
            raise Refused(gettext(
                "%(substitute)s lacks the permission to approve what waits for %(absent)s.",
                substitute=stands_in.name, absent=away.name))


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

    def create_record(self, values: Mapping[str, Any]) -> Any:
        """Create a department and put it into the tree."""
        with write(db.session):
            department = super().create_record(values)
            place_department(db.session, department)
        return department

    def change_record(
        self, record: Department, values: Mapping[str, Any], version: int | None
    ) -> None:
        """Change a department; when it moves, everything below moves along."""
        try:
            with write(db.session):
                super().change_record(record, values, version)
                place_department(db.session, record)
        except DepartmentCycle as error:
            raise Refused(
                gettext("A department cannot stand below itself.")
            ) from error
