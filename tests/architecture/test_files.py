"""Every file: not too long, explained, and nothing silenced in it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from tests.architecture.sources import docstrings, files, name_of, tree

MOST_LINES = 400
# Longer for a reason. One that has become short must leave the list.
LONGER: dict[str, str] = {}
# Written with alembic: the whole database in one history.
_GENERATED = "migrations/versions/"

_SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|pylint:)", re.IGNORECASE)
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!X)")


def _python() -> list[Path]:
    return files("*.py", under=("app", "plugins", "scripts", "tests", "migrations"))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_stay_small() -> None:
    long = {
        name_of(path): _lines(path)
        for path in _python()
        if _GENERATED not in name_of(path) and _lines(path) > MOST_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}


def test_exemptions_from_the_length_are_still_true() -> None:
    assert [name for name in LONGER if _lines(ROOT / name) <= MOST_LINES] == []
    assert all(reason.endswith(".") for reason in LONGER.values())


def test_every_module_and_every_public_name_is_explained() -> None:
    silent = [
        f"{name_of(path)}:{line} {name}"
        for path in files("*.py", under=("app", "plugins", "scripts"))
        if "tests" not in path.parts
        for line, name, text in docstrings(path)
        if not text
    ]
    assert silent == []


def test_tests_say_what_they_are_about() -> None:
    silent = [
        name_of(path)
        for path in files("test_*.py", under=("tests", "plugins"))
        if ast.get_docstring(tree(path)) is None
    ]
    assert silent == []


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    source = io.StringIO(path.read_text(encoding="utf-8"))
    for token in tokenize.generate_tokens(source.readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@pytest.mark.parametrize("pattern", [_SILENCED, _UNFINISHED], ids=["silenced", "unfinished"])
def test_no_comment_silences_a_check_or_puts_work_off(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name_of(path)}:{line} {comment}"
        for path in _python()
        # To read a file in tokens takes a thousand times as long.
        if pattern.search(path.read_text(encoding="utf-8"))
        for line, comment in _comments(path)
        if pattern.search(comment)
    ]
    assert found == []


def test_no_error_is_swallowed() -> None:
    """``except: pass`` hides what happened; ``contextlib.suppress`` names what may happen."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in _python()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(line, ast.Pass) for line in node.body))
    ]
    assert found == []


def _marks(path: Path) -> Iterator[tuple[int, bool]]:
    """Yield each skip and expected failure in a test file, and whether it gives a reason."""
    # To write out every call takes a thousand times as long.
    if not re.search(r"\b(skip|xfail|importorskip)", path.read_text(encoding="utf-8")):
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            keywords = {keyword.arg for keyword in node.keywords}
            if name in ("pytest.skip", "pytest.xfail", "pytest.importorskip"):
                yield node.lineno, bool(node.args or "reason" in keywords)
            elif re.fullmatch(r"pytest\.mark\.(skip|skipif|xfail)", name):
                yield node.lineno, "reason" in keywords
    called = {
        node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)
    }
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Attribute)
            and node not in called
            and re.fullmatch(r"pytest\.mark\.(skip|skipif|xfail)", ast.unparse(node))
        ):
            yield node.lineno, False


def test_no_test_is_left_out_without_a_reason() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in files("*.py", under=("tests", "plugins"))
        for line, has_reason in _marks(path)
        if not has_reason
    ]
    assert found == []
