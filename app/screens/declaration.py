"""What an author declares of a screen: one typed place, read from the view once, at start."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm

from app.i18n import N_
from app.screens.contracts import Choice, SavedList, Section, ShownWhen

_ALL = N_("All")


class BadDeclaration(ValueError):
    """A view declares something that no screen knows, or in the wrong shape."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScreenDeclaration:
    """What a screen shows, asks and offers.

    An author writes these as attributes of the view; everything has a default. A misspelt name, a
    column that does not exist or a text where names belong stops the start with a sentence.
    """

    # --- names -------------------------------------------------------------------------------
    list_title: Any = ""
    """What all rows are called; heading of the list and text of the menu."""
    record_label: Any = ""
    """What one row is called."""
    icon: str = "file-text"
    """Icon of the record."""
    label_columns: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Labels by column; by default the label that the column has by its name."""
    description_columns: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Help texts of form fields by column."""
    choices: Mapping[str, Sequence[Choice]] = dataclasses.field(default_factory=dict)
    """Values of choice columns by column, in order; by default those that the model names."""

    # --- list --------------------------------------------------------------------------------
    list_columns: Sequence[str] = ()
    """Columns of the list; by default the first six of the model."""
    list_choice: Sequence[str] = ()
    """Further columns that a person may add to the list."""
    order_columns: Sequence[str] = ()
    """Columns that the list may be sorted by; by default all that can be."""
    filter_columns: Sequence[str] = ()
    """What may be filtered by; by default all columns of list and form."""
    default_sort: str = ""
    """Column that the list is sorted by, with ``-`` in front for large values first; by default
    the latest row first."""
    default_filters: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """Filters in force until others are set, by address argument: ``{"is_open__is": ["true"]}``."""
    saved_views: Sequence[SavedList] | None = None
    """Lists that come with the screen, as tabs above the list; by default, for records that
    belong to people, those of whoever looks and of their team; empty for none."""
    plain_title: Any = _ALL
    """Text of the tab of the plain list."""
    board_column: str | None = None
    """Choice column whose values are the columns of a board; by default the first choice of the
    form, the state where a workflow drives the record; empty for no board."""
    calendar_column: str | None = None
    """Date or time of the calendar; by default the first of the form, else the deadline; empty
    for no calendar."""
    empty_hint: Any = ""
    """What an empty list says to people who cannot fill it from here: where its rows come from."""
    inline_columns: Sequence[str] = ()
    """Columns whose cells are changed in the list."""
    bulk_columns: Sequence[str] | None = None
    """Columns that may be changed for many records at once; by default those of the form with
    choices, relations, dates and numbers."""
    assignable: bool | None = None
    """Whether those who may edit give several records to a person in one go; by default where
    records belong to people."""
    formatters_columns: Mapping[str, Callable[[Any], Any]] = dataclasses.field(
        default_factory=dict)
    """Functions that write the value of a column in lists and on pages; what they return is
    escaped unless it is markup."""
    list_template: str = "screens/lists/list.html"
    """Template of the list page."""

    # --- record page -------------------------------------------------------------------------
    show_sections: Sequence[Section] = ()
    """Groups of fields of the record page; by default those of the form."""
    related_views: Sequence[type[Any]] = ()
    """Views whose rows belong to a record, as tabs of its page, over their relation to it."""
    show_template: str = "screens/records/record.html"
    """Template of the record page."""

    # --- forms -------------------------------------------------------------------------------
    form_sections: Sequence[Section] = ()
    """Groups of fields of the form; by default one with all columns."""
    add_columns: Sequence[str] = ()
    """Fields of the form for a new row; by default those of the sections."""
    edit_columns: Sequence[str] = ()
    """Fields of the form for a change; by default those of the sections."""
    form_extra_fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """WTForms fields of one's own by name, for what is no column; no file fills them."""
    validators_columns: Mapping[str, Sequence[Callable[[Any, Any], None]]] = dataclasses.field(
        default_factory=dict)
    """Further WTForms validators by column, for convenience on the page: a rule that must hold on
    every way in belongs to the operations of the record."""
    prefill_columns: Sequence[str] = ()
    """Columns that the address of the form for a new row may fill in."""
    narrowed_by: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Relations of the form that offer only what belongs to the value of another one:
    ``{"vehicle": "customer"}`` offers the vehicles of the customer chosen before, and all while
    none is. It helps to choose and refuses nothing."""
    suggests_from: Sequence[str] = ()
    """Fields of the form whose contents plugins make suggestions for while somebody types, shown
    below the last of them; nothing is shown where no plugin offers any."""
    suggests_into: str = ""
    """Field of the form that the text of a suggestion is inserted into; by default the one that
    was typed into last."""
    suggests_in: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Dialogs that show suggestions as well, by the name of the action, with the field that their
    texts are inserted into; asked about is what the record holds in ``suggests_from``."""
    uploads_in: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Dialogs that take a file, by the name of the action, with the field that offers the files of
    the record: a file of one's computer lies on the record at once, and is chosen."""
    shown_when: Mapping[str, ShownWhen] = dataclasses.field(default_factory=dict)
    """Conditions of form fields by name; hidden, a field is neither asked nor touched, whatever
    is sent."""
    first_step: str = ""
    """Step of the workflow whose fields the form for a new record offers as well; both are saved
    in one transaction."""
    form_steps: Sequence[str] = ()
    """Steps of the workflow whose fields the form of a record that is there offers as well, where
    the caller may take one of them; both are saved in one transaction."""
    action_forms: Mapping[str, type[FlaskForm]] = dataclasses.field(default_factory=dict)
    """Forms of one's own for actions, by name, where a definition cannot ask it."""
    form_template: str = "screens/forms/form.html"
    """Template of the forms."""

    # --- files -------------------------------------------------------------------------------
    is_importable: bool = True
    """Whether rows may be read in from files."""
    import_key: Sequence[str] = ()
    """Fields by which a row of a file is known again; by default a unique column of the form, or
    what names the record."""
    importer_name: str = ""
    """Name of an importer of one's own; without one the declaration makes it."""

    @functools.cached_property
    def conditions(self) -> Mapping[str, ShownWhen]:
        """When form fields are shown, by name: their own condition, or their section's."""
        found = {
            name: section.shown_when for section in self.form_sections
            if section.shown_when is not None for name in section.fields
        }
        return {**found, **self.shown_when}

    def hidden_fields(self, data: Mapping[str, Any]) -> set[str]:
        """Return the fields that other values hide.

        Args:
            data: values by field; a condition on a field that is not among them hides nothing.
        """
        hidden: set[str] = set()
        for name, condition in self.conditions.items():
            unmet = condition.field in hidden or (
                condition.field in data and not condition.holds(data[condition.field]))
            if name in data and unmet:
                hidden.add(name)
        return hidden


FIELDS = {field.name: field for field in dataclasses.fields(ScreenDeclaration)}


def declaration_of(view: type[Any]) -> ScreenDeclaration:
    """Return what a view class declares.

    Args:
        view: class of the view; its attributes and those of its bases count.

    Raises:
        BadDeclaration: an attribute has the wrong shape.
    """
    given = {
        name: getattr(view, name) for name in FIELDS if getattr(view, name, None) is not None
    }
    for name, value in given.items():
        if str(FIELDS[name].type).startswith("Sequence") and (
            isinstance(value, str) or not isinstance(value, Sequence)
        ):
            raise BadDeclaration(f"{view.__name__}: {name} must be a list or a tuple")
        if str(FIELDS[name].type).startswith("Mapping") and not isinstance(value, Mapping):
            raise BadDeclaration(f"{view.__name__}: {name} must be a mapping")
    return ScreenDeclaration(**given)
