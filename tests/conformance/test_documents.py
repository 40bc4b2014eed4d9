"""The documents say what is: hooks, code of the tutorial, commands, settings, links."""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import re
from pathlib import Path

import click
import pytest

from app.cli import audit, database, demo, deploy, field_keys, jobs, metrics, permissions, plugins
from app.cli import settings as settings_command
from app.host.implementations import hook_names
from app.startup import OTHER_NAMES
from config import ROOT, Settings
from tests.conformance.installing import EXAMPLE, REAL

GUIDE = ROOT / "docs" / "plugin-authors.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = {
    command.name: command
    for command in (deploy.deploy, deploy.publish, database.upgrade, database.db_group,
                    permissions.permissions_group, plugins.plugin_group, demo.demo_group,
                    audit.audit_group, jobs.jobs_group, settings_command.settings_group,
                    field_keys.field_keys_group, metrics.metrics_group)
}
_COMMAND = re.compile(r"flask (?:--app app )?([a-z]+(?:-[a-z]+)*)(?: ([a-z]+))?")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_FILE = re.compile(r"^`plugins/visits/([\w./]+)`\n\n```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
HOOKS = ROOT / "docs" / "reference" / "hooks.md"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)


@pytest.mark.parametrize("name", sorted(hook_names()))
def test_every_hook_stands_in_the_reference_with_its_signature_and_an_example(name):
    """That the page is what the code says, ``tests/architecture/test_sdk_reference.py`` tests."""
    text = HOOKS.read_text(encoding="utf-8")
    [entry] = [part for part in re.split(r"^### ", text, flags=re.MULTILINE)
               if part.startswith(f"{name}\n")]
    assert f"```python\n{name}(" in entry
    assert f"@hookimpl\ndef {name}(" in entry


def test_the_guide_has_notes_on_hooks_that_there_are():
    parts = re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    [part] = [part for part in parts if part.startswith("Every hook\n")]
    noted = set(re.findall(r"^### (\w+_\w+)$", part, re.MULTILINE))
    assert noted
    assert noted <= hook_names()


def test_the_guide_names_nothing_from_behind_the_sdk():
    """What it recommends, a plugin may import, and it is there."""
    named = set(re.findall(r"`(app(?:\.\w+)+)`", GUIDE.read_text(encoding="utf-8")))
    wrong = []
    for path in sorted(named):
        module, _, name = path.rpartition(".")
        is_open = path.startswith(("app.sdk", "app.testing"))
        # Section "Versions of the contract" names what is gone.
        is_gone = path in {"app.sdk.core", "app.sdk.testing"}
        if not is_open or not (is_gone or importlib.util.find_spec(path)
                               if module in {"app", "app.sdk", "app.testing"}
                               else hasattr(importlib.import_module(module), name)):
            wrong.append(path)
    assert wrong == []


@pytest.mark.parametrize("name", sorted(hook_names()))
def test_every_hook_has_a_test_of_its_own(name):
    found = {
        node.name
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert f"test_hook_{name}" in found


def test_the_example_implements_every_hook():
    tree = ast.parse((EXAMPLE / "visits" / "plugin.py").read_text(encoding="utf-8"))
    assert hook_names() <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_code_of_the_tutorial_is_the_plugin_that_the_tests_run():
    blocks = dict(_FILE.findall(GUIDE.read_text(encoding="utf-8")))
    assert len(blocks) == 9
    for name, code in blocks.items():
        assert code == (EXAMPLE / "visits" / name).read_text(encoding="utf-8").rstrip(), name


@each_page
def test_links_lead_to_files(page):
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@each_page
def test_commands_exist(page):
    wrong = []
    for name, below in _COMMAND.findall(page.read_text(encoding="utf-8")):
        command = COMMANDS.get(name)
        # Flask-AppBuilder's own commands, and those of plugins.
        known = name == "fab" or any((folder / name).is_dir() for folder in (REAL, EXAMPLE))
        if command is None and not known:
            wrong.append(name)
        elif isinstance(command, click.Group) and below and below not in command.commands:
            wrong.append(f"{name} {below}")
    assert wrong == []


@each_page
def test_settings_exist(page):
    known = {field.metadata["env"] for field in dataclasses.fields(Settings)}
    known |= OTHER_NAMES
    named = set(re.findall(r"CARELINE_[A-Z_]+", page.read_text(encoding="utf-8")))
    assert named - known == set()
