"""``flask plugin new``: what it writes is a whole plugin at once, with every kind of field."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.cli.scaffold.declaration import KINDS, read_declaration
from app.cli.scaffold.reading import DeclarationError
from app.cli.scaffold.writing import write_plugin
from app.testing.plugin_fixtures import PASSWORD
from config import ROOT
from tests.browser.product.pages import check_pages
from tests.services.choosing import further
from tests.services.verdicts import share

pytestmark = pytest.mark.long

DECLARATION = Path(__file__).parent / "new" / "drives.toml"
STEPS = (Path(__file__).parent / "new" / "steps_of_drives.toml").read_text(encoding="utf-8")
SCREENS = Path(__file__).parent / "new" / "screens_of_drives.py"
TEXT = DECLARATION.read_text(encoding="utf-8")
_TRIES, _PAUSE = 120, 0.25


def environment(plugins: Path) -> dict[str, str]:
    """Return the environment of an installation that has these plugins alone."""
    outer = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("CARELINE_", "PYTEST_"))
    }
    return {
        **outer, "CARELINE_PLUGINS_DIR": str(plugins), "CARELINE_ENV": "development",
        "CARELINE_SECRET_KEY": secrets.token_urlsafe(64), "PYTHONPATH": str(plugins.parent),
        "CARELINE_VAR_DIR": str(share(plugins.parent / "var")), "CARELINE_DEMO_PASSWORD": PASSWORD,
        "CARELINE_DATABASE_URL": f"sqlite:///{plugins.parent / 'careline.sqlite'}",
    }


def run(plugins: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False,
        env=environment(plugins),
    )


@pytest.fixture(scope="module", params=["with steps", further("without steps")])
def plugins(request, tmp_path_factory) -> Path:
    """A folder of plugins with one that was written a moment ago."""
    folder = tmp_path_factory.mktemp("new") / "plugins"
    folder.mkdir()
    declaration = folder.parent / "drives.toml"
    steps = "true" if request.param == "with steps" else "false"
    more, own = ("deadline_hours = 16\n", STEPS) if steps == "true" else ("", "")
    declaration.write_text(f"steps = {steps}\n{more}{TEXT}{own}", encoding="utf-8")
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


def test_its_own_tests_pass(with_screens):
    plugins = with_screens
    # One database tells whether the plugin is whole; both are the business of the sdk's tests.
    checked = run(plugins, "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest",
                  "-k", "not postgresql", "--rootdir", str(ROOT),
                  "-c", str(ROOT / "pyproject.toml"), str(plugins / "drives"))
    assert checked.returncode == 0, checked.stdout[-4000:]
    assert " passed" in checked.stdout


@pytest.fixture(scope="module")
def deployed(plugins) -> Path:
    """The folder of plugins after it was deployed, with tables and all."""
    done = run(plugins, "flask", "--app", "app", "deploy")
    assert done.returncode == 0, done.stderr
    return plugins


def test_the_doctor_is_content_and_its_migration_makes_what_its_models_say(deployed):
    doctor = run(deployed, "flask", "--app", "app", "plugin", "doctor")
    assert (doctor.returncode, doctor.stdout) == (0, "All plugins are well.\n")
    same = run(deployed, "flask", "--app", "app", "db", "check")
    assert (same.returncode, same.stdout) == (0, "Models and database agree.\n")


@pytest.fixture(scope="module")
def site(deployed) -> Iterator[str]:
    """Address of a server with the demo people and the plugin."""
    plugins = deployed
    done = run(plugins, "flask", "--app", "app", "demo", "load")
    assert done.returncode == 0, done.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = plugins.parent / "server.log"
    with log.open("w") as lines, subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "run", "-p", str(port)],
        cwd=ROOT, env=environment(plugins), stdout=lines, stderr=lines,
    ) as server:
        address = f"http://127.0.0.1:{port}"
        for _ in range(_TRIES):
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.urlopen(f"{address}/healthz").close()
                break
            time.sleep(_PAUSE)
        else:
            server.terminate()
            raise AssertionError(log.read_text())
        yield address
        server.terminate()


def ready(page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")


def test_it_is_worked_by_keys_and_given_to_a_colleague(browse):
    page = browse("supervisor").page
    for name in ("李四", "王五"):
        page.goto("/drives/add")
        ready(page)
        page.fill("#driver", name)
        page.fill("#phone", "13800001111")
        page.fill("#order_number", f"DD-{name}")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/show/*")
    page.goto("/drives/list/?all=1")
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    bar = page.locator("[data-bulk-bar]")
    expect(bar).to_contain_text("1")
    bar.get_by_role("button", name="Give to").click()
    page.locator("#dialog-body select[name=owner] + .ts-wrapper .ts-control").click()
    expect(page.locator(".ts-dropdown .option:visible").first).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name="Change 1 record").click()
    expect(page.locator("[data-undo], .flashes").first).to_contain_text("Owner of 1 record changed")
    page.locator("[data-inline=phone]").first.dblclick()
    page.locator("[data-inline-form] input[name=phone]").fill("13900002222")
    page.keyboard.press("Enter")
    expect(page.locator("[data-inline=phone]").first).to_contain_text("139")
    page.keyboard.press("/")
    expect(page.locator("#list-search")).to_be_focused()


@pytest.mark.parametrize(("language", "theme", "width"),
                         [("zh", "light", "phone"), further("en", "dark", "desk")])
def test_its_pages_are_sound(browse, axe, language, theme, width):
    visitor = browse("supervisor", language, theme, width)
    check_pages(visitor, axe, language, [f"/drives{path}" for path in (
        "/list/?all=1", "/list/?all=1&mode=board", "/list/?all=1&mode=calendar", "/list/?view=mine",
        "/add", "/show/1", "/edit/1", "/bin/",
    )])


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
        ("unique = true", "unique = 1", "true or false"),
        ("panel = true", "deadline_hours = 2.5", "whole number"),
        ("panel = true", "steps = false\napproval = true", "go with steps"),
        ('kind = "phone"', 'kind = "phone"\nunique = true', "unique goes with"),
        ('kind = "customer"', 'kind = "text"', "A panel goes with"),
        ("required = true", 'required = "yes"', "true or false"),
        ("required = true", "must = true", "means nothing here"),
        ("[title]", "[title", "not TOML"),
        ('kind = "choices"', 'kind = "text"', "choices go with the kinds"),
        ('of = "customers.customer"', 'of = "Customers"', "of must be a kind of record"),
        ('of = "customers.customer"', "", "of goes with the kind record"),
        ('kind = "file"', 'kind = "file"\nrequired = true', "cannot be required"),
        ('of = "customers.customer"', 'of = "customers.customer"\nrequired = true',
         "cannot be required"),
    ],
)
def test_a_bad_declaration_is_refused_in_one_sentence(old, new, said):
    assert old in TEXT
    with pytest.raises(DeclarationError, match=said):
        read_declaration(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('to = "done"', 'to = "gone"', "leads to 'gone', which is no state"),
        ('from = ["waiting"]', 'from = ["wait"]', "starts at 'wait', which is no state"),
        ('name = "take"', 'name = "new"', "used more than once"),
        ('category = "done"', 'category = "over"', "category must be one of open, waiting"),
        ('category = "done"', 'category = "cancelled"', "leads to a state of the category done"),
        ('["comment"]', '["letter"]', "evidence may hold comment, file, not letter"),
        ('["supervisor"]', '["boss"]', "roles may hold agent, supervisor, not boss"),
        ('["owner"]', '["cousin"]', "never may hold owner"),
        ("claims = true", "claims = 1", "claims is true or false"),
        ('from = ["waiting"]', 'from = "waiting"', "from is a list of texts"),
        ('to = "done"', "goes = 1", "means nothing here"),
        ('from = ["new"]', "from = []", "starts nowhere"),
    ],
)
def test_bad_steps_are_refused_in_one_sentence(old, new, said):
    assert old in STEPS
    with pytest.raises(DeclarationError, match=said):
        read_declaration(TEXT + STEPS.replace(old, new, 1))


def test_steps_of_its_own_exclude_the_ready_made_ones():
    for text in ("approval = true\n", "steps = false\n"):
        with pytest.raises(DeclarationError, match=r"go with steps|ready-made steps"):
            read_declaration(text + TEXT + STEPS)


def test_quotes_in_labels_stay_text(tmp_path):
    nasty = TEXT.replace('en = "Driver"', r'en = "\"); import os  #\\"', 1)
    [file] = [path for path in write_plugin(read_declaration(nasty), tmp_path)
              if path.name == "views.py"]
    source = file.read_text(encoding="utf-8")
    compile(source, "views.py", "exec")
    assert r'"driver": N_("\"); import os  #\\")' in source
