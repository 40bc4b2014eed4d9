"""The pages and parts that a screen is made of; an author may put other classes in their place."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from app.screens.boards.page import BoardPage
from app.screens.bulk.actions import ActionsPage
from app.screens.bulk.page import BulkPage
from app.screens.bulk.record_actions import RecordActions
from app.screens.bulk.selection import Selection
from app.screens.bulk.skipped import SkippedPage
from app.screens.bulk.undo import UndoPage
from app.screens.declaration import BadDeclaration
from app.screens.forms.conflict_page import ConflictPage
from app.screens.forms.drafts import DraftsPage
from app.screens.forms.field_edit import FieldPage
from app.screens.forms.options import OptionsPage
from app.screens.forms.page import FormPage
from app.screens.forms.record_forms import RecordForms
from app.screens.imports.page import ImportPage
from app.screens.lists.column_chooser import ColumnPage
from app.screens.lists.export_page import ExportPage
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.lists.inline_edit import CellPage
from app.screens.lists.list_preferences import ListPreferences
from app.screens.lists.page import ListPage, ListTable
from app.screens.lists.reader import ListReader
from app.screens.lists.side_panel import SidePanelPage
from app.screens.records.additions import RecordAdditions
from app.screens.records.comments import CommentsPage
from app.screens.records.details import RecordDetails
from app.screens.records.files import FilesPage
from app.screens.records.header import RecordHeader
from app.screens.records.links_page import LinksPage
from app.screens.records.origin import Origin
from app.screens.records.page import RecordPage
from app.screens.records.recycle_bin import RecycleBinPage
from app.screens.records.reveal_page import RevealPage
from app.screens.records.tabs import TabsPage
from app.screens.records.timeline import Timeline
from app.screens.saved_views.order_page import ViewOrderPage
from app.screens.saved_views.pages import SavedViewsPage
from app.screens.saved_views.tabs import SavedViewTabs
from app.screens.screen import Part


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScreenParts:
    """Classes of the pages and parts of a screen.

    An author subclasses one and names it in the view: ``record_header = ComplaintHeader``. A page
    under a name of its own is added: ``documents_page = DocumentsPage``.
    """

    # --- list --------------------------------------------------------------------------------
    list_page: type[ListPage] = ListPage
    """The list: tabs, filters, table."""
    list_table: type[ListTable] = ListTable
    """The table: heads, rows, what an empty list says."""
    list_reader: type[ListReader] = ListReader
    """Reads the address of the list."""
    list_preferences: type[ListPreferences] = ListPreferences
    """What each person has set up for the list."""
    extra_columns: type[ExtraColumns] = ExtraColumns
    """Columns that are no columns of the table: their labels, cells and values in files."""
    column_page: type[ColumnPage] = ColumnPage
    """Choice of columns, their widths and the density of rows."""
    cell_page: type[CellPage] = CellPage
    """Cells that are changed in the list."""
    export_page: type[ExportPage] = ExportPage
    """Files of the list."""
    side_panel_page: type[SidePanelPage] = SidePanelPage
    """A record beside the list."""
    board_page: type[BoardPage] = BoardPage
    """Board and calendar: lanes, cards, moves."""
    saved_view_tabs: type[SavedViewTabs] = SavedViewTabs
    """Tabs above the list."""
    saved_views_page: type[SavedViewsPage] = SavedViewsPage
    """Saving, sharing and deleting views."""
    view_order_page: type[ViewOrderPage] = ViewOrderPage
    """Order of the views."""
    import_page: type[ImportPage] = ImportPage
    """The way to the import of rows."""

    # --- several rows ------------------------------------------------------------------------
    selection: type[Selection] = Selection
    """The rows that a person has chosen."""
    bulk_page: type[BulkPage] = BulkPage
    """Actions, changes and deletion of several rows."""
    undo_page: type[UndoPage] = UndoPage
    """Takes back what was done with several rows."""
    skipped_page: type[SkippedPage] = SkippedPage
    """Which rows were left out, and why."""

    # --- record ------------------------------------------------------------------------------
    record_page: type[RecordPage] = RecordPage
    """The page of a record; ``context`` gives its template further values."""
    record_header: type[RecordHeader] = RecordHeader
    """Heading and badges of a record."""
    record_details: type[RecordDetails] = RecordDetails
    """The values of a record, in sections."""
    record_actions: type[RecordActions] = RecordActions
    """What can be done with a record, several, or a row of the list; what its forms begin with."""
    reveal_page: type[RevealPage] = RevealPage
    """Masked values, shown for a reason that is kept."""
    actions_page: type[ActionsPage] = ActionsPage
    """The dialog of an action."""
    field_page: type[FieldPage] = FieldPage
    """A single field that is changed on the record page."""
    tabs_page: type[TabsPage] = TabsPage
    """Related rows, and panels of plugins."""
    record_additions: type[RecordAdditions] = RecordAdditions
    """What other plugins put on the page of a record, and its links."""
    timeline: type[Timeline] = Timeline
    """What happened to a record; ``decorate`` adds what its kind knows."""
    comments_page: type[CommentsPage] = CommentsPage
    """Comments, followers, who has the record open."""
    links_page: type[LinksPage] = LinksPage
    """Links with other records that people make by hand."""
    files_page: type[FilesPage] = FilesPage
    """Files of a record."""
    recycle_bin_page: type[RecycleBinPage] = RecycleBinPage
    """Deletion, restoring and purging."""
    origin: type[Origin] = Origin
    """The list that a person came from, and the ways back."""

    # --- forms -------------------------------------------------------------------------------
    form_page: type[FormPage] = FormPage
    """The forms for a new row and for a change; ``prefill`` and ``context`` are made to be
    overridden."""
    record_forms: type[RecordForms] = RecordForms
    """Form classes, what they hold, and further conditions on what a relation offers."""
    conflict_page: type[ConflictPage] = ConflictPage
    """The choice between two versions."""
    drafts_page: type[DraftsPage] = DraftsPage
    """What was typed and not saved."""
    options_page: type[OptionsPage] = OptionsPage
    """What a relation can be set to."""


DEFAULTS: Mapping[str, type[Part]] = {
    field.name: field.default for field in dataclasses.fields(ScreenParts)
    if isinstance(field.default, type)
}


def parts_of(view: type[object]) -> dict[str, type[Part]]:
    """Return the classes of a view's parts by name: the defaults, replaced and added to.

    Args:
        view: class of the view.

    Raises:
        BadDeclaration: a class cannot stand in the place of the one it replaces.
    """
    named = {
        name: value for name in dir(view)
        if isinstance(value := getattr(view, name), type) and issubclass(value, Part)
    }
    for name, kind in named.items():
        if name in DEFAULTS and not issubclass(kind, DEFAULTS[name]):
            raise BadDeclaration(
                f"{view.__name__}: {name} must be a {DEFAULTS[name].__name__}")
    return {**DEFAULTS, **named}
