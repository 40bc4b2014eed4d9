"""Who may import whom: floors, pure modules, plugins."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from config import ROOT
from tests.architecture.sources import files, imports, is_within, module_of, name_of, tree

HEAVY = ("flask", "flask_appbuilder", "flask_babel", "flask_sqlalchemy", "sqlalchemy", "wtforms")
# Rules of the trade: they must stay usable and testable without web and database.
MUST_BE_PURE = {
    "app.deadlines.calendars",
    "app.deadlines.clocks",
    "app.deadlines.policies",
    "app.forms.cleaning",
    "app.forms.definition",
    "app.jobs.kinds",
    "app.records.importing.checking",
    "app.records.importing.fields",
    "app.records.importing.tables",
    "app.workflow.definition",
    "app.workflow.drawing",
    "app.workflow.engine",
}
# Tests stand above everything; migrations are written by a tool, with the column types spelled out.
NOT_BOUND = {"tests", "migrations"}


def _plugins() -> list[Path]:
    return sorted(path.parent for path in (ROOT / "plugins").glob("*/plugin.toml"))


def test_floors() -> None:
    """The contracts stand in pyproject.toml."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def _is_called_pure(path: Path) -> bool:
    first = tree(path).body[0]
    text = getattr(getattr(first, "value", None), "value", "")
    return isinstance(text, str) and re.search(r"\bPure\b", text) is not None


def test_pure_modules_stay_pure() -> None:
    """What calls itself pure reaches neither web nor database, however indirectly."""
    graph = grimp.build_graph(
        "app", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    pure = {module_of(path) for path in files("*.py", under=("app",)) if _is_called_pure(path)}
    assert pure >= MUST_BE_PURE, "these must say in their docstring that they are pure"
    heavy = [name for name in HEAVY if name in graph.modules]
    assert {"flask", "sqlalchemy"} <= set(heavy)
    found = [
        " -> ".join(chain)
        for module in sorted(pure)
        for name in heavy
        if (chain := graph.find_shortest_chain(importer=module, imported=name))
    ]
    assert found == []


def test_no_request_is_made_up_outside_of_tests() -> None:
    """A job has no request: what it calls gets session, actor and language."""
    found = [
        name_of(path) for path in files("*.py", under=("app", "plugins"))
        if "tests" not in path.parts and not is_within(module_of(path), "app.testing")
        and "test_request_context" in path.read_text(encoding="utf-8")
    ]
    assert found == []


@pytest.mark.parametrize("plugin", _plugins(), ids=lambda path: path.name)
def test_plugins_import_the_sdk_only(plugin: Path) -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in files("*.py", under=(f"plugins/{plugin.name}",))
        if is_within(module_of(path), f"plugins.{plugin.name}")
        and not NOT_BOUND & set(path.relative_to(plugin).parts)
        for module in sorted(imports(path))
        if is_within(module, "app") and module != "app" and not is_within(module, "app.sdk")
    ]
    assert wrong == []


@pytest.mark.parametrize("plugin", _plugins(), ids=lambda path: path.name)
def test_plugins_do_not_import_each_other(plugin: Path) -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in files("*.py", under=(f"plugins/{plugin.name}",))
        for module in sorted(imports(path))
        if is_within(module, "plugins")
        and module != "plugins"
        and not is_within(module, f"plugins.{plugin.name}")
    ]
    assert wrong == []


def test_a_folder_is_not_named_twice() -> None:
    """``import app.x`` and ``plugins.x`` both work because no installed package is called so."""
    for name in ("app", "plugins", "config"):
        shadow = [Path(folder, name) for folder in sys.path if "site-packages" in folder]
        assert not [path for path in shadow if path.exists()]
