"""Builds the application with the sample department on a database of its own.

Run as ``python -m tests.integration.screens.building URL`` it fills an empty database.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app import create_app, wiring
from app.access.models import RoleScope
from app.access.services import sync_permissions
from app.database import db, metadata, utcnow, write
from app.people.models import Department, Staff, Team
from app.people.services import place_department
from app.testing.plugin_fixtures import PASSWORD
from config import Settings
from tests.integration.screens import sample
from tests.services.schema import create_tables

# Quick to check: the tests sign in hundreds of times.
_HASH = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1000")


@contextlib.contextmanager
def sample_parts() -> Iterator[None]:
    """Let the application load the sample beside the core's own parts."""
    kept = list(wiring.CORE_PARTS)
    wiring.CORE_PARTS.append(("sample", sample.Contribution))
    try:
        yield
    finally:
        wiring.CORE_PARTS[:] = kept


def build(settings: Settings) -> Flask:
    """Return the application with the sample, its tables, people and permissions.

    Args:
        settings: settings of a database that holds the core's tables, or the sample already.
    """
    settings = Settings(**{**vars_of(settings), "plugins_dir": settings.var_dir / "no-plugins"})
    with sample_parts():
        app = create_app(settings)
    with app.app_context():
        if db.session.scalar(select(User.id).limit(1)) is None:
            metadata().create_all(db.engine, tables=sample.TABLES)
            sync_permissions(db.session, wiring.all_permissions(app), [])
            _people()
        db.session.remove()
    return app


def vars_of(settings: Settings) -> dict[str, Any]:
    """Return the fields of settings by name."""
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def _people() -> None:
    with write(db.session):
        departments = {}
        for code, name in (("CS", "客户服务部"), ("SALES", "销售部")):
            department = Department(code=code, name=name)
            db.session.add(department)
            db.session.flush()
            place_department(db.session, department)
            departments[code] = department
        teams = {}
        for name, code in (("热线一组", "CS"), ("热线二组", "CS"), ("销售一组", "SALES")):
            teams[name] = Team(name=name, department_id=departments[code].id)
            db.session.add(teams[name])
        db.session.flush()
        roles = {role.name: role for role in db.session.scalars(select(Role))}
        everything = list(roles["admin"].permissions)
        for name in ("agent", "supervisor"):
            roles[name].permissions = [
                pair for pair in everything if pair.view_menu.name.startswith("sample.")
            ]
        reader = Role(name="reader")
        reader.permissions = [
            pair for pair in everything
            if pair.view_menu.name == "sample.Case"
            and pair.permission.name in ("can_list", "can_show")
        ]
        db.session.add(reader)
        db.session.flush()
        db.session.add(RoleScope(role_id=reader.id, scope=2))
        roles["reader"] = reader
        for username, name, role, code, team in (
            ("agent", "李晓雯", "agent", "CS", "热线一组"),
            ("other", "刘洋", "agent", "CS", "热线二组"),
            ("supervisor", "陈志远", "supervisor", "CS", "热线一组"),
            ("admin", "赵工", "admin", "SALES", "销售一组"),
            ("reader", "周敏", "reader", "CS", "热线一组"),
        ):
            user = User(
                username=username, first_name=name, last_name="", active=True, password=_HASH,
                email=f"{username}@example.com",
            )
            user.roles = [roles[role]]
            db.session.add(user)
            db.session.flush()
            db.session.add(
                Staff(
                    user_id=user.id, number=f"S{user.id:04}", name=name,
                    department_id=departments[code].id, team_id=teams[team].id,
                )
            )


def add_cases(count: int, **values: Any) -> list[int]:
    """Add cases of the team 热线一组 in bulk and return their keys; within an app context.

    Args:
        count: how many.
        values: columns that differ from the defaults.
    """
    team = db.session.scalar(select(Team).where(Team.name == values.pop("team", "热线一组")))
    owner = db.session.scalar(select(User.id).where(User.username == values.pop("owner", "agent")))
    kind = db.session.scalar(select(sample.Kind.id).limit(1))
    first = (db.session.scalar(select(sample.Case.id).order_by(sample.Case.id.desc())) or 0) + 1
    now = utcnow()
    rows = [
        {
            "number": f"SX-2026-{first + place:06}", "subject": f"案件 {first + place}",
            "team_id": team.id, "department_id": team.department_id, "owner_id": owner,
            "kind_id": kind, "received_at": now - dt.timedelta(minutes=place), "extra": {},
            "state": ("new", "working", "done")[place % 3], "visits": place % 7 or None,
            **values,
        }
        for place in range(count)
    ]
    with write(db.session):
        db.session.execute(sample.Case.__table__.insert(), rows)
    return list(db.session.scalars(
        select(sample.Case.id).where(sample.Case.id >= first).order_by(sample.Case.id)
    ))


if __name__ == "__main__":
    create_tables(sys.argv[1])
    with tempfile.TemporaryDirectory() as var:
        build(Settings.from_environment(
            {}, environment="test", secret_key=secrets.token_urlsafe(64), var_dir=Path(var),
            database_url=sys.argv[1],
        ))
