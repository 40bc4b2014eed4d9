"""A plugin broken at any stage is set aside with a reason, and everything else goes on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from babel.support import Translations

from app.host.host import Host
from config import ROOT

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
    "hook_raises": "hook",
    "hook_returns_text": "hook",
    "wrong_prefix": "check",
    # The table name is refused while the class is made, hence at import.
    "duplicate_table": "import",
    "same_prefix": "check",
    "broken_mapper": "mapper",
    "wrong_permission": "check",
}


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> Host:
    sys.path.insert(0, str(FOLDER.parent))
    try:
        return Host.start(
            FOLDER, core=[], core_models="app.models",
            cache=tmp_path_factory.mktemp("verdicts"), root=ROOT, package="plugins_broken",
        )
    finally:
        sys.path.remove(str(FOLDER.parent))


def test_every_broken_plugin_has_its_own_test_case():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == set(STAGES) | {"well", "needs_well"}


@pytest.mark.parametrize(("name", "stage"), STAGES.items())
def test_broken_plugin_is_set_aside_with_a_reason(host, name, stage):
    problems = [problem for problem in host.problems if problem.plugin == name]
    assert [problem.stage for problem in problems] == [stage]
    assert problems[0].text.endswith(".")
    assert problems[0].message.endswith(problems[0].detail)


def test_every_reason_can_be_told_in_chinese(host):
    catalogue = Translations.load(ROOT / "app" / "translations", ["zh"])
    for problem in host.problems:
        chinese = catalogue.gettext(problem.text)
        assert chinese != problem.text, problem
        assert chinese % problem.values, problem
    told = {problem.plugin: problem for problem in host.problems}
    assert told["broken_mapper"].detail
    assert not told["wrong_permission"].detail


def test_the_others_are_in_force_in_order(host):
    assert [plugin.name for plugin in host.loaded] == ["well", "needs_well"]


def test_a_broken_mapper_never_reaches_this_process(host):
    assert "plugins_broken.broken_mapper.models" not in sys.modules
    from sqlalchemy.orm import configure_mappers

    configure_mappers()


def test_verdicts_are_kept_and_follow_the_content(host, tmp_path, monkeypatch):
    import shutil

    from app.host import preflight as module
    from app.host.manifest import read_manifest

    package = tmp_path / "plugins_copy"
    package.mkdir()
    (package / "__init__.py").write_text('"""Copies."""\n')
    shutil.copytree(FOLDER / "needs_well", package / "needs_well")
    manifest_file = package / "needs_well" / "plugin.toml"
    manifest_file.write_text(manifest_file.read_text().replace('requires = ["well"]\n', ""))
    monkeypatch.syspath_prepend(str(tmp_path))
    runs: list[str] = []
    run = module._run
    monkeypatch.setattr(
        module, "_run", lambda chain, *rest: runs.append(chain[-1].name) or run(chain, *rest)
    )

    def once() -> list[str]:
        manifest = read_manifest(package / "needs_well", "plugins_copy.needs_well")
        passed, problems = module.preflight([manifest], tmp_path / "kept", "app.models", ROOT)
        return [m.name for m in passed] + [p.stage for p in problems]

    assert once() == ["needs_well"]
    assert once() == ["needs_well"]
    assert len(runs) == 1
    (package / "needs_well" / "plugin.py").write_text("raise RuntimeError\n")
    assert once() == ["import"]
    assert len(runs) == 2


def test_a_plugin_that_is_switched_off_takes_those_that_need_it_along(tmp_path):
    sys.path.insert(0, str(FOLDER.parent))
    try:
        host = Host.start(
            FOLDER, core=[], core_models="app.models", cache=tmp_path, root=ROOT,
            package="plugins_broken", disabled=frozenset({"well"}),
        )
    finally:
        sys.path.remove(str(FOLDER.parent))
    stages = {p.plugin: p.stage for p in host.problems}
    assert stages["well"] == "disabled"
    assert stages["needs_well"] == "requirement"
    assert {line.name: line.state for line in host.status()}["well"] == "disabled"


def test_folder_without_plugins_is_fine(tmp_path):
    host = Host.start(Path(tmp_path / "none"), core=[], core_models="app.models",
                      cache=tmp_path, root=ROOT)
    assert host.loaded == [] and host.problems == []
