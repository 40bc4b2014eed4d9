"""The data of a plugin that is not in force: shown, and deleted for good with all that hangs on it.

The demonstration has something of every plugin in every table of the core.
"""

from __future__ import annotations

import pytest
from sqlalchemy import String, Text, func, inspect, or_, select

from app import create_app
from app.access.models import AuditEntry
from app.customers.contact_models import Contact
from app.database import db, metadata, write
from app.host.host import current_host
from app.host.manifest import CORE_PREFIXES
from app.host.models import PluginState
from app.host.services import set_enabled
from app.records.plugin_data import left_behind
from app.screens.models import Preference, SavedView

PLUGIN = "callbacks"
# What people wrote, and what outlives a plugin: the audit trail, contacts with customers.
_ELSEWHERE = {"access_audit", "customers_contact", "records_search_fts"}


SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def database_kind(request):
    return "house" if "postgresql" in request.node.name else "demo"


@pytest.fixture
def without(app):
    """The application as it starts after the plugin was switched off."""
    with app.app_context():
        with write(db.session):
            user = db.session.scalar(db.text("SELECT min(id) FROM ab_user"))
            db.session.add(SavedView(
                list_name=f"{PLUGIN}.Task", owner_id=user, title="Mine", query="", position=1))
            db.session.add(Preference(user_id=user, name=f"list:{PLUGIN}.Task", value={}))
        set_enabled(db.session, current_host(), PLUGIN, False, "test")
    again = create_app(app.config["CARELINE_SETTINGS"])
    with again.app_context():
        yield again


def _run(app, *arguments):
    return app.test_cli_runner().invoke(args=["plugin", "purge", *arguments])


def _named(session) -> dict[str, int]:
    """Return how often texts of the core name the plugin, by column."""
    found = {}
    for table in metadata().sorted_tables:
        if not table.name.startswith(CORE_PREFIXES) or table.name in _ELSEWHERE:
            continue
        for column in table.c:
            if isinstance(column.type, String) and not isinstance(column.type, Text):
                number = session.scalar(select(func.count()).select_from(table).where(or_(
                    column == PLUGIN, column.like(f"{PLUGIN}.%"), column.like(f"%:{PLUGIN}.%"),
                )))
                if number:
                    found[f"{table.name}.{column.name}"] = number
    return found


@SQLITE
def test_a_plugin_in_force_is_not_touched(app):
    with app.app_context():
        done = _run(app, PLUGIN, "--delete")
        assert done.exit_code == 1
        assert "Switch it off first" in done.output
        assert inspect(db.engine).has_table("callbacks_task")


@SQLITE
def test_an_unknown_name_is_told(app):
    done = _run(app, "nothing_of_the_kind", "--delete")
    assert (done.exit_code, "no data of a plugin" in done.output) == (1, True)


@SQLITE
@pytest.mark.parametrize("name", ["people", "core", "records", "ab"])
def test_the_core_is_no_plugin(app, name):
    assert _run(app, name, "--delete").exit_code == 1
    with app.app_context():
        assert inspect(db.engine).has_table("people_staff")


@SQLITE
def test_without_the_option_it_only_counts(without):
    tasks = db.session.scalar(db.text("SELECT count(*) FROM callbacks_task"))
    done = _run(without, PLUGIN)
    assert done.exit_code == 0
    assert tasks > 50
    [line] = [line for line in done.output.splitlines() if line.startswith("callbacks_task ")]
    assert line.split()[1] == str(tasks)
    assert "Nothing was changed" in done.output
    assert db.session.scalar(db.text("SELECT count(*) FROM callbacks_task")) == tasks


@SQLITE
def test_it_goes_with_everything_that_the_core_keeps_for_it(without):
    before = _named(db.session)
    others = db.session.scalar(db.text(
        "SELECT count(*) FROM records_search WHERE record_type LIKE 'complaints.%'"))
    contacts = db.session.scalar(select(func.count()).select_from(Contact))
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    assert {"workflow_definition.name", "jobs_outbox.record_key", "screens_saved_view.list_name",
            "screens_preference.name", "records_search.record_type"} <= set(before)

    done = _run(without, PLUGIN, "--delete")

    assert done.exit_code == 0, done.output
    db.session.rollback()
    assert [name for name in inspect(db.engine).get_table_names()
            if name.startswith("callbacks_")] == []
    # Its folder is still there: it stays switched off.
    assert _named(db.session) == {"host_plugin.name": 1}
    assert db.session.get(PluginState, PLUGIN).enabled is False
    # Of others nothing goes; contacts count for the rules of contact whoever made them.
    assert db.session.scalar(db.text(
        "SELECT count(*) FROM records_search WHERE record_type LIKE 'complaints.%'")) == others
    assert db.session.scalar(select(func.count()).select_from(Contact)) == contacts
    assert db.session.scalar(
        select(func.count()).select_from(Contact)
        .where(Contact.record_type.like("callbacks.%"))) == 0
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries + 1
    last = db.session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    assert (last.action, last.number) == ("plugin_data_deleted", PLUGIN)


@SQLITE
def test_what_is_left_without_a_folder_is_named(app, monkeypatch):
    with app.app_context():
        host = current_host()
        with write(db.session):
            # As after a deployment; the database of a test is made without migrations.
            db.session.execute(db.text(f"CREATE TABLE {PLUGIN}_alembic_version (version_num TEXT)"))
        assert left_behind(db.engine, host) == []
        monkeypatch.delitem(host.manifests, PLUGIN)
        assert left_behind(db.engine, host) == [PLUGIN]
        listed = app.test_cli_runner().invoke(args=["plugin", "list"])
        assert f"flask plugin purge {PLUGIN}" in listed.output


@POSTGRESQL
def test_postgresql_lets_its_tables_go(without):
    assert _run(without, PLUGIN, "--delete").exit_code == 0
    assert [name for name in inspect(db.engine).get_table_names()
            if name.startswith("callbacks_")] == []
    assert _named(db.session) == {"host_plugin.name": 1}


@SQLITE
def test_a_plugin_whose_name_is_longer_keeps_its_tables(without):
    with write(db.session):
        for table in ("callbacks_more_alembic_version", "callbacks_more_thing"):
            db.session.execute(db.text(f"CREATE TABLE {table} (id INTEGER)"))
    assert _run(without, PLUGIN, "--delete").exit_code == 0
    assert sorted(name for name in inspect(db.engine).get_table_names()
                  if name.startswith("callbacks_")) == [
        "callbacks_more_alembic_version", "callbacks_more_thing"]
