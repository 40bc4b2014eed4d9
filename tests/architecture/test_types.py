"""What pyright is told: ``make lint`` runs it, and whatever it is to pass over has a reason."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from config import ROOT
from scripts import type_check as checking
from tests.architecture.sources import files, name_of

_IGNORED = re.compile(r"#\s*pyright:\s*ignore(?P<rule>\[\w+\])?(?P<reason>\s+--\s+\S)?")
_SWITCHED = re.compile(r"^#\s*pyright:\s*(?!ignore)\w")
_IGNORED_AS_MYPY_DOES = re.compile(r"#\s*type:\s*ignore")


def _settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]


def _sources() -> list[Path]:
    return [path for path in files("*.py", under=("app", "plugins", "scripts"))
            if "tests" not in path.parts]


def test_what_is_strict_is_there() -> None:
    settings = _settings()
    assert settings["typeCheckingMode"] == "basic"
    strict = settings["strict"]
    assert isinstance(strict, list) and {"app/sdk", "app/records", "app/workflow"} <= set(strict)
    assert [name for name in strict if not (ROOT / name).exists()] == []


def test_what_is_passed_over_names_its_rule_and_reason() -> None:
    wrong = [
        f"{name_of(path)}:{number}"
        for path in _sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _IGNORED_AS_MYPY_DOES.search(line)
        or ((found := _IGNORED.search(line)) and not (found["rule"] and found["reason"]))
    ]
    assert wrong == []


def test_a_file_with_milder_rules_says_why() -> None:
    wrong = []
    for path in _sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        wrong += [
            f"{name_of(path)}:{number + 1}" for number, line in enumerate(lines)
            if _SWITCHED.match(line) and not re.match(r"#\s+\S.*\.$", lines[number - 1])
        ]
    assert wrong == []


def test_make_lint_checks_types() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]
    assert "-m scripts.type_check" in recipe
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["devDependencies"]["pyright"])


def test_without_pyright_the_check_fails_and_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checking, "PYRIGHT", tmp_path / "index.js")
    assert checking.main([]) == 1
    assert "make setup" in capsys.readouterr().err
