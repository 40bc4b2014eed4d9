"""Lock files, the README's table of settings, and the commands that people type."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from config import ROOT, settings_table
from scripts import screen_reference

LOCKS = ("requirements.txt", "requirements-dev.txt")
_ADDRESS = re.compile(r"[a-z+]+://", re.IGNORECASE)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]+\])?==([^\s;\\]+)", re.MULTILINE)


def _entries(name: str) -> list[str]:
    """The requirements of a lock file, each with its continuation lines."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
    return [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    entries = _entries(name)
    assert len(entries) > 50
    loose = [
        entry.splitlines()[0]
        for entry in entries
        if not _PINNED.match(entry) or not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)
    ]
    assert loose == []


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json", "package.json", ".npmrc"])
def test_lock_files_hold_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    if name == "package-lock.json":
        # Only where a package would be fetched from; its home page is not fetched.
        for entry in json.loads(text)["packages"].values():
            assert "resolved" not in entry
        return
    assert _ADDRESS.findall(text) == []
    assert "index-url" not in text


def test_every_front_end_part_has_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    loose = [name for name, entry in packages.items() if name and "integrity" not in entry]
    assert len(packages) > 5
    assert loose == []


def test_both_lock_files_agree() -> None:
    """What was tested is what runs."""
    run, dev = (dict(_versions(name)) for name in LOCKS)
    assert {name: (version, dev.get(name)) for name, version in run.items()
            if dev.get(name) != version} == {}


def _versions(name: str) -> list[tuple[str, str]]:
    return [(found[0].lower(), found[2]) for found in _PINNED.findall((ROOT / name).read_text())]


def test_the_table_of_settings_is_up_to_date() -> None:
    """``flask settings table`` prints what belongs between the marks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", text, re.DOTALL)
    assert found is not None
    assert found[1].strip() == settings_table().strip()


def test_the_reference_of_screens_is_up_to_date() -> None:
    """``python -m scripts.screen_reference`` writes it; every field has a docstring."""
    assert screen_reference.FILE.read_text(encoding="utf-8") == screen_reference.page()


@pytest.mark.parametrize("target", ["setup", "test", "demo", "lint", "lock", "clean"])
def test_make_knows_the_command(target: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", "--question", target], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )
    assert "No rule" not in done.stderr


@pytest.mark.parametrize("name", [".ci/run", "scripts/python.sh"])
def test_scripts_are_sound_and_can_be_run(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    assert "set -euo pipefail" in path.read_text()
    subprocess.run(["bash", "-n", path], check=True)


def test_nothing_installed_or_made_is_kept_in_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    for made in ("/.venv/", "/node_modules/", "/var/", "*.mo"):
        assert made in ignored
    vendor = Path("app/web/static/vendor/x.js")
    done = subprocess.run(["git", "check-ignore", vendor], cwd=ROOT, check=False)
    assert done.returncode == 0
