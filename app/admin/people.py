"""Screens of departments, teams, staff and absences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from app.people.models import Absence, Department, Staff, Team
from app.people.services import DepartmentCycle, name_of, place_department
from app.people.substitutes import is_named_in_absence, leads_anything, substitute_ahead
from app.sdk import N_
from app.sdk.screens import (
    RecordInterface,
    RecordView,
    Refused,
    Section,
    column_values,
    current_person,
)
from app.sdk.services import actor_for, db, utcnow, write
from app.workflow.delegation import may_decide_for


class LedView(RecordView):
    """What has a leader."""

    def create_record(self, values: Mapping[str, Any]) -> Any:
        """Create it; see ``_check_leader`` for what is refused."""
        self._check_leader(column_values(self.datamodel.obj, values).get("leader_id"))
        return super().create_record(values)

    def change_record(self, record: Any, values: Mapping[str, Any], version: int | None) -> None:
        """Change it; see ``_check_leader`` for what is refused."""
        leader = column_values(self.datamodel.obj, values).get("leader_id")
        if leader != record.leader_id:
            self._check_leader(leader)
        super().change_record(record, values, version)

    @staticmethod
    def _check_leader(user_id: int | None) -> None:
        """Refuse a first post as leader to a person for whom somebody stands in.

        That substitute was named without the rule for leaders (``AbsenceView``) being asked.
        """
        if user_id is None or leads_anything(db.session, user_id):
            return
        substitute = substitute_ahead(db.session, user_id, utcnow())
        if substitute:
            raise Refused(gettext(
                "%(leader)s is away, or will be, and %(substitute)s would lead in their place: "
                "take the substitute out of that absence first.",
                leader=name_of(db.session, user_id), substitute=substitute))


class TeamView(LedView):
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

    def change_record(self, record: Staff, values: Mapping[str, Any], version: int | None) -> None:
        """Change a member of staff.

        With another account another person leads, or stands in for a leader: that takes the
        right to say who leads.
        """
        user_id = column_values(Staff, values).get("user_id", record.user_id)
        if (user_id != record.user_id and is_named_in_absence(db.session, record.id, utcnow())
                and not current_person().can("can_edit", DepartmentView.class_permission_name)):
            raise Refused(gettext(
                "%(name)s is away or stands in for somebody: only an administrator gives them "
                "another account.", name=record.name))
        super().change_record(record, values, version)


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


class DepartmentView(LedView):
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
