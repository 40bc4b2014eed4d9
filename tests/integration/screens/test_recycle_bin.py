"""The recycle bin: found from the list, restored from, and purged after its time."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import Column, ForeignKey, Integer, String, Table

from app.access.models import AuditEntry
from app.access.services import Grant, sync_permissions
from app.database import db, metadata, utcnow, write
from app.records.models import Comment, File, Follow
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case, Note
from tests.integration.screens.test_record_work import PNG

LIST, BIN, PURGE = "/sample/cases/list/", "/sample/cases/bin/", "/sample/cases/purge"


@pytest.fixture
def chief(app, browser):
    """A supervisor who may purge."""
    with app.app_context():
        assert db.session.query(Role).filter_by(name="supervisor").one()
        sync_permissions(db.session, {("can_purge", "core.RecycleBin")},
                         [Grant("supervisor", "can_purge", "core.RecycleBin")])
    return browser("supervisor")


def deleted(app, chief, days: int) -> int:
    """Return a case with a comment and a file, deleted some days ago."""
    with app.app_context():
        (key,) = add_cases(1, subject="手续费争议")
    chief.send(f"/sample/cases/comment/{key}", {"text": "已核实"})
    chief.send(f"/sample/cases/follow/{key}", {"following": "1"})
    chief.post(f"/sample/cases/files/{key}", data={
        "csrf_token": chief.token, "files": (io.BytesIO(PNG), "a.png")})
    chief.send(f"/sample/cases/delete/{key}", {})
    with app.app_context(), write(db.session):
        db.session.get(Case, key).deleted_at = utcnow() - dt.timedelta(days=days)
    return key


def test_the_list_leads_to_the_bin_for_those_who_may_delete(browser):
    assert f'href="{BIN}"' in browser("supervisor").get(LIST).text
    assert f'href="{BIN}"' not in browser("reader").get(LIST).text


def test_what_is_old_enough_goes_with_all_that_hangs_on_it(browser, app, chief):
    old, young = deleted(app, chief, 200), deleted(app, chief, 20)
    with app.app_context():
        store = Path(app.config["CARELINE_SETTINGS"].var_dir) / "files"
        contents = {row.record_id: store / row.key[:2] / row.key for row in db.session.query(File)}
    assert contents[old].exists()
    assert f'hx-get="{PURGE}"' in chief.get(BIN).text
    assert "Purge 1 record for good?" in chief.get(PURGE).text
    with app.app_context():
        assert db.session.get(Case, old) is not None
    assert chief.send(PURGE, {}).status_code == 302
    with app.app_context():
        assert db.session.get(Case, old) is None and db.session.get(Case, young) is not None
        for model in (Comment, File, Follow):
            assert {row.record_id for row in db.session.query(model)} == {young}, model
        act = db.session.query(AuditEntry).filter_by(action="purge").one()
        assert act.record_id == old and act.changes == {"files": 1} and act.number
    assert not contents[old].exists() and contents[young].exists()


def test_what_others_refer_to_stays(app, chief):
    key = deleted(app, chief, 200)
    with app.app_context(), write(db.session):
        db.session.add(Note(title="n", case_id=key))
    assert "Other records refer to these" in chief.send(PURGE, {}, follow_redirects=True).text
    with app.app_context():
        assert db.session.get(Case, key) is not None
        assert db.session.query(Comment).filter_by(record_id=key).count() == 1


def test_the_table_of_a_plugin_that_is_not_deployed_does_not_hinder(app, chief):
    """What a plugin has declared before it was set aside stays in the metadata of the process."""
    key = deleted(app, chief, 200)
    gone = Table("gone_remark", metadata(), Column("id", Integer, primary_key=True),
                 Column("record_type", String(64)), Column("record_id", Integer),
                 Column("case_id", ForeignKey("sample_case.id")))
    try:
        assert chief.send(PURGE, {}).status_code == 302
    finally:
        metadata().remove(gone)
    with app.app_context():
        assert db.session.get(Case, key) is None


@pytest.mark.parametrize("name", ["supervisor", "agent", "reader"])
def test_nobody_purges_without_the_right(browser, app, name):
    person = browser(name)
    assert person.get(PURGE).status_code == 403
    assert person.send(PURGE, {}).status_code == 403
