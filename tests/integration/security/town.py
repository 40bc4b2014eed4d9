"""The whole product with demo people, own records, and records that most people must not see.

Whatever nobody but its owner may see holds ``SECRET``: a page in whose body it stands has leaked.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event, select

from app import create_app
from app.access.actor import SYSTEM
from app.customers.models import Customer, Loan, Vehicle
from app.database import db, utcnow, write
from app.deadlines.models import ClockRow as Clock
from app.jobs.models import Job
from app.notices.models import Announcement, Notice
from app.people.models import Absence, Department, Staff, Team
from app.records.comments import comment
from app.records.files import FileStore, attach
from app.screens.models import Draft, Preference, SavedView
from app.testing.plugin_fixtures import PASSWORD, FreshClient, House
from config import Settings
from plugins.complaints.models import Category, Cause, Channel, Complaint, Incident
from plugins.complaints.tests.helpers import registered
from tests.services.verdicts import share

SECRET = "ZWSECRET"


class Client(FreshClient):
    """A browser that sends the token with whatever it posts."""

    token = ""

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """POST a form with the token."""
        return self.post(path, data={"csrf_token": self.token, **(data or {})}, **options)


@dataclasses.dataclass
class Town:
    """The running product.

    Attributes:
        app: the application.
        foreign: key of a record that nobody but the sales department sees, by model.
        own: key of a record of the agent's team, by model.
        file_id: key of a file on the foreign complaint.
        others: keys of what belongs to the administrator alone: notice, job, view, clock.
    """

    app: Flask
    foreign: dict[type[Any], int] = dataclasses.field(default_factory=dict)
    own: dict[type[Any], int] = dataclasses.field(default_factory=dict)
    file_id: int = 0
    others: dict[str, int] = dataclasses.field(default_factory=dict)

    def client(self, username: str = "") -> Client:
        """Return a browser, signed in as a demo person if one is named."""
        client = Client(self.app, self.app.response_class)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        if username:
            client.token = _token(client.get("/login/").text)
            answer = client.send("/login/", {"username": username, "password": PASSWORD})
            assert answer.status_code == 302, answer.text
            client.token = _token(client.get("/account/").text)
        return client

    @contextlib.contextmanager
    def house(self) -> Iterator[House]:
        """Give services in an application context of their own."""
        with self.app.app_context():
            yield House(self.app, db.session)
            db.session.remove()


def _token(page: str) -> str:
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def build(folder: Path, database_url: str) -> Town:
    """Return the product on a database that holds its people.

    Args:
        folder: where it writes.
        database_url: a database with the demo people.
    """
    settings = Settings.from_environment(
        {}, environment="test", secret_key=secrets.token_urlsafe(64), var_dir=share(folder / "var"),
        database_url=database_url, login_attempts=10,
    )
    town = Town(create_app(settings))
    with town.house() as house:
        _own(town, house)
        _foreign(town, house)
        _others(town, house)
    return town


def _own(town: Town, house: House) -> None:
    complaint = registered(house, "agent", subject="Own matter")
    town.own[Complaint] = complaint.id
    store = FileStore(town.app.config["CARELINE_SETTINGS"])
    attach(db.session, SYSTEM, store, complaint, "own.txt", io.BytesIO(b"own words"))
    for model in (Channel, Category, Cause, Department, Team, Staff, User):
        town.own[model] = db.session.scalar(select(model.id).order_by(model.id).limit(1))
    with write(db.session):
        notice = Announcement(title="Canteen closed", text="Until Monday")
        absence = Absence(staff_id=town.own[Staff], starts_at=utcnow(),
                          ends_at=utcnow() + dt.timedelta(days=1))
        db.session.add_all([notice, absence])
    town.own |= {Announcement: notice.id, Absence: absence.id}


def _foreign(town: Town, house: House) -> None:
    from app.records.services import create

    admin = house.actor("admin")
    complaint = registered(
        house, "linna", subject=f"{SECRET} complaint", customer_name=f"{SECRET} person",
        reason=f"{SECRET} reason", demand=f"{SECRET} demand", contact="13900001111",
    )
    incident = create(db.session, admin, Incident,
                      {"subject": f"{SECRET} incident", "owner_id": admin.user_id})
    customer = create(db.session, admin, Customer,
                      {"name": f"{SECRET} customer", "phone": "13900001111"})
    vehicle = create(db.session, admin, Vehicle,
                     {"customer_id": customer.id, "plate": f"{SECRET}1"})
    loan = create(db.session, admin, Loan,
                  {"customer_id": customer.id, "contract": f"{SECRET}-loan"})
    comment(db.session, admin, complaint, f"{SECRET} comment")
    store = FileStore(town.app.config["CARELINE_SETTINGS"])
    file = attach(db.session, SYSTEM, store, complaint, f"{SECRET}.txt",
                  io.BytesIO(SECRET.encode()))
    town.file_id = file.id
    town.foreign = {Complaint: complaint.id, Incident: incident.id, Customer: customer.id,
                    Vehicle: vehicle.id, Loan: loan.id}


def _others(town: Town, house: House) -> None:
    admin = house.actor("admin")
    complaint = town.foreign[Complaint]
    with write(db.session):
        view = SavedView(list_name="complaints.Complaint", owner_id=admin.user_id,
                         title=f"{SECRET} view", query="is_open__is=true")
        notice = Notice(user_id=admin.user_id, kind="mention", text=f"{SECRET} notice",
                        record_type=Complaint.__record_type__, record_id=complaint)
        job = Job(kind="records.import", title=f"{SECRET} job", title_values={}, state="done",
                  actor_user_id=admin.user_id,
                  args={"importer": "complaints.complaints", "mode": "check", "mapping": {},
                        "file_name": f"{SECRET}.csv", "token": "0" * 32, "encoding": "",
                        "on_existing": "skip"})
        draft = Draft(user_id=admin.user_id, form="complaints.Complaint:new",
                      values={"reason": [f"{SECRET} draft"]})
        home = Preference(user_id=admin.user_id, name="home", value={"order": [SECRET]})
        db.session.add_all([view, notice, job, draft, home])
    clock = db.session.scalar(select(Clock.id).where(Clock.record_id == complaint))
    town.others = {"view": view.id, "notice": notice.id, "job": job.id, "clock": clock or 0}


@contextlib.contextmanager
def writes(app: Flask) -> Iterator[list[str]]:
    """Collect statements that change the database, without those that only note what was done."""
    seen: list[str] = []
    quiet = ("access_audit", "access_session", "access_sign_in_attempt")

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(None, 3)
        if words[0].upper() in ("INSERT", "UPDATE", "DELETE") and not any(
            name in statement.split("(")[0] for name in quiet
        ):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
