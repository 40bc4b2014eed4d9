"""Screens are made when somebody opens them; what is wrong with one is found at the start."""

from __future__ import annotations

import os

import pytest

from app import create_app
from app.host.contents import code_hash
from app.screens.builder import PreparedView
from tests.conformance.installing import settings_for
from tests.integration.host.written_plugins import write

SCREEN = '''

from app.sdk.screens import RecordInterface, RecordView


class {name}Thing(Base):
    """A table."""

    __tablename__ = "{name}_thing"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)


class {name}ThingView(RecordView):
    """The screen of the table."""

    datamodel = RecordInterface({name}Thing)
    route_base = "/{name}/things"
    class_permission_name = "{name}.Thing"
    list_columns = ["code"]
'''
MORE = ', Screen(view={name}ThingView, label="Things")'


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Settings of an installation with one plugin that has a screen of a table."""
    root = tmp_path_factory.mktemp("full_checks")
    folder = root / "checked_plugins"
    write(folder, "stage", code=SCREEN, more=MORE.format(name="stage"))
    return settings_for(root / "var", f"sqlite:///{root / 'r.sqlite'}", folder)


def start(settings, monkeypatch):
    """Start; return which views were made in full, and the stages of faults by plugin."""
    made = []
    make_in_full = PreparedView.make_in_full
    with monkeypatch.context() as patch:
        patch.setattr(PreparedView, "make_in_full", lambda view, builder: (
            made.append(type(view.view).__name__), make_in_full(view, builder)))
        app = create_app(settings)
    host = app.extensions["careline.host"]
    return app, made, {fault.plugin: fault for fault in host.faults}


def test_screens_are_made_in_full_once_for_each_state_of_the_files(settings, monkeypatch):
    _, made, faults = start(settings, monkeypatch)
    assert faults == {}
    assert made == ["stageView", "stageThingView"]
    again, made, faults = start(settings, monkeypatch)
    assert (made, faults) == ([], {})
    [screen] = [one.screen for one in again.appbuilder.baseviews
                if type(one).__name__ == "stageThingView"]
    assert not {"columns", "parts", "declared"} & vars(screen).keys()
    assert "code" in screen.columns


def test_a_column_that_does_not_exist_sets_the_plugin_aside_and_is_found_each_time(
    settings, monkeypatch,
):
    write(settings.plugins_dir, "typing", code=SCREEN.replace('["code"]', '["cod"]'),
          more=MORE.format(name="typing"))
    for _ in range(2):
        _, made, faults = start(settings, monkeypatch)
        assert made == ["typingView", "typingThingView"]
        assert faults["typing"].stage == "screens"
        assert "typingThingView: typingThing has no column 'cod'" in faults["typing"].message
    assert list((settings.var_dir / "preflight").glob("typing-*.checked")) == []


def test_a_change_of_the_product_counts_as_a_change_of_every_plugin(tmp_path):
    (tmp_path / "part").mkdir()
    module = tmp_path / "part" / "module.py"
    module.write_text("a = 1")
    before = code_hash(tmp_path)
    assert code_hash(tmp_path) == before
    (tmp_path / "part" / "picture.svg").write_text("<svg/>")
    assert code_hash(tmp_path) == before
    os.utime(module, (1, 1))
    assert code_hash(tmp_path) != before


def test_every_screen_of_the_product_can_be_made(app):
    with app.app_context():
        made = [PreparedView(view).make_in_full(app.appbuilder)
                for view in app.appbuilder.baseviews]
    assert len(made) > 50
