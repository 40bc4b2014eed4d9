"""The rows of a list as a template, to compare the row writer with."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import current_app

from app.screens.lists import page as lists
from app.screens.lists.row_writer import write_rows

_TEMPLATE = (Path(__file__).parent / "rows.html").read_text(encoding="utf-8").strip("\n") + "\n"


@pytest.fixture
def compared_rows(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Compares the rows of every list that is opened, and holds them as they were written."""
    seen: list[str] = []

    def both(screen, rows, heads, **options):
        written = write_rows(screen, rows, heads, **options)
        ahead = options["selectable"] and any(row.offers.usual for row in rows)
        plain = current_app.jinja_env.from_string(_TEMPLATE).render(
            screen=screen, rows=rows, heads=heads, ahead=ahead, **options)
        assert str(written) == plain
        seen.append(written)
        return written

    monkeypatch.setattr(lists, "write_rows", both)
    return seen
