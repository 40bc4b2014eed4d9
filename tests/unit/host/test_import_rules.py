"""What files of a plugin may import."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.host.import_rules import forbidden_import
from app.host.manifest import Manifest


def manifest(path: Path, module: str = "plugins.visits") -> Manifest:
    return Manifest(name="visits", title={}, version="1", api="", table_prefix="visits_",
                    module=module, path=path)


@pytest.mark.parametrize(("line", "module"), [
    ("from app.access.scope import scope_filter", "app.access.scope.scope_filter"),
    ("import app.database", "app.database"),
    ("import app", "app"),
    ("from app import database", "app.database"),
    ("from app.sdkx import anything", "app.sdkx.anything"),
    ("import sqlalchemy, app.errors as e", "app.errors"),
    ("from plugins.complaints.models import Complaint", "plugins.complaints.models.Complaint"),
    ("from plugins import complaints", "plugins.complaints"),
    ("from ..complaints import models", "plugins.complaints.models"),
    ("from .. import complaints", "plugins.complaints"),
    ("import installed.models", "installed.models"),
    ("def later():\n    from app.records import saving", "app.records.saving"),
])
def test_what_is_forbidden_is_named_with_its_place(tmp_path, line, module):
    (tmp_path / "services.py").write_text(f"import os\n{line}\n")
    found = forbidden_import(manifest(tmp_path), ["plugins.complaints", "installed"])
    assert found.params["module"] == module
    assert str(found).startswith(f"services.py, line {2 + line.count(chr(10))} imports {module}; ")


@pytest.mark.parametrize("line", [
    "from app.sdk import hookimpl", "from app import sdk", "import app.sdk.models",
    "from app.testing import plugin_fixtures", "from plugins.visits.models import Visit",
    "from . import models", "from .models import Visit", "import plugins", "import applied.things",
    "from installedx import anything", "this is no python",
])
def test_the_rest_is_free(tmp_path, line):
    (tmp_path / "services.py").write_text(line)
    assert forbidden_import(manifest(tmp_path), ["plugins.complaints", "installed"]) is None


@pytest.mark.parametrize("folder", ["tests", "migrations"])
def test_tests_and_migrations_are_free(tmp_path, folder):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "one.py").write_text("import app.database\n")
    assert forbidden_import(manifest(tmp_path)) is None


def test_a_module_in_a_folder_imports_relative_to_it(tmp_path):
    (tmp_path / "parts").mkdir()
    file = tmp_path / "parts" / "one.py"
    file.write_text("from ..models import Visit\nfrom ...complaints import models\n")
    found = forbidden_import(manifest(tmp_path))
    assert str(found).startswith("parts/one.py, line 2 imports plugins.complaints.models; ")


def test_a_plugin_that_was_installed_has_no_siblings(tmp_path):
    (tmp_path / "one.py").write_text("import requests\nfrom installed.models import Thing\n")
    assert forbidden_import(manifest(tmp_path, "installed")) is None
