"""Values of a form on their way into columns."""

from __future__ import annotations

from app.records.models import Comment
from app.records.values import column_values


def test_an_empty_box_leaves_what_is_worked_out_while_a_row_is_made():
    """An empty text in its place would be no moment, and the page would fail."""
    assert column_values(Comment, {"at": None, "kind": None}) == {
        "kind": Comment.__table__.c.kind.default.arg}


def test_where_a_number_is_missing_stands_no_text():
    """SQLite would keep it; PostgreSQL refuses each statement that compares it with numbers."""
    assert column_values(Comment, {"record_id": None, "text": None}) == {
        "record_id": None, "text": ""}
