"""What forms of workflows choose from: people, departments, records of any kind.

The choices come page by page and hold only what the caller may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, abort, jsonify, request, url_for
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext, ngettext
from sqlalchemy import case, or_, select

from app.access.security import current_actor
from app.database import db, utcnow
from app.host.host import current_host
from app.people.members import holds
from app.people.models import Department, Staff
from app.people.substitutes import away_until
from app.records.open_load import open_load
from app.records.operations import operations_of
from app.screens.query.datamodel import RecordInterface
from app.screens.query.numbered_records import NUMBERED, numbered_choices
from app.screens.registry import registry
from app.web.formats import write_date
from app.web.input_limits import whole_number

MOST = 20
_PREFIX = "/api/v1/pick/"
_OWNERS = "owner/"


def _people(
    text: str, keys: list[int] | None, within: int | None, who: Sequence[Any] = ()
) -> list[tuple[int, str]]:
    statement = (
        select(Staff.user_id, Staff.name, Department.name, away_until(utcnow()))
        .join(User, User.id == Staff.user_id)
        .outerjoin(Department, Department.id == Staff.department_id)
        .where(*who)
    )
    if keys is not None:
        statement = statement.where(Staff.user_id.in_(keys))
    else:
        statement = statement.where(User.active.is_(True))
    if text:
        statement = statement.where(
            or_(Staff.name.contains(text, autoescape=True),
                Staff.number.startswith(text, autoescape=True))
        )
    # People of the department that the form asks for stand first; others are found all the same.
    first = [case((Staff.department_id == within, 0), else_=1)] if within is not None else []
    rows = db.session.execute(statement.order_by(*first, Staff.name, Staff.id).limit(MOST))
    return [
        (user_id, " · ".join(filter(None, (name, department, _away(ends_at)))))
        for user_id, name, department, ends_at in rows
    ]


def owner_choices_url(record_type: str) -> str:
    """Return the address that offers whoever may own a kind of record, with their open records.

    Args:
        record_type: the kind, e.g. ``complaints.complaint``.
    """
    return url_for("pick", what=f"{_OWNERS}{record_type}")


def _owners(
    record_type: str, text: str, keys: list[int] | None, within: int | None
) -> list[tuple[int, str]]:
    kind = current_host().record_type(record_type)
    person = current_actor()
    if kind is None or person is None or not person.can("can_list", kind.view):
        abort(404)
    permission = getattr(operations_of(kind.model), "owner_permission", None)
    found = _people(text, keys, within, [holds(*permission)] if permission else [])
    load = open_load(db.session, kind.model, [user_id for user_id, _ in found])
    return [(user_id, f"{label} · {_open(load[user_id])}") for user_id, label in found]


def _open(count: int) -> str:
    return ngettext("%(num)s open", "%(num)s open", count)


def _away(ends_at: dt.datetime | None) -> str:
    return gettext("away until %(day)s", day=write_date(ends_at)) if ends_at else ""


def _departments(text: str, keys: list[int] | None) -> list[tuple[int, str]]:
    statement = select(Department.id, Department.name)
    if keys is not None:
        statement = statement.where(Department.id.in_(keys))
    else:
        statement = statement.where(Department.active)
    if text:
        statement = statement.where(Department.name.contains(text, autoescape=True))
    rows = db.session.execute(statement.order_by(Department.position, Department.id).limit(MOST))
    return [(row.id, row.name) for row in rows]


def _records(target: str, text: str, keys: list[int] | None) -> list[tuple[int, str]]:
    for model, screen in registry().main_screens().items():
        if getattr(model, "__record_type__", None) == target:
            if keys is not None:
                # What somebody sent may be any key: only what they could choose has a name.
                return list(screen.datamodel.selectable(keys).items())
            return list(screen.datamodel.options(text, limit=MOST))
    dictionary = current_host().dictionary(target)
    if dictionary is None:
        abort(404)
    interface = RecordInterface(dictionary.model)
    if keys is not None:
        return list(interface.labels(keys).items())
    return interface.options(text, limit=MOST)


def _choices(
    what: str, text: str = "", keys: list[int] | None = None, within: int | None = None
) -> Sequence[tuple[int | str, str]]:
    if what == "person":
        return _people(text, keys, within)
    if what.startswith(_OWNERS):
        return _owners(what.removeprefix(_OWNERS), text, keys, within)
    if what == "department":
        return _departments(text, keys)
    if what.startswith("record/"):
        return _records(what.removeprefix("record/"), text, keys)
    if what.startswith(NUMBERED) and keys is None:
        found = numbered_choices(what.removeprefix(NUMBERED), text, MOST)
        if found is not None:
            return found
    abort(404)


def install(app: Flask) -> None:
    """Add the addresses that forms ask, and the filter ``pick_label`` for what is chosen.

    Args:
        app: the application.
    """

    @app.get(f"{_PREFIX}<path:what>", endpoint="pick")
    def pick(what: str) -> Response:
        """Return choices for what has been typed."""
        if current_actor() is None:
            abort(401)
        text = request.args.get("q", "").replace("\x00", "").strip()[:100]
        within = whole_number(request.args.get("within", ""))
        found = _choices(what, text, within=within)
        options = [{"value": str(key), "label": label} for key, label in found]
        return jsonify(options=options)

    @app.template_filter("pick_label")
    def pick_label(value: Any, endpoint: str) -> str:
        """Return the label of a chosen key, or the key where there is none to be seen."""
        key = whole_number(str(value))
        if key is None:
            return str(value)
        found = dict(_choices(endpoint.removeprefix(_PREFIX), keys=[key]))
        return found.get(key, f"#{key}")
