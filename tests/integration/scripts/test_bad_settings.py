"""A bad setting stops the start with one sentence, whatever is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT, Settings, SettingsError

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "0123456789abcdefghij" * 2
FLASK = (sys.executable, "-m", "flask", "--app", "app")
STARTS = {
    "command": (*FLASK, "settings", "table"), "worker": (*FLASK, "jobs", "work"),
    "web": (str(Path(sys.executable).with_name("gunicorn")), "app:create_app()"),
}
BAD = {
    "CARELINE_SECRET_KEY": ("short", "must have at least 50 characters"),
    "CARELINE_FIELD_KEYS": ("hidden", "must hold random keys of at least 40 characters each"),
    "CARELINE_DATABASE_URL": ("mysql://me:hidden@host/db", "must start with sqlite:///"),
    "CARELINE_VAR_DIR": ("/dev/null/var", "cannot be used"),
}


def started(command: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess:
    """Run a command that is expected to end by itself."""
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("kind", STARTS)
@pytest.mark.parametrize("name", BAD)
def test_one_sentence_and_no_traceback(environment, kind, name):
    value, sentence = BAD[name]
    ended = started(STARTS[kind], environment | {name: value})
    assert ended.returncode != 0
    [line] = ended.stderr.strip().splitlines()
    assert line.startswith(f"Error: {name}") and sentence in line
    assert "hidden" not in line


@pytest.mark.parametrize("kind", STARTS)
def test_production_does_not_start_without_a_key_of_sensitive_columns(environment, kind):
    ended = started(STARTS[kind], environment | {
        "CARELINE_ENV": "production", "CARELINE_FIELD_KEYS": ""})
    assert ended.returncode != 0
    [line] = ended.stderr.strip().splitlines()
    assert line.startswith("Error: CARELINE_FIELD_KEYS is not set")
    assert not (Path(environment["CARELINE_VAR_DIR"]) / "field-keys").exists()


@pytest.mark.parametrize(("keys", "sentence"), [
    ("a" * 50, "too regular"), (f"{KEY},{KEY}", "the same key twice"), (f"{KEY},short", "at least"),
])
def test_bad_keys_of_sensitive_columns(environment, keys, sentence):
    with pytest.raises(SettingsError, match=sentence) as caught:
        Settings.from_environment(environment | {"CARELINE_FIELD_KEYS": keys})
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("kind", STARTS)
def test_a_database_that_does_not_answer(environment, kind):
    ended = started(STARTS[kind], environment | {
        "CARELINE_DATABASE_URL": "postgresql://me:hidden@127.0.0.1:1/none",
        "CARELINE_WEB_WORKERS": "1", "PORT": "48961",
    })
    assert ended.returncode != 0
    assert "CARELINE_DATABASE_URL" in ended.stderr and "does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr and "hidden" not in ended.stderr


def test_unknown_names_are_told(environment):
    ended = started(STARTS["command"], environment | {
        "CARELINE_SESION_IDLE_MINUTES": "5", "CARELINE_XYZ": "1",
        "CARELINE_DEMO_PASSWORD": "demo-pass-word-1",
    })
    assert ended.returncode == 0
    told = ended.stderr
    assert "CARELINE_SESION_IDLE_MINUTES" in told and "CARELINE_SESSION_IDLE_MINUTES" in told
    assert "CARELINE_XYZ" in told and "DEMO_PASSWORD" not in told


def test_code_that_asks_itself_gets_an_exception(environment):
    with pytest.raises(SettingsError):
        Settings.from_environment(environment | {"CARELINE_SECRET_KEY": "short"})
