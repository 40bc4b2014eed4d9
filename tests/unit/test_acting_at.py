"""Only generators of demonstration data act at another time than now."""

from __future__ import annotations

import ast
import datetime as dt

import pytest
from flask import Flask

from app.database import acting_at, utcnow
from config import ROOT

YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
MAY = {"app/access/deferred_notes.py", "app/database.py", "app/sdk/demo.py"}


def test_within_it_the_time_is_another_and_afterwards_not():
    with acting_at(YESTERDAY):
        assert utcnow() == YESTERDAY
        with acting_at(YESTERDAY - dt.timedelta(days=1)):
            assert utcnow() < YESTERDAY
        assert utcnow() == YESTERDAY
    assert utcnow() - YESTERDAY >= dt.timedelta(days=1)


def test_an_error_ends_it_too():
    with pytest.raises(KeyError), acting_at(YESTERDAY):
        raise KeyError
    assert utcnow() > YESTERDAY


def test_nothing_happens_in_the_future():
    with pytest.raises(ValueError, match="future"), \
            acting_at(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)):
        pass


def test_a_request_happens_now():
    with Flask("x").test_request_context(), \
            pytest.raises(RuntimeError, match="happens now"), acting_at(YESTERDAY):
        pass


def test_nobody_else_names_it():
    named = {
        str(path.relative_to(ROOT)) for folder in ("app", "plugins")
        for path in (ROOT / folder).rglob("*.py") if "tests" not in path.parts
        and any(isinstance(node, ast.Name | ast.alias | ast.FunctionDef)
                and "acting_at" in (getattr(node, "id", ""), getattr(node, "name", ""))
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert named == MAY
