"""What every plugin in the folder has to keep, checked for each of them."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select

from app.access.services import ROLES
from app.database import db, engine_options, metadata
from app.forms.build import ENDPOINTS as PICK_ENDPOINTS
from app.host import migrations
from app.host.contract import API_VERSION
from app.host.host import current_host
from app.host.manifest import Manifest, read_manifest
from config import ROOT
from scripts import translations
from tests.conformance.installing import EXAMPLE, REAL, settings_for

FOLDERS = [path.parent for folder in (REAL, EXAMPLE)
           for path in sorted(folder.glob("*/plugin.toml"))]
REAL_ONES = [folder.name for folder in FOLDERS if folder.parent == REAL]
each_plugin = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
each_real_plugin = pytest.mark.parametrize("name", REAL_ONES)
ADMIN = "admin"


def manifest_of(folder: Path) -> Manifest:
    return read_manifest(folder, f"plugins.{folder.name}")


@pytest.fixture(scope="module")
def people_of() -> dict[str, str]:
    """Titles of the ready-made roles by name."""
    return {role.name: role.title for role in ROLES}


def loaded(house, name):
    with house.app.app_context():
        return next(plugin for plugin in current_host().loaded if plugin.name == name)


@each_plugin
def test_the_manifest_is_complete(folder):
    manifest = manifest_of(folder)
    assert manifest.is_compatible, API_VERSION
    assert manifest.description.keys() >= {"zh", "en"}
    assert manifest.table_prefix == f"{manifest.name}_"


@each_plugin
def test_it_has_migrations_translations_and_hooks_only_in_plugin_py(folder):
    for part in ("plugin.py", "models.py", "migrations", "translations/zh/LC_MESSAGES/messages.po"):
        assert (folder / part).exists(), part


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_two_kinds_of_record_share_the_prefix_of_their_numbers(house):
    """A number that somebody names leads to one record."""
    kinds = [kind.model for kind in current_host().record_types()]
    prefixes = Counter(model.__number_prefix__ for model in kinds)
    assert len(kinds) > 50
    assert {name for name, times in prefixes.items() if times > 1} == set()


@each_plugin
@pytest.mark.both_databases
def test_migrations_make_what_the_models_say(folder, empty_database_url, tmp_path):
    manifest = manifest_of(folder)
    importlib.import_module(f"{manifest.module}.models")
    settings = settings_for(tmp_path, empty_database_url, folder.parent)
    engine = create_engine(empty_database_url, **engine_options(settings))
    try:
        assert migrations.upgrade(engine, ROOT, [manifest]) == ["core", manifest.name]
        assert migrations.differences(engine, manifest) == []
        made = {name for name in inspect(engine).get_table_names()
                if migrations.owns(name, manifest)}
    finally:
        engine.dispose()
    assert made == {name for name in metadata().tables if migrations.owns(name, manifest)}
    assert made


@each_plugin
def test_every_text_is_translated(folder):
    part, core = translations.Part(folder), translations.Part(ROOT / "app").texts()
    known = part.texts()
    missing = [
        message.id for message in part.extracted()
        if message.id and not (known.get(message.id) or core.get(message.id, message)).string
    ]
    assert missing == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@each_real_plugin
def test_tables_and_permissions_carry_its_name(house, name):
    plugin = loaded(house, name)
    tables = [model.__tablename__ for model in plugin.contributions["register_models"]]
    assert [table for table in tables if not table.startswith(plugin.manifest.table_prefix)] == []
    views = [screen.view.class_permission_name
             for screen in plugin.contributions["register_screens"]]
    views += [api.view.class_permission_name for api in plugin.contributions["register_apis"]]
    views += [item.view for item in plugin.contributions.get("register_permissions", [])]
    assert [view for view in views if not view.startswith(f"{name}.")] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@each_real_plugin
def test_somebody_beside_the_admin_can_open_every_screen(house, people_of, name):
    plugin = loaded(house, name)
    granted = {grant.view for grant in plugin.contributions["register_role_grants"]
               if grant.role != ADMIN and grant.role in people_of}
    screens = {screen.view.class_permission_name
               for screen in plugin.contributions["register_screens"]}
    apis = {api.view.class_permission_name for api in plugin.contributions["register_apis"]}
    assert screens | apis <= granted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@each_real_plugin
def test_every_screen_answers_an_admin(house, name):
    client = house.client(ADMIN)
    classes = {screen.view for screen in loaded(house, name).contributions["register_screens"]}
    views = [view for view in house.app.appbuilder.baseviews if type(view) in classes]
    assert len(views) == len(classes)
    for view in views:
        if not hasattr(view, "datamodel"):
            assert client.get(f"{view.route_base}/").status_code == 200, view
            continue
        assert client.get(f"{view.route_base}/list/").status_code == 200, view
        if "can_add" in view.base_permissions:
            assert client.get(f"{view.route_base}/add").status_code == 200, view
        row = db.session.scalar(select(view.datamodel.key).limit(1))
        if row is not None:
            assert client.get(f"{view.route_base}/show/{row}").status_code == 200, view


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@each_real_plugin
def test_every_field_of_a_step_finds_what_can_be_chosen(house, name):
    addresses = {
        endpoint.format(target=field.target)
        for binding in loaded(house, name).contributions["register_workflows"]
        for transition in binding.workflow.transitions if transition.form
        for field in transition.form.fields
        if (endpoint := PICK_ENDPOINTS.get(field.kind))
    }
    client = house.client("supervisor")
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
