"""A database that is busy or away for a moment: refused stays refused, nothing is a crash."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import event, func, select, text, update

from app import database
from app.access import deferred_notes
from app.access.deferred_notes import write_deferred
from app.access.models import AuditEntry, SignInAttempt, UserSession
from app.database import db, utcnow, write
from app.database_errors import is_passing
from app.testing.plugin_fixtures import PASSWORD
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

pytestmark = pytest.mark.both_databases


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WRONG = "Name or password is wrong"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up early, so that the tests need not wait."""
    monkeypatch.setattr(database, "WAIT_OF_A_REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(deferred_notes, "WAIT_SECONDS", 0.1)


@contextlib.contextmanager
def lock_held(house) -> Iterator[None]:
    """Hold SQLite's write lock, as another process that imports does."""
    address = house.app.config["CARELINE_SETTINGS"].database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(address, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def end_connections() -> None:
    """Let PostgreSQL end every connection to the database, as when it is started anew."""
    with psycopg.connect(
        db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        autocommit=True,
    ) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()")


def sign_in(visitor, name: str, password: str):
    form = visitor.get("/login/").text
    token = form.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    visitor.token = token
    return visitor.send("/login/", {"username": name, "password": password})


@ON_SQLITE
def test_a_refused_sign_in_stays_refused_and_is_noted_later(house, desk):
    visitor = desk("")
    with lock_held(house):
        before = utcnow()
        answer = sign_in(visitor, "agent", "not-the-password")
        after = utcnow()
    assert answer.status_code == 200 and WRONG in answer.text
    session, var_dir = house.session, house.app.config["CARELINE_SETTINGS"].var_dir
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
    assert write_deferred(session, var_dir) == 1
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "sign_in_refused")).one()
    assert entry.changes == {"username": "agent", "locked": False}
    assert before <= entry.at <= after
    assert session.scalars(select(SignInAttempt)).one().username == "agent"
    assert write_deferred(session, var_dir) == 0


@ON_SQLITE
def test_refusals_that_were_noted_late_lock_the_account_as_well(house, desk):
    visitor = desk("")
    most = house.app.config["CARELINE_SETTINGS"].login_attempts
    with lock_held(house):
        for _ in range(most):
            assert WRONG in sign_in(visitor, "agent", "not-the-password").text
    write_deferred(house.session, house.app.config["CARELINE_SETTINGS"].var_dir)
    assert WRONG in sign_in(visitor, "agent", PASSWORD).text


@ON_SQLITE
@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "The database is busy"), ("zh-CN", "数据库正忙"),
])
def test_a_sign_in_that_cannot_be_written_is_answered_with_503(house, desk, language, sentence):
    visitor = desk("")
    visitor._client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    with lock_held(house):
        answer = sign_in(visitor, "agent", PASSWORD)
    assert (answer.status_code, sentence in answer.text) == (503, True)
    assert int(answer.headers["Retry-After"]) > 0
    assert sign_in(visitor, "agent", PASSWORD).status_code == 302


@ON_SQLITE
def test_programs_that_sign_in_get_the_same_answers(house, desk):
    client = house.client()

    def ask(password: str):
        return client.post("/api/v1/security/login", headers={"Authorization": "none"}, json={
            "username": "agent", "password": password, "provider": "db"})

    with lock_held(house):
        assert ask("not-the-password").status_code == 401
        busy = ask(PASSWORD)
    assert busy.status_code == 503 and busy.json["message"] and busy.headers["Retry-After"]
    assert ask(PASSWORD).status_code == 200


@ON_SQLITE
def test_a_save_is_answered_with_503_on_pages_parts_and_the_api(house, desk):
    agent = desk("agent")
    complaint = registered(house)
    version, path = complaint.version, f"/complaints/edit/{complaint.id}"
    form = {"version": str(version), "demand": "道歉"}
    api = {"json": {"version": version, "demand": "道歉"},
           "headers": {"X-CSRFToken": agent.token, "Accept-Language": "en"}}
    put = agent._client.put
    with lock_held(house):
        page = agent.send(path, form)
        part = agent.send(path, form, headers={"HX-Request": "true"})
        answer = agent._apart(put, f"/api/v1/complaints/{complaint.id}", **api)
        assert agent.get("/complaints/list/").status_code == 200
    for one in (page, part, answer):
        assert one.status_code == 503 and one.headers["Retry-After"] == "3"
    assert "What you sent was not saved" in page.text and "<html" in page.text
    assert "Try again in a few seconds" in part.json["message"] == answer.json["message"]
    house.session.expire_all()
    assert (complaint.version, complaint.demand) == (version, "退还违约金")
    assert agent._apart(put, f"/api/v1/complaints/{complaint.id}", **api).status_code == 200


