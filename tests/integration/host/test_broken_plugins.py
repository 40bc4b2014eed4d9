"""A plugin broken at any stage is set aside with a reason, and everything else goes on."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.support import Translations

from app.host import preflight
from app.host.contents import Contents
from app.host.host import Host
from app.host.manifest import read_manifest
from app.workflow.plugin_check import workflow_fault
from config import ROOT
from tests.integration.host.trials import Trials

FOLDER = ROOT / "tests" / "broken_plugins" / "plugins_broken"

STAGES = {
    "bad_manifest": "manifest",
    "no_manifest": "manifest",
    "other_name": "manifest",
    "too_new": "compatibility",
    "missing_requirement": "requirement",
    "circle_a": "requirement",
    "circle_b": "requirement",
    "import_fails": "import",
    "import_exits": "import",
    "needs_failed": "requirement",
    "unknown_hook": "hook",
    "unmarked_hook": "hook",
    "wrapper_hook": "hook",
    "wrong_arguments": "hook",
    "old_shape": "compatibility",
    "imports_core": "check",
    "imports_plugin": "check",
    "wrong_contribution": "check",
    "wrong_record_type": "check",
    "unnamed_record_type": "check",
    "wrong_operations": "check",
    "broken_workflow": "workflow",
    "hook_raises": "hook",
    "hook_returns_text": "hook",
    "wrong_prefix": "check",
    # The table name is refused while the class is made, hence at import.
    "duplicate_table": "import",
    "same_prefix": "check",
    "broken_mapper": "mapper",
    "wrong_class_name": "mapper",
    "wrong_permission": "check",
}


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    """A process that has imported the core and tries plugins in forks of its own."""
    trials = Trials()
    yield trials
    trials.end()


@pytest.fixture
def forks(trials, monkeypatch) -> None:
    """Let the preflight try plugins in forks."""
    monkeypatch.setattr(preflight, "_process", trials.run)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory) -> Path:
    """Folder of the verdicts: the second start with the same plugins tries none again."""
    return tmp_path_factory.mktemp("verdicts")


@pytest.fixture(scope="module")
def host(verdicts, trials) -> Host:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER.parent))
        patch.setattr(preflight, "_process", trials.run)
        return Host.start(
            FOLDER, core=[], core_models="app.models",
            cache=verdicts, root=ROOT, package="plugins_broken",
            checks=(workflow_fault,),
        )


def test_every_broken_plugin_has_its_own_test_case():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == set(STAGES) | {"well", "needs_well"}


@pytest.mark.parametrize(("name", "stage"), STAGES.items())
def test_broken_plugin_is_set_aside_with_a_reason(host, name, stage):
    faults = [fault for fault in host.faults if fault.plugin == name]
    assert [fault.stage for fault in faults] == [stage]
    assert faults[0].text.endswith(".")
    assert faults[0].message.endswith(faults[0].detail)


# What a message has to name, so that its author finds the place.
PLACES = {
    "import_fails": ("plugin.py, line 3",),
    "hook_raises": ("register_screens", "plugin.py, line 11"),
    "hook_returns_text": ("register_screens",),
    "unknown_hook": ("register_modells", "register_models"),
    "unmarked_hook": ("register_models", "@hookimpl"),
    "wrapper_hook": ("check_transition",),
    "wrong_arguments": ("ticket",),
    "old_shape": ("2.0", "app.sdk.records", "create_record"),
    "imports_core": ("services.py, line 5", "app.access.scope"),
    "imports_plugin": ("plugin.py, line 7", "plugins_broken.well.models"),
    "wrong_contribution": ("register_screens", "Screen", "Bare"),
    "wrong_record_type": ("register_record_types", "RecordType", "wrong_record_type.thing"),
    "unnamed_record_type": ("Thing", "__record_type__"),
    "wrong_operations": ("no table of Thing", "plugin.py, line 18"),
    "wrong_class_name": ("WellThing", "a class of well"),
    "broken_workflow": ("broken_workflow.thing", "take", "in_progres"),
}


@pytest.mark.parametrize(("name", "places"), PLACES.items())
def test_the_message_names_the_place(host, name, places):
    [message] = [fault.message for fault in host.faults if fault.plugin == name]
    assert [place for place in places if place not in message] == [], message


def test_every_reason_can_be_told_in_chinese(host):
    catalogue = Translations.load(ROOT / "app" / "translations", ["zh"])
    for fault in host.faults:
        chinese = catalogue.gettext(fault.text)
        assert chinese != fault.text, fault
        assert chinese % fault.values, fault
    told = {fault.plugin: fault for fault in host.faults}
    assert told["broken_mapper"].detail
    assert not told["wrong_permission"].detail


def test_the_others_are_in_force_in_order(host):
    assert [plugin.name for plugin in host.loaded] == ["well", "needs_well"]


def test_a_broken_mapper_never_reaches_this_process(host):
    assert "plugins_broken.broken_mapper.models" not in sys.modules
    assert "plugins_broken.wrong_class_name.models" not in sys.modules
    from sqlalchemy.orm import configure_mappers

    configure_mappers()


class Copies:
    """A folder with copies of ``needs_well`` that require nothing, and how often it was tried."""

    def __init__(self, folder: Path, names: list[str], monkeypatch) -> None:
        self.folder, self.names = folder / "plugins_copy", names
        self.cache = folder / "verdicts"
        for name in names:
            shutil.copytree(FOLDER / "needs_well", self.folder / name)
            file = self.folder / name / "plugin.toml"
            text = file.read_text().replace('requires = ["well"]\n', "")
            file.write_text(text.replace("needs_well", name))
        monkeypatch.syspath_prepend(str(folder))
        self.runs: list[list[str]] = []
        run = preflight._run
        monkeypatch.setattr(preflight, "_run", lambda chain, *rest: (
            self.runs.append([one.name for one in chain]) or run(chain, *rest)
        ))

    def once(self) -> list[str]:
        """Return the names of those that pass and the stages where the others fail."""
        manifests = [read_manifest(self.folder / name, f"plugins_copy.{name}")
                     for name in self.names]
        passed, faults = preflight.preflight(Contents(manifests), self.cache, "app.models", ROOT)
        return [one.name for one in passed] + [one.stage for one in faults]

    def spoil(self, name: str, code: str) -> None:
        """Write other code into a plugin."""
        (self.folder / name / "plugin.py").write_text(code)


def test_verdicts_are_kept_and_follow_the_content(tmp_path, monkeypatch):
    copies = Copies(tmp_path, ["needs_well"], monkeypatch)
    assert copies.once() == copies.once() == ["needs_well"]
    assert len(copies.runs) == 1
    copies.spoil("needs_well", "raise RuntimeError\n")
    assert copies.once() == ["import"]
    assert len(copies.runs) == 2


def test_plugins_that_are_well_are_tried_in_one_process(tmp_path, monkeypatch, forks):
    copies = Copies(tmp_path, ["one", "two", "three"], monkeypatch)
    assert copies.once() == copies.once() == ["one", "two", "three"]
    assert copies.runs == [["one", "two", "three"]]


def test_one_that_fails_is_tried_alone_and_the_others_together(tmp_path, monkeypatch, forks):
    copies = Copies(tmp_path, ["one", "two", "three"], monkeypatch)
    copies.spoil("two", "raise RuntimeError\n")
    assert copies.once() == ["one", "three", "import"]
    assert copies.runs == [["one", "two", "three"], ["one", "three"], ["two"]]


def test_one_that_ends_the_process_is_found_by_halves(tmp_path, monkeypatch, forks):
    copies = Copies(tmp_path, ["one", "two", "three", "four"], monkeypatch)
    copies.spoil("four", "import os\nos._exit(3)\n")
    assert copies.once() == ["one", "two", "three", "import"]
    assert copies.runs == [["one", "two", "three", "four"], ["one", "two"], ["three", "four"],
                           ["three"], ["four"]]


def test_a_plugin_that_is_switched_off_takes_those_that_need_it_along(host, verdicts):
    sys.path.insert(0, str(FOLDER.parent))
    try:
        without = Host.start(
            FOLDER, core=[], core_models="app.models", cache=verdicts, root=ROOT,
            # With only the one off, the other class of its name would come into this process.
            package="plugins_broken", disabled=frozenset({"well", "wrong_class_name"}),
        )
    finally:
        sys.path.remove(str(FOLDER.parent))
    stages = {p.plugin: p.stage for p in without.faults}
    assert stages["well"] == "disabled"
    assert stages["needs_well"] == "requirement"
    assert {line.name: line.state for line in without.status()}["well"] == "disabled"
    assert "plugins_broken.wrong_class_name.models" not in sys.modules


def test_folder_without_plugins_is_fine(tmp_path):
    host = Host.start(Path(tmp_path / "none"), core=[], core_models="app.models",
                      cache=tmp_path, root=ROOT)
    assert host.loaded == [] and host.faults == []
