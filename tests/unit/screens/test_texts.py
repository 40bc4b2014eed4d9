"""Small pure helpers: labels from names, initials, harmless cells, icons, Rison."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.cells import harmless
from app.screens.lists.export import csv_parts
from app.web.icons import IconSet, named_icons, sprite
from app.web.texts import column_msgid, initials


@pytest.mark.parametrize(
    ("name", "label"),
    [("received_at", "Received"), ("owner_id", "Owner"), ("due_at", "Due"), ("promised_on",
     "Promised"), ("customer.plate_number", "Plate number"), ("id", "ID"), ("x", "X")],
)
def test_labels_from_names(name, label):
    assert column_msgid(name) == label


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王小明", "小明"), ("李雷", "李雷"), ("Wang Li", "WL"), ("ann", "A"), ("  ", "?")],
)
def test_initials(name, shown):
    assert initials(name) == shown


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none()))
def test_no_text_begins_like_a_formula(value):
    cell = harmless(value)
    if isinstance(value, str):
        assert not cell.lstrip(" \u3000\ufeff\u200b").startswith(
            ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
        )
        assert cell.lstrip("'") == value.replace("\x00", "").lstrip("'") or cell == value
    else:
        assert cell is value


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_characters="\x00\r\n",
                                                        exclude_categories=["Cs"])),
                         min_size=2, max_size=2), max_size=30))
def test_csv_reads_back_as_it_was(rows):
    data = b"".join(csv_parts(["a", "b"], rows)).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(data, newline="")))
    assert read[0] == ["a", "b"]
    assert read[1:] == [[harmless(cell) for cell in row] for row in rows]


def test_the_first_part_goes_out_before_any_row_is_read():
    def rows():
        raise AssertionError("read too early")
        yield []

    assert next(csv_parts(["a"], rows())).decode("utf-8-sig") == "a\r\n"


def test_icons_are_found_in_sources_and_drawn(tmp_path):
    source = tmp_path / "src"
    source.mkdir()
    (source / "a.html").write_text('{{ icon("phone") }} {{ icon(x) }}')
    (source / "b.py").write_text('Screen(icon="car", name="x")\nicon = "user"\nicon=5')
    assert named_icons([source, tmp_path / "missing"]) == ["car", "phone", "user"]
    nodes = {"phone": [["path", {"d": "M1 1"}]], "car": [["path", {"d": 'M2"2'}]]}
    drawn = sprite(["phone", "nothing"], nodes)
    assert '<symbol id="phone" viewBox="0 0 24 24"><path d="M1 1"/></symbol>' in drawn
    (tmp_path / "icons.svg").write_text(drawn)
    (tmp_path / "icons.json").write_text(json.dumps(nodes))
    icons = IconSet(tmp_path)
    assert icons.inside("phone", "/s.svg") == '<use href="/s.svg#phone"/>'
    assert icons.inside("car", "/s.svg") == '<path d="M2&quot;2"/>'
    assert icons.inside("nothing", "/s.svg") == ""
