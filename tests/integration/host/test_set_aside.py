"""A plugin that fails after it was loaded is set aside as a whole, and the others are deployed."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from app import create_app
from app.access.services import role_permissions
from app.database import db
from app.host.contributions import DictionaryList
from app.host.host import current_host
from app.screens.registry import registry
from tests.conformance.installing import settings_for
from tests.integration.host.written_plugins import (
    API,
    SECOND_SCREEN,
    SHIPPED,
    TABLE,
    write,
)

STAGES = {
    "page_fails": "screens",
    "needs_page": "requirement",
    "page_exits": "screens",
    "bad_address": "screens",
    "api_as_page": "screens",
    "bad_grant": "grant",
    "half_moved": "database",
    "exits_moving": "database",
    "no_column": "database",
    "needs_column": "requirement",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Settings of an installation with plugins that fail late, and two that do not."""
    root = tmp_path_factory.mktemp("late")
    folder = root / "late_plugins"
    write(folder, "sound", code=TABLE.replace("{column}", "pass"), migration="pass")
    write(folder, "unshipped", code=SHIPPED)
    write(folder, "page_fails", code=SECOND_SCREEN,
          more=', Screen(view=page_failsSecondView, label="Second")')
    write(folder, "needs_page", requires="page_fails")
    write(folder, "page_exits", more=', Screen(view=page_exitsSecondView, label="Second")',
          code=SECOND_SCREEN.replace('RuntimeError("on purpose")', "SystemExit(3)"))
    write(folder, "bad_address", extra='route_base = "/bad_address/<nothing:of>"')
    write(folder, "api_as_page", code=API, more=", Screen(view=api_as_pageApi)")
    write(folder, "bad_grant", grant="can_fly")
    write(folder, "half_moved", code=TABLE.replace("{column}", "pass"),
          migration='raise RuntimeError("half way")')
    write(folder, "exits_moving", code=TABLE.replace("{column}", "pass"),
          migration="raise SystemExit(4)")
    write(folder, "no_column", migration="pass",
          code=TABLE.replace("{column}", "colour: Mapped[str] = mapped_column(String(9))"))
    write(folder, "needs_column", requires="no_column")
    return settings_for(root / "var", f"sqlite:///{root / 'late.sqlite'}", folder)


@pytest.fixture(scope="module")
def deployment(settings):
    """The outcome of a first deployment."""
    return create_app(settings).test_cli_runner().invoke(args=["deploy"])


@pytest.fixture(scope="module")
def app(settings, deployment) -> Flask:
    """The application as its processes start after the deployment."""
    return create_app(settings)


@pytest.mark.parametrize(("name", "stage"), STAGES.items())
def test_each_is_set_aside_with_its_reason(app, name, stage):
    with app.app_context():
        faults = {fault.plugin: fault for fault in current_host().faults}
        assert faults[name].stage == stage
    assert set(faults) == set(STAGES)


def test_nothing_of_one_that_is_set_aside_is_left(app):
    names = sorted(STAGES)

    def left(texts) -> list[str]:
        return sorted({name for name in names for text in texts if name in str(text).lower()})

    with app.app_context():
        assert left(app.url_map.iter_rules()) == []
        assert left([*app.blueprints, *app.view_functions]) == []
        assert left([*app.appbuilder.menu.entries, *app.appbuilder.menu.categories]) == []
        assert left(type(view).__name__ for view in app.appbuilder.baseviews) == []
        assert left(card.name for card in registry().cards) == []
        assert left(plugin.name for plugin in current_host().loaded) == []


def test_the_others_are_there(app):
    with app.app_context():
        assert [plugin.name for plugin in current_host().loaded] == ["core", "sound", "unshipped"]
        assert {"soundView", "unshippedView"} <= set(app.blueprints)
        assert app.test_client().get("/sound/").status_code == 302
        assert app.test_client().get("/no_column/").status_code == 404


def test_the_deployment_goes_on_and_names_each(app, deployment):
    assert deployment.exit_code == 1
    lines = deployment.stderr.splitlines()
    for name, stage in {
        **STAGES, "half_moved": "migration", "exits_moving": "migration", "unshipped": "publish",
    }.items():
        assert [line for line in lines if line.startswith(f"{name}: {stage}: ")], name
    assert "Migrated: core, no_column, sound." in deployment.stdout
    assert "are published" in deployment.stdout
    with app.app_context():
        assert ("can_list", "sound.Page") in role_permissions(db.session)["agent"]
        assert inspect(db.engine).has_table("sound_thing")
        # What the failed migration had made was taken back.
        assert not inspect(db.engine).has_table("half_moved_thing")
        assert db.session.scalar(select(db.text("1"))) == 1


@pytest.mark.parametrize(("name", "said"), [
    ("page_fails", "on purpose (plugin.py, line 20)"),
    ("bad_grant", "can_fly on bad_grant.Page to the role agent"),
    ("no_column", "no_column_thing.colour"),
    ("api_as_page", "api_as_pageApi'> is no page: a REST API belongs into register_apis"),
    ("half_moved", "half_moved_thing"),
])
def test_the_doctor_names_the_place(app, name, said):
    done = app.test_cli_runner().invoke(args=["plugin", "doctor"])
    assert done.exit_code == 1
    [line] = [line for line in done.stdout.splitlines() if line.startswith(f"{name}: ")]
    assert said in line


def test_the_failed_migration_is_told_with_file_and_line(deployment):
    [line] = [line for line in deployment.stderr.splitlines() if line.startswith("half_moved: ")]
    assert "half way (migrations/half_moved_0001_first.py, line 15)" in line


def test_a_plugin_comes_back_when_its_database_has_caught_up(settings, app):
    file = settings.plugins_dir / "no_column" / "migrations" / "no_column_0002_colour.py"
    file.write_text(
        (file.parent / "no_column_0001_first.py").read_text()
        .replace('revision = "no_column_0001"', 'revision = "no_column_0002"')
        .replace("down_revision = None", 'down_revision = "no_column_0001"')
        .replace('op.create_table("no_column_thing", sa.Column("code", sa.String(40), '
                 "primary_key=True))",
                 'op.add_column("no_column_thing", sa.Column("colour", sa.String(9)))')
    )
    try:
        runner = app.test_cli_runner()
        assert "Migrated: no_column." in runner.invoke(args=["deploy"]).stdout
        again = create_app(settings)
        with again.app_context():
            active = {plugin.name for plugin in current_host().loaded}
            assert {"no_column", "needs_column"} <= active
            assert again.test_client().get("/no_column/").status_code == 302
    finally:
        file.unlink()


def test_operations_and_look_ups_forget_what_was_set_aside(app):
    with app.app_context():
        host = create_app(app.config["CARELINE_SETTINGS"]).extensions["careline.host"]
        sound = next(plugin for plugin in host.loaded if plugin.name == "sound")

        class Colours:
            """Stands in for a mapped class."""

            __dictionary__ = "sound.colour"

        sound.contributions["register_dictionaries"] = [
            DictionaryList(model=Colours, title="Colours", view="sound.Page")
        ]
        host.forget_indexes()
        assert host.dictionary("sound.colour").model is Colours
        from app.host.faults import PluginFault

        host.quarantine(PluginFault("sound", "screens", "Gone."))
        assert host.dictionary("sound.colour") is None
