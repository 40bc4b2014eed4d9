"""What a list has where its view names nothing, and how each of it is named or switched off."""

from __future__ import annotations

import dataclasses

import pytest

from app.customers.models import Customer
from app.people.models import Team
from app.screens.columns.columns import describe
from app.screens.contracts import Choice, Section, ShownWhen
from app.screens.declaration import ScreenDeclaration
from app.screens.lists.defaults import with_list_defaults
from tests.integration.screens.sample import Case

FIELDS = ("subject", "state", "priority", "received_at", "promised_on")
CHOICES = {
    "state": [Choice(str(number), str(number)) for number in range(13)],
    "priority": [Choice("high", "High"), Choice("low", "Low")],
}


def declared(model=Case, fields=FIELDS, conditions=None, **named):
    """Return what a declaration becomes that names only what a test gives, and its columns."""
    columns = {name: describe(model, name, {}) for name in fields}
    for name in CHOICES.keys() & columns.keys():
        columns[name] = dataclasses.replace(columns[name], kind="choice")
    given = ScreenDeclaration(
        form_sections=(Section(fields=fields),), choices=CHOICES, shown_when=conditions or {},
        **named,
    )
    return with_list_defaults(given, model, columns, {}), columns


def test_the_first_date_and_the_first_choice_that_fits_are_taken():
    made, _ = declared()
    assert (made.board_column, made.calendar_column) == ("priority", "received_at")


def test_what_is_asked_only_at_times_does_not_carry_a_board():
    conditions = {name: ShownWhen("subject") for name in ("priority", "received_at")}
    made, _ = declared(conditions=conditions)
    assert (made.board_column, made.calendar_column) == ("", "promised_on")


def test_work_has_lists_of_whoever_looks_and_is_given_to_people():
    made, columns = declared()
    assert [one.name for one in made.saved_views] == ["mine", "my_team"]
    assert made.assignable
    assert {"owner", "team"} <= set(columns)


@pytest.mark.parametrize(("model", "fields"), [(Customer, ("name", "born_on")), (Team, ("name",))])
def test_what_belongs_to_nobody_is_not_given_to_anybody(model, fields):
    made, _ = declared(model, fields)
    assert (list(made.saved_views), made.assignable) == ([], False)


def test_a_row_that_is_no_record_has_nothing_by_itself():
    made, _ = declared(Team, ("name",))
    assert (made.board_column, made.calendar_column) == ("", "")


def test_each_is_switched_off_or_named():
    off, _ = declared(board_column="", calendar_column="", saved_views=(), assignable=False)
    assert (off.board_column, off.calendar_column, off.saved_views, off.assignable) == (
        "", "", (), False)
    own, _ = declared(calendar_column="promised_on")
    assert own.calendar_column == "promised_on"