@ON_SQLITE
def test_a_save_waits_for_a_short_write_of_somebody_else(house, desk, monkeypatch):
    monkeypatch.setattr(database, "WAIT_OF_A_REQUEST_SECONDS", 10.0)
    agent, held = desk("agent"), threading.Event()

    def hold() -> None:
        with lock_held(house):
            held.set()
            time.sleep(0.4)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(5)
    answer = agent.send("/account/theme", {"theme": "dark"})
    other.join()
    assert answer.status_code == 302


@ON_SQLITE
def test_a_page_does_not_fail_because_its_visit_cannot_be_noted(house, desk):
    agent = desk("agent")
    with write(house.session):
        long_ago = utcnow() - dt.timedelta(minutes=5)
        house.session.execute(update(UserSession).values(seen_at=long_ago))
    with lock_held(house):
        assert agent.get("/complaints/list/").status_code == 200


@ON_SQLITE
def test_a_denial_is_noted_later(house, desk):
    agent = desk("agent")
    with lock_held(house):
        assert agent.get("/system/").status_code == 403
    session = house.session
    denied = select(AuditEntry).where(AuditEntry.action == "denied")
    assert session.scalars(denied).all() == []
    session.rollback()
    write_deferred(session, house.app.config["CARELINE_SETTINGS"].var_dir)
    entry = session.scalars(denied).one()
    assert (entry.changes["address"], entry.actor_id) == (
        "/system/", house.actor("agent").user_id)


@ON_SQLITE
def test_somebody_who_tries_passwords_does_not_fill_the_disk(house, desk, monkeypatch):
    monkeypatch.setattr(deferred_notes, "MOST_WAITING", 2)
    visitor = desk("")
    with lock_held(house):
        for _ in range(4):
            assert WRONG in sign_in(visitor, "nobody", "not-the-password").text
    var_dir = house.app.config["CARELINE_SETTINGS"].var_dir
    assert len(list((var_dir / "notes").iterdir())) == 2


@ON_POSTGRESQL
def test_terminated_connections_are_replaced(house, desk):
    agent = desk("agent")
    house.session.rollback()
    for _ in range(3):
        end_connections()
        assert agent.get("/complaints/list/").status_code == 200


@ON_POSTGRESQL
def test_an_answer_is_not_lost_with_the_connection_that_gave_it(house, desk):
    agent = desk("agent")
    house.session.rollback()

    def end_its_connection(response):
        db.session.execute(text("SELECT 1"))
        end_connections()
        return response

    after = house.app.after_request_funcs.setdefault(None, [])
    after.insert(0, end_its_connection)
    try:
        assert agent.get("/complaints/list/").status_code == 200
    finally:
        after.remove(end_its_connection)


@ON_POSTGRESQL
def test_a_server_that_recovers_is_answered_with_503(house, desk):
    agent, visitor = desk("agent"), desk("")
    house.session.rollback()
    engine = db.engine

    def refuse(*_arguments: object) -> None:
        raise psycopg.OperationalError("FATAL:  the database system is in recovery mode")

    engine.dispose()
    event.listen(engine, "do_connect", refuse)
    try:
        page = agent.get("/complaints/list/")
        api = agent.get("/api/v1/complaints/")
        signing_in = sign_in(visitor, "agent", PASSWORD)
    finally:
        event.remove(engine, "do_connect", refuse)
    assert [one.status_code for one in (page, api, signing_in)] == [503] * 3
    assert "busy" in page.text and api.json["message"] and page.headers["Retry-After"]
    assert agent.get("/complaints/list/").status_code == 200


def test_errors_that_stay_are_not_taken_for_passing_ones(house):
    with pytest.raises(Exception, match="no_such_table") as caught:
        house.session.execute(text("SELECT 1 FROM no_such_table"))
    assert not is_passing(caught.value)
    house.session.rollback()
    with pytest.raises(Exception) as caught, write(house.session):
        house.session.add(Complaint(number="X", extra={}, owner_id=987654))
    assert not is_passing(caught.value)
