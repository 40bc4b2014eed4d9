"""A screen: what all its pages share, and the base of the pages and parts that it is made of."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from flask import abort, g, url_for
from flask_babel import get_locale
from markupsafe import Markup

from app.database import db
from app.forms.build import translate
from app.made_once import made_once
from app.records.operations import Operations, operations_of
from app.screens.columns.added_columns import AddedColumns
from app.screens.columns.cells import Writer, writer
from app.screens.columns.columns import Column, UnknownColumn, describe
from app.screens.columns.custom_fields import CustomFields, LiveColumns, choices_of_field
from app.screens.columns.dictionaries import drawn_choices
from app.screens.columns.model_choices import model_choices
from app.screens.contracts import Choice
from app.screens.declaration import ScreenDeclaration
from app.screens.query.datamodel import RecordInterface
from app.screens.resolution import Resolved, resolved, with_titles
from app.web.request import actor

AnyPart = TypeVar("AnyPart", bound="Part")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPlace:
    """Where a screen stands in the application.

    Attributes:
        endpoint: first part of the names of its addresses.
        permission_name: what its permissions are on, e.g. ``complaints.Complaint``.
        render: renders a template with the values that every page has.
    """

    endpoint: str
    permission_name: str
    render: Callable[..., str]


def _no_parts(_screen: Screen) -> Mapping[str, Part]:
    return {}


class Screen:
    """What the pages of one screen share: its rows, columns, rights and addresses.

    A screen is cheap until somebody opens it: its columns are described and its parts are made
    when they are first asked for.

    Args:
        place: where it stands.
        datamodel: reads the rows.
        declaration: what its author declares.
        extra_columns: names of columns that are no columns of the table.
        compose: makes the pages and parts of a screen, by name.
    """

    def __init__(
        self, place: ScreenPlace, datamodel: RecordInterface, declaration: ScreenDeclaration,
        extra_columns: Collection[str] = (),
        compose: Callable[[Screen], Mapping[str, Part]] = _no_parts,
    ) -> None:
        self._place = place
        self._extra_columns = extra_columns
        self._compose = compose
        self.datamodel = datamodel
        self.custom = CustomFields(datamodel.obj)
        self._given = with_titles(declaration, datamodel.obj)
        self.base_permissions: Sequence[str] = ()

    @made_once
    def _resolved(self) -> Resolved:
        model = self.datamodel.obj
        with self._named():
            return resolved(
                self._given, model, self.custom, AddedColumns(model), self._extra_columns)

    @made_once
    def declared(self) -> ScreenDeclaration:
        """The declaration with every default; names of columns grow by custom fields in force."""
        return self._resolved[0]

    @made_once
    def columns(self) -> LiveColumns:
        """The columns by name, custom fields and columns of other plugins in force among them."""
        return self._resolved[1]

    @made_once
    def filter_only(self) -> Mapping[str, Column]:
        """What the list can be filtered by but not show, by name."""
        return self._resolved[2]

    @made_once
    def parts(self) -> Mapping[str, Part]:
        """The pages and parts that it is made of, by name."""
        with self._named():
            return self._compose(self)

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except UnknownColumn as error:
            raise UnknownColumn(f"{self.endpoint}: {error}") from error

    # --- what it is about --------------------------------------------------------------------
    @property
    def model(self) -> type[Any]:
        """The mapped class of the rows."""
        return self.datamodel.obj

    @property
    def operations(self) -> Operations:
        """The operations of the model: every change of this screen goes through them."""
        return operations_of(self.datamodel.obj)

    @property
    def list_title(self) -> Any:
        """What all rows are called."""
        return self._given.list_title

    @property
    def record_label(self) -> Any:
        """What one row is called."""
        return self._given.record_label

    @property
    def icon(self) -> str:
        """Icon of the record."""
        return self._given.icon

    def part(self, kind: type[AnyPart]) -> AnyPart:
        """Return the page or part of a kind that the screen is made of.

        Raises:
            LookupError: it has none.
        """
        for part in self.parts.values():
            if isinstance(part, kind):
                return part
        raise LookupError(f"{self.endpoint} has no {kind.__name__}")

    # --- address and rights ------------------------------------------------------------------
    @property
    def endpoint(self) -> str:
        """First part of the names of its addresses."""
        return self._place.endpoint

    @property
    def class_permission_name(self) -> str:
        """What its permissions are on."""
        return self._place.permission_name

    def url(self, page: str = "list", **values: Any) -> str:
        """Return the address of one of the screen's pages.

        Args:
            page: name of the method that answers, e.g. ``show``.
            values: path and query values, e.g. ``pk=3``.
        """
        return url_for(f"{self.endpoint}.{page}", **values)

    def can(self, permission: str) -> bool:
        """Return whether the caller holds a permission on this screen and the screen offers it."""
        return permission in self.base_permissions and actor().can(
            permission, self.class_permission_name
        )

    def render(self, template: str, **values: Any) -> str:
        """Return a page; the template has the screen as ``screen``.

        Args:
            template: name of the template.
            values: further values for it.
        """
        return self._place.render(template, screen=self, **values)

    # --- rows and values ---------------------------------------------------------------------
    def get_or_404(self, pk: Any) -> Any:
        """Return the row with a key.

        Raises:
            NotFound: there is none, or the caller may not see it.
        """
        record = self.datamodel.get(pk)
        if record is None:
            abort(404)
        return record

    def change_refusal(self, record: Any) -> str:
        """Return why a row stays as it is for the caller, or an empty text."""
        refused = self.operations.refuse_change(db.session, actor(), record)
        return "" if refused is None else translate(refused)

    def describe(self, name: str) -> Column:
        """Return a column of the model, whether or not the screen shows it."""
        return self.columns.get(name) or describe(self.model, name, self.declared.label_columns)

    def filter_column(self, name: str) -> Column:
        """Return a column that the list can be filtered by."""
        return self.filter_only[name] if name in self.filter_only else self.columns[name]

    def choices_of(self, column: str) -> Sequence[Choice]:
        """Return the values of a choice column, in order."""
        given = self.declared.choices.get(column)
        if given is not None:
            return given
        known = self.custom.columns().get(column)
        if known is not None and known.custom is not None:
            return choices_of_field(known.custom)
        return model_choices(self.model, column)

    def drawn_choices(self, column: str) -> Sequence[Choice]:
        """Return how the values of a column are drawn: choices, or colours of a dictionary."""
        known = self.columns.get(column)
        drawn = drawn_choices(known.target) if known is not None else None
        return self.choices_of(column) if drawn is None else drawn

    def badge(self, column: str, value: Any) -> Markup | str:
        """Return a choice value as a badge."""
        # A page shows many of one column, and asks for choices and colours once.
        writers: dict[Any, Writer] = g.setdefault("careline_badges", {})
        key = self.endpoint, column, str(get_locale())
        if key not in writers:
            writers[key] = writer(self.describe(column), self.drawn_choices(column))
        return writers[key](value)


class Part:
    """Something that a screen is made of; it is made once, at its first use, and keeps no request.

    The constructor names what it needs: the screen first, then other parts by the names under
    which the view knows them, e.g. ``def __init__(self, screen, origin)``.

    Args:
        screen: the screen that it belongs to.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    @classmethod
    def further_permissions(
        cls, screen: Screen, declaration: ScreenDeclaration
    ) -> Sequence[str]:
        """Return permissions that a screen offers beside those of its addresses.

        Asked at start, when no part of the screen has been made.

        Args:
            screen: a screen with such a part; its columns are not described yet.
            declaration: what its author declares, without defaults.
        """
        return ()


class Page(Part):
    """A part that answers at addresses: its methods with ``@expose`` and ``@requires``."""
