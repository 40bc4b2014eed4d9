"""What a foreign exception says, on its way to a page and a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.host.discovery import ENTRY_POINT_GROUP, discover
from app.host.faults import first_line

MANIFEST = """
name = "{name}"
version = "1.0.0"
api = ">=3.0,<4"
table_prefix = "{name}_"

[title]
zh = "已安装"
en = "Installed"

[description]
zh = "来自发行包。"
en = "Comes from a distribution."
"""


def install(site: Path, name: str, module: str) -> None:
    """Put the metadata of a distribution there that names a plugin by entry point."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{name} = {module}\n")


def package(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "plugin.toml").write_text(MANIFEST.format(name=name))


def test_an_installed_distribution_brings_a_plugin_by_entry_point(tmp_path, monkeypatch):
    site = tmp_path / "site"
    package(site / "installed", "installed")
    install(site, "installed", "installed")
    monkeypatch.syspath_prepend(str(site))
    found = discover(tmp_path / "no plugins")
    [manifest] = found.manifests
    assert (manifest.name, manifest.module) == ("installed", "installed")
    assert found.faults == ()


def test_the_same_plugin_in_the_folder_and_installed_is_told(tmp_path, monkeypatch):
    site = tmp_path / "site"
    package(site / "twice", "twice")
    package(tmp_path / "plugins" / "twice", "twice")
    install(site, "twice", "twice")
    monkeypatch.syspath_prepend(str(site))
    found = discover(tmp_path / "plugins")
    assert [one.module for one in found.manifests] == ["plugins.twice"]
    [problem] = found.faults
    assert (problem.plugin, problem.stage) == ("twice", "manifest")


@pytest.mark.parametrize("module", ["gone", "gone.plugin", "raising_parent.plugin"])
def test_an_entry_point_that_leads_nowhere_stops_nothing(tmp_path, monkeypatch, module):
    site = tmp_path / "site"
    package(site / "whole", "whole")
    install(site, "whole", "whole")
    install(site, "lost", module)
    (site / "raising_parent").mkdir()
    (site / "raising_parent" / "__init__.py").write_text("raise RuntimeError('on purpose')\n")
    monkeypatch.syspath_prepend(str(site))
    found = discover(tmp_path / "no plugins")
    assert [one.name for one in found.manifests] == ["whole"]
    [problem] = found.faults
    assert (problem.plugin, problem.stage) == ("lost", "manifest")


@pytest.mark.parametrize(("value", "kept"), [
    ('["on_transition", "on_comment"]', ("on_transition", "on_comment")), ("[]", ()),
    ('["on_event"]', None), ('["register_cards"]', None), ('"on_transition"', None),
    ("[[1]]", None), ("true", None),
])
def test_a_manifest_names_hooks_of_the_core_that_are_caught_up(tmp_path, value, kept):
    folder = tmp_path / "late"
    package(folder, "late")
    file = folder / "plugin.toml"
    file.write_text(f"catch_up = {value}\n{file.read_text()}")
    found = discover(tmp_path)
    if kept is None:
        assert "catch_up must be a list" in found.faults[0].message
    else:
        assert found.manifests[0].catch_up == kept


class Speechless(Exception):
    """Cannot say what it is about."""

    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.mark.parametrize(("error", "detail"), [
    (RuntimeError("表不存在\nmore"), "RuntimeError: 表不存在"),
    (RuntimeError(), "RuntimeError: no message"),
    (RuntimeError("\ud800 \x00\x1b[31m \u202eend"),
     r"RuntimeError: \ud800 \x00\x1b[31m \u202eend"),
    (Speechless(), "Speechless: its own text fails with ValueError"),
    (RuntimeError("长" * 10_000), "RuntimeError: " + "长" * 500),
], ids=["chinese", "empty", "signs", "speechless", "long"])
def test_a_foreign_exception_is_told_as_far_as_it_can_be_shown(error, detail):
    """Half a character made the page fail on which the plugin is switched off."""
    assert first_line(error) == detail
    detail.encode()
