"""Parts of a screen get what their constructors name; what cannot be is found at start."""

from __future__ import annotations

import pytest

from app.screens.api.read import RecordApi
from app.screens.api.read import _check_attributes as check_api
from app.screens.composition import CompositionError, compose
from app.screens.declaration import BadDeclaration, declaration_of
from app.screens.parts import DEFAULTS, parts_of
from app.screens.records.header import RecordHeader
from app.screens.screen import Page, Part
from app.screens.view import RecordView
from app.screens.view import _check_attributes as check


class Reader(Part):
    """Needs the screen alone."""


class Sheet(Part):
    """Needs the reader."""

    def __init__(self, screen, reader):
        super().__init__(screen)
        self.reader = reader


class Cover(Part):
    """Needs the sheet."""

    def __init__(self, screen, sheet, reader):
        super().__init__(screen)
        self.sheet, self.reader = sheet, reader


class Loop(Part):
    """Needs what needs it."""

    def __init__(self, screen, loop):
        super().__init__(screen)


def test_each_part_is_made_once_and_given_to_those_who_name_it():
    made = compose("screen", {"cover": Cover, "sheet": Sheet, "reader": Reader})
    assert made["cover"].sheet is made["sheet"]
    assert made["cover"].reader is made["sheet"].reader is made["reader"]
    assert {part.screen for part in made.values()} == {"screen"}


@pytest.mark.parametrize(("classes", "said"), [
    ({"sheet": Sheet}, "Sheet asks for 'reader'"), ({"loop": Loop}, "loop -> loop"),
])
def test_what_cannot_be_made_says_why(classes, said):
    with pytest.raises(CompositionError, match=said):
        compose("screen", classes)


def test_a_view_names_other_classes_and_further_pages():
    class Header(RecordHeader):
        pass

    class Papers(Page):
        pass

    class View(RecordView):
        record_header = Header
        papers_page = Papers

    found = parts_of(View)
    assert (found["record_header"], found["papers_page"]) == (Header, Papers)
    assert found.keys() == {*DEFAULTS, "papers_page"}
    View.record_header = Papers
    with pytest.raises(BadDeclaration, match="record_header must be a RecordHeader"):
        parts_of(View)


@pytest.mark.parametrize(("name", "value", "said"), [
    ("list_colums", ["name"], "nothing that a screen knows"),
    ("header_chips", lambda self, record: [], "belongs to record_header"),
    ("extra_columns", lambda self: {}, "must be a class of ExtraColumns"),
    ("base_filters", [], "belongs to the row scope"),
    ("base_order", ("name", "asc"), "belongs to default_sort"),
    ("search_form", None, "nothing that a screen knows"),
])
def test_what_no_screen_knows_is_refused(name, value, said):
    with pytest.raises(BadDeclaration, match=said):
        check(type("View", (RecordView,), {name: value}))


@pytest.mark.parametrize("name", ["base_filters", "pre_add", "add_query_rel_fields"])
def test_what_no_api_reads_is_refused(name):
    with pytest.raises(BadDeclaration, match=f"{name} has no effect"):
        check_api(type("Api", (RecordApi,), {name: None}))


def test_an_api_may_have_columns_and_addresses_of_its_own():
    check_api(type("Api", (RecordApi,), {"list_columns": ["id"], "default_sort": "-id"}))


@pytest.mark.parametrize(("name", "value"), [
    ("list_columns", "name"), ("form_sections", {"name"}), ("choices", [("a", "A")]),
])
def test_a_wrong_shape_is_refused(name, value):
    with pytest.raises(BadDeclaration, match=name):
        declaration_of(type("View", (RecordView,), {name: value}))
