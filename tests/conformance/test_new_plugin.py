"""``flask plugin new``: what it writes is a whole plugin at once, with every kind of field."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.scaffold.declaration import KINDS, DeclarationError, read_declaration
from app.cli.scaffold.writing import write_plugin
from config import ROOT

DECLARATION = Path(__file__).parent / "new" / "drives.toml"
SCREENS = Path(__file__).parent / "new" / "screens_of_drives.py"
TEXT = DECLARATION.read_text(encoding="utf-8")


def run(plugins: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("CARELINE_", "PYTEST_"))
    }
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False,
        env={
            **environment, "CARELINE_PLUGINS_DIR": str(plugins), "CARELINE_ENV": "development",
            "CARELINE_SECRET_KEY": "0123456789abcdefghij" * 3, "PYTHONPATH": str(plugins.parent),
            "CARELINE_VAR_DIR": str(plugins.parent / "var"),
            "CARELINE_DATABASE_URL": f"sqlite:///{plugins.parent / 'careline.sqlite'}",
        },
    )


@pytest.fixture(scope="module", params=["with steps", "without steps"])
def plugins(request, tmp_path_factory) -> Path:
    """A folder of plugins with one that was written a moment ago."""
    folder = tmp_path_factory.mktemp("new") / "plugins"
    folder.mkdir()
    declaration = folder.parent / "drives.toml"
    steps = "true" if request.param == "with steps" else "false"
    declaration.write_text(f"steps = {steps}\n{TEXT}", encoding="utf-8")
    done = run(folder, "flask", "--app", "app", "plugin", "new", str(declaration))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def with_screens(plugins) -> Path:
    """The plugin with the tests of everything that its screens show."""
    target = plugins / "drives" / "tests" / "test_screens.py"
    target.write_text(SCREENS.read_text(encoding="utf-8"), encoding="utf-8")
    return plugins


def test_the_declaration_has_every_kind_of_field():
    assert {field.kind for field in read_declaration(TEXT).fields} == set(KINDS)


def test_its_own_tests_pass_and_the_doctor_is_content(with_screens):
    plugins = with_screens
    # One database tells whether the plugin is whole; both are the business of the sdk's tests.
    checked = run(plugins, "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest",
                  "-k", "not postgresql", "--rootdir", str(ROOT),
                  "-c", str(ROOT / "pyproject.toml"), str(plugins / "drives"))
    assert checked.returncode == 0, checked.stdout[-4000:]
    assert " passed" in checked.stdout
    assert run(plugins, "flask", "--app", "app", "upgrade").returncode == 0
    doctor = run(plugins, "flask", "--app", "app", "plugin", "doctor")
    assert (doctor.returncode, doctor.stdout) == (0, "All plugins are well.\n")
    same = run(plugins, "flask", "--app", "app", "db", "check")
    assert (same.returncode, same.stdout) == (0, "Models and database agree.\n")


def test_it_keeps_the_style_of_the_house(plugins):
    # Where sorting puts imports of the plugin depends on where the folder lies.
    checked = run(plugins, "ruff", "check", "--config", str(ROOT / "pyproject.toml"),
                  "--extend-ignore", "I001", "--exclude", "migrations", str(plugins))
    assert checked.returncode == 0, checked.stdout


def test_nothing_is_written_over(plugins):
    with pytest.raises(DeclarationError, match="there already"):
        write_plugin(read_declaration(TEXT), plugins)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "drives"', 'name = "Drives"', "name must be small letters"),
        ('name = "drives"', 'name = "class"', "word of Python"),
        ('name = "drives"', 'name = "../x"', "name must be small letters"),
        ('name = "driver"', 'name = "state"', "taken"),
        ('name = "driver"', 'name = "owner_id"', "taken"),
        ('name = "driver"', 'name = "phone"', "two fields phone"),
        ('kind = "phone"', 'kind = "fax"', "kind must be one of"),
        ('kind = "choice"', 'kind = "text"', "choices go with"),
        ('zh = "试驾"', 'zh = ""', "title must be texts"),
        ('en = "Test drive"', 'en = "Drive\\n1"', "record must be plain text"),
        ('en = "Test drive"', "en = \"Drive'); x\"", "name of a class"),
        ("required = true", 'required = "yes"', "true or false"),
        ("required = true", "must = true", "means nothing here"),
        ("[title]", "[title", "not TOML"),
    ],
)
def test_a_bad_declaration_is_refused_in_one_sentence(old, new, said):
    assert old in TEXT
    with pytest.raises(DeclarationError, match=said):
        read_declaration(TEXT.replace(old, new, 1))


def test_quotes_in_labels_stay_text(tmp_path):
    nasty = TEXT.replace('en = "Driver"', r'en = "\"); import os  #\\"', 1)
    [file] = [path for path in write_plugin(read_declaration(nasty), tmp_path)
              if path.name == "views.py"]
    source = file.read_text(encoding="utf-8")
    compile(source, "views.py", "exec")
    assert r'"driver": N_("\"); import os  #\\")' in source
