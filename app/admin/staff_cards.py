"""Cards of the home page about people: where they work, who has no place, who is away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.admin.post_names import post_names
from app.people.models import Absence, Department, Staff
from app.people.substitutes import is_away_on
from app.sdk import N_, Card
from app.sdk.screens import period_bounds, write_date, zone
from app.sdk.services import Actor, utcnow

ROWS = 6
MOST_DEPARTMENTS = 12
_STANDARD = "screens/home/card.html"
_NOW = {"starts_at__period": "past", "ends_at__period": "future"}


def staff(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return how many people there are, and what of them wants looking after."""
    recent = Staff.hired_on.between(
        *period_bounds("last_30_days", dt.datetime.now(zone()).date()))
    everybody, without_team, without_department, hired = session.execute(select(
        func.count(),
        func.count().filter(Staff.team_id.is_(None)),
        func.count().filter(Staff.department_id.is_(None)),
        func.count().filter(recent),
    ).select_from(Staff)).one()
    away = session.scalar(select(func.count()).select_from(Absence).where(is_away_on(utcnow())))

    def figure(label: str, value: int, tone: str = "", **filters: Any) -> dict[str, Any]:
        return {"label": label, "value": value, "tone": tone if value else "",
                "url": url_for("StaffView.list", **filters)}

    return {
        "figures": [
            figure(N_("Staff"), everybody, all=1),
            figure(N_("Without a department"), without_department, "warn", department__empty=1),
            figure(N_("Without a team"), without_team, team__empty=1),
            figure(N_("Hired in the last 30 days"), hired, hired_on__period="last_30_days"),
            {"label": N_("Absences now"), "value": away,
             "url": url_for("AbsenceView.list", _external=False, **_NOW)},
        ],
        "more_url": url_for("StaffView.list"),
    }


def departments(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return how many people each department has, the largest first."""
    found = session.execute(
        select(Department.id, Department.name, func.count())
        .join(Staff, Staff.department_id == Department.id)
        .group_by(Department.id, Department.name)
        .order_by(func.count().desc(), Department.name).limit(MOST_DEPARTMENTS)
    ).all()
    return {
        "rows": [
            {"title": name, "url": url_for("StaffView.list", department__in=key),
             "remark": ngettext("%(num)s person", "%(num)s people", number)}
            for key, name, number in found
        ],
        "empty": N_("Nobody belongs to a department."),
        "more_url": url_for("DepartmentView.list"),
    }


def unplaced(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return people without a department or a team: they see only what is assigned to them."""
    found = session.execute(
        select(Staff.id, Staff.name, post_names(), Department.name.label("department"))
        .outerjoin(Department, Department.id == Staff.department_id)
        .where(or_(Staff.department_id.is_(None), Staff.team_id.is_(None)))
        .order_by(Staff.department_id.is_not(None), Staff.number).limit(ROWS)
    ).all()
    return {
        "rows": [
            {"title": row.name, "url": url_for("StaffView.edit", pk=row.id),
             "remark": " · ".join(filter(None, (
                 row.department or gettext("No department"), row.post)))}
            for row in found
        ],
        "empty": N_("Everybody has a department and a team."),
        "more_url": url_for("StaffView.list", team__empty=1),
    }


def _absences(session: Session, *conditions: Any, order: Any) -> list[Any]:
    return list(session.execute(
        select(Staff.name, Absence.id, Absence.starts_at, Absence.ends_at)
        .join(Staff, Staff.id == Absence.staff_id)
        .where(*conditions).order_by(order, Absence.id).limit(ROWS)
    ))


def absences(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return who is away now, and until when; of absences that overlap the last one."""
    now, last = utcnow(), aliased(Absence)
    longest = (
        select(last.id).where(last.staff_id == Staff.id, is_away_on(now, last))
        .order_by(last.ends_at.desc(), last.id.desc()).limit(1)
        .correlate(Staff).scalar_subquery()
    )
    found = _absences(session, is_away_on(now), Absence.id == longest, order=Absence.ends_at)
    return {
        "rows": [
            {"title": row.name, "url": url_for("AbsenceView.show", pk=row.id),
             "remark": gettext("until %(day)s", day=write_date(row.ends_at))}
            for row in found
        ],
        "empty": N_("Everybody is here."),
        "more_url": url_for("AbsenceView.list", _external=False, **_NOW),
    }


def absences_ahead(session: Session, _actor: Actor) -> dict[str, Any]:
    """Return who will be away next, and from when until when."""
    found = _absences(session, Absence.starts_at > utcnow(), order=Absence.starts_at)
    return {
        "rows": [
            {"title": row.name, "url": url_for("AbsenceView.show", pk=row.id),
             "remark": gettext("%(first)s to %(last)s", first=write_date(row.starts_at),
                               last=write_date(row.ends_at))}
            for row in found
        ],
        "empty": N_("No absence is entered."),
        "more_url": url_for("AbsenceView.list", starts_at__period="future"),
    }


STAFF_CARDS = (
    Card(name="core.staff", title=N_("People"), load=staff, template=_STANDARD,
         view="core.Staff", permission="can_edit", width=12, order=56),
    Card(name="core.departments", title=N_("People by department"), load=departments,
         template=_STANDARD, view="core.Staff", permission="can_edit", order=57),
    Card(name="core.unplaced", title=N_("Without a department or a team"), load=unplaced,
         template=_STANDARD, view="core.Staff", permission="can_edit", order=58),
    Card(name="core.absences", title=N_("Away today"), load=absences, template=_STANDARD,
         view="core.Absence", order=60),
    Card(name="core.absences_ahead", title=N_("Upcoming absences"), load=absences_ahead,
         template=_STANDARD, view="core.Absence", permission="can_edit", order=61),
)
