"""What plugins hand to the core: plain dataclasses without behaviour."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from app.i18n import Link, Message


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A heading of the menu.

    Attributes:
        name: identifier that screens name.
        label: shown text (message id).
        icon: name of an icon of the set.
        order: lower comes first.
        group: name of a group of the menu that several plugins share: ``casework``,
            ``customers``, ``learning``, ``people``, ``figures`` of the core, or a category of
            another plugin. Where nobody declares it, the category is a group of its own.
        administration: whether its screens stand on the page Administration and not in the menu.
    """

    name: str
    label: str
    icon: str = "folder"
    order: int = 100
    group: str = ""
    administration: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A view with, if it has a label, an entry in the menu.

    Attributes:
        view: view class of the sdk; its ``class_permission_name`` begins with the plugin's name.
        label: menu text (message id); empty keeps it out of the menu.
        category: name of the menu category.
        icon: name of an icon of the set.
        order: lower comes first within the category.
        permission: permission that shows the entry; default ``can_list``.
        administration: whether it is set up once and rarely looked at: it stands on the page
            Administration, under its category, and not in the menu.
        waiting: ``(actor) -> Select`` of one column, a row for each thing that waits for the
            actor, or ``None`` for whom nothing can wait there; their number stands beside the
            entry, ``99+`` at most. It is read after the page and wants an index; ``own_open`` of
            ``app.sdk.services`` gives one's own open records.
    """

    view: type[Any]
    label: str = ""
    category: str = ""
    icon: str = "list"
    order: int = 100
    permission: str = "can_list"
    administration: bool = False
    waiting: Callable[..., Any] | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A REST API class of the sdk."""

    view: type[Any]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """Permissions that no screen declares by itself.

    Attributes:
        view: name of the view or thing, with the plugin's prefix.
        names: names of the permissions.
        words: what the page of a role calls them (message ids) by name; ``can_assign_all`` is
            "Assign all" without.
        label: what it is called on the screen of roles (message id).
    """

    view: str
    names: tuple[str, ...]
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    label: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoleGrant:
    """Rights that a ready-made role gets, by exact names.

    ``flask deploy`` gives each of them once; what an admin changed afterwards stays.

    Attributes:
        role: name of the role.
        view: permission name of the screen.
        names: names of the permissions.
        reach: scope (``Scope``) of the role for the kind of record whose ``view`` this is, in place
            of the role's general scope. A confidential kind is opened to a role by this alone.
    """

    role: str
    view: str
    names: tuple[str, ...]
    reach: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """A kind of record that takes part in numbers, history, search, files, workflow.

    Attributes:
        model: mapped class with the ``Record`` mixin.
        label: shown name (message id), plural ``label_plural``.
        endpoint: endpoint of the record page, e.g. ``ComplaintView.show``.
        view: permission name of its screen.
        icon: name of an icon of the set.
        operations: class of its operations (``app.records.operations.Operations``), made with the
            model; the default of its mixin by default.
    """

    model: type[Any]
    label: str
    label_plural: str
    view: str
    endpoint: str
    icon: str = "file-text"
    operations: Callable[[type[Any]], Any] | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TableOperations:
    """Operations of a table whose rows are no records, e.g. an account or a department.

    Attributes:
        model: mapped class.
        operations: class of its operations, made with the model.
    """

    model: type[Any]
    operations: Callable[[type[Any]], Any]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DictionaryList:
    """A list of values that an admin edits on the screen of dictionaries.

    Attributes:
        model: mapped class with the ``Dictionary`` mixin.
        title: what the list is called (message id).
        view: permission name: ``can_list`` shows the list there, ``can_edit`` changes it.
        icon: name of an icon of the set.
        order: lower comes first among those of the plugin.
    """

    model: type[Any]
    title: str
    view: str
    icon: str = "list"
    order: int = 100

    @property
    def name(self) -> str:
        """Stable name of the list."""
        return self.model.__dictionary__


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowBinding:
    """A workflow with the code that its names stand for.

    Attributes:
        model: the kind of record it drives.
        workflow: ``app.workflow.definition.Workflow``.
        guards: named conditions ``(session, actor, record) -> Message | None``: why not.
        effects: named acts ``(session, actor, record, values) -> None`` in the transaction; they
            may raise ``Invalid`` with an error for a field.
    """

    model: type[Any]
    workflow: Any
    guards: Mapping[str, Callable[..., Any]] = dataclasses.field(default_factory=dict)
    effects: Mapping[str, Callable[..., Any]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Deadline policies for a kind of record (``app.deadlines.policies.Policy``)."""

    record_type: str
    policies: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of the home page.

    Attributes:
        name: identifier with the plugin's prefix.
        title: shown text (message id).
        load: ``(session, actor) -> dict`` for the template, or ``None`` to leave the card out.
        template: template that draws the body, e.g. ``screens/home/card.html``.
        view: view whose ``permission`` shows the card.
        permission: see ``view``.
        order: lower comes first.
        width: columns of twelve.
        roles: names of roles that it is meant for; empty for all who hold the permission.
        to_do: what a line of it is (message id, e.g. ``Complaint``), where its lines are what the
            person has to do. They stand in one list with those of all such cards, by ``due``
            (an aware time or a day) of each line.
    """

    name: str
    title: str
    load: Callable[..., Mapping[str, Any] | None]
    template: str
    view: str
    permission: str = "can_list"
    order: int = 100
    width: int = 6
    roles: tuple[str, ...] = ()
    to_do: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A tab on the record pages of another kind of record.

    A tab lists rows (``rows_of``) or is drawn by the plugin (``load`` and ``template``).

    Attributes:
        record_type: on whose pages it stands.
        title: shown text (message id).
        view: view whose ``can_list`` shows it.
        rows_of: model of this plugin with a relation to that record. The tab is generated: its
            rows that belong to the record, with the columns, rights and row scope of their own
            list, and a button for a new one where the form may be filled in from the address.
        load: ``(session, actor, record) -> dict`` for the template, or ``None`` to hide it.
        template: template that draws it.
        order: place among the tabs of plugins, lowest first.

    Raises:
        ValueError: it has neither rows nor load and template, or both.
    """

    record_type: str
    title: str
    view: str
    rows_of: type[Any] | None = None
    load: Callable[..., Mapping[str, Any] | None] | None = None
    template: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        if bool(self.rows_of) == bool(self.load and self.template):
            raise ValueError(
                f"The tab {self.title!r} needs either rows_of, or load and template."
            )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an admin may set for a plugin.

    Attributes:
        form: ``app.forms.definition.Form`` named after the plugin; its fields carry the defaults.
    """

    form: Any


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DemoData:
    """Generated data of a plugin for demonstrations and load tests.

    Attributes:
        name: identifier.
        load: ``(context) -> str``; returns one sentence on what was made.
        order: lower runs first.
    """

    name: str
    load: Callable[..., str]
    order: int = 100


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShippedData:
    """Rows that come with a plugin, e.g. the values of its lists.

    Attributes:
        name: identifier.
        load: ``(session) -> None``; adds what was never shipped before and leaves what admins
            changed.
    """

    name: str
    load: Callable[..., None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """Why a plugin denies something, as a message id with its values, and a page that helps."""

    plugin: str
    message: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    link: Link | None = None

    @property
    def reason(self) -> Message:
        """The reason as a message."""
        return Message(self.message, self.values, self.link)
