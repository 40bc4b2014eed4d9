"""People on one page: who works where, with which roles, who is away, who cannot sign in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, flash, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Role, User
from flask_appbuilder.security.sqla.models import assoc_user_role as holders
from flask_babel import gettext, ngettext
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response as BaseResponse

from app.access.sessions import locked_names
from app.admin.access import account_services
from app.admin.access.roles import role_title
from app.admin.access.services import Locked
from app.admin.leaving import (
    Hanging,
    give_away,
    may_be_given,
    may_give_anything,
    open_records,
    undecided_without,
    what_hangs_on,
)
from app.admin.pages import PageView, settings
from app.admin.post_names import post_names
from app.forms.build import ENDPOINTS
from app.forms.definition import Kind
from app.people.models import Absence
from app.people.services import name_of
from app.people.substitutes import is_away_on
from app.screens.records.relation_labels import relation_label
from app.screens.registry import registry
from app.sdk import N_
from app.sdk.models import Department, Staff, Team
from app.sdk.screens import current_person, go_to, is_partial, requires, whole_number
from app.sdk.services import AnySelect, db, scope_filter, utcnow

ACCOUNTS = "core.User"
PAGE_SIZE = 50
NOWHERE = "none"
_MOST_PAGES = 10_000
_CANNOT_TAKE_OVER = N_("Choose somebody else: this account cannot take the records over.")


@dataclasses.dataclass(slots=True)
class DepartmentNode:
    """A department in the tree, with how many people work in it and below."""

    id: int
    name: str
    depth: int
    people: int = 0


@dataclasses.dataclass(slots=True)
class PersonLine:
    """A person, ready to be drawn; ``row`` holds what the statement gave."""

    row: Any
    roles: list[str]
    locked: bool
    away: Any


def tree(numbers: Mapping[int | None, int]) -> list[DepartmentNode]:
    """Return active departments from the root downwards.

    Args:
        numbers: people by department.
    """
    rows = db.session.execute(
        select(Department.id, Department.name, Department.parent_id, Department.path)
        .where(Department.active.is_(True)).order_by(Department.position, Department.name)
    ).all()
    below: dict[int | None, list[Any]] = defaultdict(list)
    known = {row.id for row in rows}
    for row in rows:
        below[row.parent_id if row.parent_id in known else None].append(row)
    found: list[DepartmentNode] = []

    def walk(parent: int | None, depth: int) -> int:
        total = 0
        for row in below[parent]:
            branch = DepartmentNode(row.id, row.name, depth)
            found.append(branch)
            branch.people = numbers.get(row.id, 0) + walk(row.id, depth + 1)
            total += branch.people
        return total

    walk(None, 0)
    return found


class PeopleView(PageView):
    """The tree of departments at the left, people at the right."""

    route_base = "/people"
    default_view = "index"
    class_permission_name = "core.People"
    base_permissions: ClassVar[list[str]] = ["can_list"]
    list_title = N_("People")
    icon = "users-group"

    # --- the page ----------------------------------------------------------------------------
    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show the people of a department and of all below it, or those that are found."""
        chosen, text = request.args.get("department", ""), request.args.get("q", "").strip()[:100]
        page = whole_number(request.args.get("page", "1"))
        if not page or page >= _MOST_PAGES:
            abort(400)
        where = [*self._visible(), *self._within(chosen), *self._matching(text)]
        numbers: dict[int | None, int] = {key: number for key, number in db.session.execute(
            self._people(Staff.department_id, func.count())
            .where(*self._visible()).group_by(Staff.department_id)
        )}
        rows = db.session.execute(
            self._people(
                User.id, User.username, User.active, User.last_login, Staff.id.label("staff_id"),
                func.coalesce(Staff.name, func.trim(User.first_name + " " + User.last_name))
                .label("name"), Staff.number, post_names(), Department.name.label("department"),
                Team.name.label("team"),
            )
            .outerjoin(Department, Department.id == Staff.department_id)
            .outerjoin(Team, Team.id == Staff.team_id)
            .where(*where).order_by(Department.path, Team.name, Staff.name, User.username)
            .limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)
        ).all()
        return self.render_template(
            "admin/people.html", view=self, lines=self._lines(rows[:PAGE_SIZE]),
            branches=tree(numbers), chosen=chosen, text=text, total=sum(numbers.values()),
            nowhere=numbers.get(None, 0), page=page, more=len(rows) > PAGE_SIZE,
            accounts=self._accounts(), may_edit=self._may("can_edit", ACCOUNTS),
            may_give=may_give_anything(current_person()),
            may_move=self._may("can_edit", "core.Staff"), me=current_person().user_id,
        )

    @staticmethod
    def _people(*columns: Any) -> AnySelect:
        return select(*columns).select_from(User).outerjoin(Staff, Staff.user_id == User.id)

    @staticmethod
    def _may(permission: str, view: str) -> bool:
        return current_person().can(permission, view)

    def _accounts(self) -> bool:
        """Return whether the caller may see accounts: their state, roles and sign-ins."""
        return self._may("can_list", ACCOUNTS)

    def _visible(self) -> list[ColumnElement[bool]]:
        if self._accounts():
            return []
        return [Staff.id.is_not(None), scope_filter(current_person(), Staff)]

    @staticmethod
    def _within(chosen: str) -> list[ColumnElement[bool]]:
        if not chosen:
            return []
        if chosen == NOWHERE:
            return [Staff.department_id.is_(None)]
        key = whole_number(chosen) or abort(400)
        path = db.session.scalar(select(Department.path).where(Department.id == key))
        if path is None:
            abort(404)
        below = aliased(Department)
        return [Staff.department_id.in_(
            select(below.id).where(below.path.startswith(path, autoescape=True)))]

    @staticmethod
    def _matching(text: str) -> list[ColumnElement[bool]]:
        text = text.replace("\x00", "")
        parts = (Staff.name, Staff.number, User.username, User.first_name)
        return [or_(*(part.icontains(text, autoescape=True) for part in parts))] if text else []

    def _lines(self, rows: Sequence[Any]) -> list[PersonLine]:
        keys = [row.id for row in rows]
        roles: dict[int, list[str]] = defaultdict(list)
        locked: frozenset[str] = frozenset()
        if self._accounts():
            for user_id, name in db.session.execute(
                select(holders.c.user_id, Role.name).join(Role, Role.id == holders.c.role_id)
                .where(holders.c.user_id.in_(keys)).order_by(Role.name)
            ):
                roles[user_id].append(role_title(name))
            limits = settings()
            locked = locked_names(
                db.session, [row.username for row in rows], limits.login_attempts,
                dt.timedelta(minutes=limits.login_lockout_minutes),
            )
        stands_in = aliased(Staff)
        away = {
            row.staff_id: row for row in db.session.execute(
                select(Absence.staff_id, Absence.ends_at, Absence.reason,
                       stands_in.name.label("substitute"))
                .outerjoin(stands_in, stands_in.id == Absence.substitute_id)
                .where(Absence.staff_id.in_([row.staff_id for row in rows]), is_away_on(utcnow()))
                .order_by(Absence.ends_at)
            )
        }
        return [
            PersonLine(row, roles[row.id], row.username.lower() in locked, away.get(row.staff_id))
            for row in rows
        ]

    # --- quick acts --------------------------------------------------------------------------
    @expose("/<int:pk>/unlock", methods=["POST"])
    @requires("list")
    def unlock(self, pk: int) -> BaseResponse:
        """Forget the failed sign-ins of an account."""
        try:
            account_services.unlock(db.session, current_person(), self._account(pk))
        except Locked as error:
            flash(gettext(str(error)), "danger")
        else:
            flash(gettext("The failed sign-ins are forgotten."), "success")
        return self._back()

    @expose("/<int:pk>/open", methods=["POST"])
    @requires("list")
    def open_account(self, pk: int) -> BaseResponse:
        """Open a closed account again."""
        user = self._account(pk)
        try:
            account_services.save_user(db.session, current_person(), user, {"active": True})
        except Locked as error:
            flash(gettext(str(error)), "danger")
        else:
            flash(gettext("The account is open again."), "success")
        return self._back()

    @expose("/<int:pk>/close", methods=["GET", "POST"])
    @requires("list")
    def close(self, pk: int) -> BaseResponse | str:
        """Say what hangs on an account, or close it, which ends its sessions at once.

        Open records go to whoever is chosen before the account is closed.
        """
        user = self._account(pk)
        if request.method == "POST":
            return self._closed(user)
        return self.render_template(
            "admin/people_close.html", user=user,
            undecided=undecided_without(db.session, pk) if user.active else 0,
            **self._hanging(pk, what_hangs_on(db.session, pk)),
        )

    def _hanging(self, pk: int, hanging: Sequence[Hanging]) -> dict[str, Any]:
        """Return values for a dialog that says what hangs on somebody and asks who takes over."""
        screens = {
            one.model: screen for one in hanging if one.model is not None
            and (screen := registry().screen_of(one.model)) is not None
        }
        return {
            "view": self, "pk": pk, "partial": is_partial(), "back": self._address(),
            "name": name_of(db.session, pk), "hanging": hanging,
            "links": {
                (one.model, one.column): screens[one.model].url(
                    "list", **{f"{one.column.removesuffix('_id')}__in": pk, "is_open__is": "true"})
                for one in hanging if one.model in screens
                and one.column.removesuffix("_id") in screens[one.model].declared.filter_columns
            },
            "column_label":
                lambda model, column: relation_label(column.removesuffix("_id"), model),
            "picker": ENDPOINTS[Kind.PERSON],
        }

    @expose("/<int:pk>/give", methods=["GET", "POST"])
    @requires("list")
    def give(self, pk: int) -> BaseResponse | str:
        """Ask who gets the open records that a person owns, or give them away."""
        person = current_person()
        found = db.session.scalar(self._people(User.id).where(User.id == pk, *self._visible()))
        if found is None:
            abort(404)
        if not may_give_anything(person):
            abort(403)
        if request.method == "POST":
            try:
                self._given(pk, whole_number(request.form.get("next_owner", "")))
            except LookupError:
                flash(gettext(_CANNOT_TAKE_OVER), "danger")
            return self._back()
        given = [one for one in open_records(db.session, pk) if may_be_given(one, person)]
        return self.render_template("admin/people_give.html", **self._hanging(pk, given))

    @staticmethod
    def _given(user_id: int, to_id: int | None) -> None:
        """Give the open records of a person away, and say how many."""
        moved = give_away(db.session, current_person(), user_id, to_id or 0)
        flash(ngettext("%(num)s open record has another owner now.",
                       "%(num)s open records have another owner now.", moved.done), "success")
        if moved.left:
            flash(ngettext("%(num)s open record could not be given away.",
                           "%(num)s open records could not be given away.", moved.left), "warning")

    def _closed(self, user: User) -> BaseResponse:
        person, given = current_person(), whole_number(request.form.get("next_owner", ""))
        name = name_of(db.session, user.id)
        try:
            # Nothing is given away for an account that may not be closed.
            account_services.require_may_close(db.session, person, user)
            if given:
                self._given(user.id, given)
            account_services.save_user(db.session, person, user, {"active": False})
        except Locked as error:
            flash(gettext(str(error)), "danger")
        except LookupError:
            flash(gettext(_CANNOT_TAKE_OVER), "danger")
        else:
            flash(gettext("The account of %(name)s is closed and its sessions have ended.",
                          name=name), "success")
        return self._back()

    @expose("/<int:pk>/move", methods=["GET", "POST"])
    @requires("list")
    def move(self, pk: int) -> BaseResponse | str:
        """Ask for a team, or move a member of staff into it and its department."""
        if not self._may("can_edit", "core.Staff"):
            abort(403)
        staff = db.session.scalar(select(Staff).where(Staff.user_id == pk, *self._visible()))
        if staff is None:
            abort(404)
        if request.method == "POST":
            team = whole_number(request.form.get("team")) or abort(400)
            try:
                account_services.move_to_team(db.session, current_person(), staff, team)
            except LookupError:
                abort(404)
            flash(gettext("%(name)s works in %(team)s now.", name=staff.name, team=staff.team),
                  "success")
            return self._back()
        teams = db.session.execute(
            select(Team.id, Team.name, Department.name.label("department"))
            .join(Department, Department.id == Team.department_id)
            .where(Team.active.is_(True)).order_by(Department.path, Team.name)
        ).all()
        return self.render_template(
            "admin/people_move.html", view=self, staff=staff, teams=teams, pk=pk,
            partial=is_partial(), back=self._address(),
        )

    def _account(self, pk: int) -> User:
        if not self._may("can_edit", ACCOUNTS):
            abort(403)
        return db.session.get(User, pk) or abort(404)

    def _address(self) -> str:
        kept = {name: value for name in ("department", "q", "page")
                if (value := request.values.get(name, "")[:100])}
        return url_for("PeopleView.index", _external=False, **kept)

    def _back(self) -> BaseResponse:
        return go_to(self._address())
