"""What plugins offer each other and put on each other's records: plain dataclasses."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Any]
Expressions = Callable[..., Mapping[str, Any]]


def for_every_record(_record: Any) -> bool:
    """Return whether a record gets an addition: each of them does."""
    return True


def no_expressions(_actor: Any, _record: Any) -> Mapping[str, Any]:
    """Return nothing: an addition that needs no value from the database."""
    return {}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EventField:
    """One value that an event carries.

    Attributes:
        name: key in the data of the event.
        kind: ``str``, ``int``, ``float``, ``bool``, ``list`` or ``dict``; moments and dates are
            texts in ISO 8601, amounts are texts.
        text: what it means, in English, for the documentation.
        required: whether every event has it; others may be left out or be ``None``.
    """

    name: str
    kind: type[Any]
    text: str
    required: bool = True


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of a plugin's own, which ``emit`` sends to the ``on_event`` hooks of all plugins.

    Attributes:
        name: identifier with the plugin's prefix, e.g. ``callbacks.unreachable``.
        title: what happened (message id).
        fields: what its data hold.
        catch_up: whether a plugin that is switched off or set aside gets it once it is back.
        is_occasion: whether it is about a customer who may be contacted because of it: rules of
            callbacks offer it as a trigger.
    """

    name: str
    title: str
    fields: tuple[EventField, ...] = ()
    catch_up: bool = True
    is_occasion: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """Something that others may ask of a plugin by name, from code, a job, a button or REST.

    Attributes:
        name: identifier with the plugin's prefix, e.g. ``complaints.open``.
        title: what is done, as an imperative (message id).
        view: view whose ``permission`` the actor needs.
        permission: see ``view``.
        form: ``app.forms.definition.Form`` of the values; ``None`` asks for nothing.
        run: ``(session, actor, values, origin) -> record`` in the transaction of the call; the
            record that came of it, or one that it was done with. It may raise the errors of
            ``app.sdk.errors``.
        defaults: ``(session, actor, origin) -> dict``: what the form is filled with at first.
        links: whether what came of it is linked with the record that it started from.
        icon: name of an icon of the set.
    """

    name: str
    title: str
    view: str
    permission: str
    run: Callable[..., Any]
    form: Any = None
    defaults: Callable[..., Mapping[str, Any]] | None = None
    links: bool = True
    icon: str = "bolt"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LinkKind:
    """A kind of link between two records.

    Attributes:
        name: identifier with the plugin's prefix, e.g. ``complaints.merged``.
        forward: what the first record reads (message id), e.g. "Merged into".
        backward: what the second record reads (message id), e.g. "Merged from here".
    """

    name: str
    forward: str
    backward: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordChip:
    """A mark in the head of records of another kind.

    Attributes:
        record_type: on whose pages it is shown.
        view: view whose ``permission`` shows it.
        permission: see ``view``.
        values: ``(actor, record) -> dict`` of SQL expressions with one value each, e.g.
            ``select(func.count()).where(…).scalar_subquery()``. The page reads those of all plugins
            in one statement; they have to observe the row scope of the actor.
        show: ``(record, values) -> Chip | None``.
        order: lower comes first.
    """

    record_type: str
    view: str
    show: Callable[..., Any]
    values: Expressions = no_expressions
    permission: str = "can_list"
    order: int = 100


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """A line among the facts of records of another kind.

    Attributes:
        record_type: on whose pages it is shown.
        label: what the line is called (message id).
        view: view whose ``permission`` shows it.
        permission: see ``view``.
        values: see ``RecordChip``.
        show: ``(record, values) -> str | Markup | None``; ``None`` leaves the line out.
        order: lower comes first.
    """

    record_type: str
    label: str
    view: str
    show: Callable[..., Any]
    values: Expressions = no_expressions
    permission: str = "can_list"
    order: int = 100


# Kinds of column that need nothing but a value: those of ``app.screens.columns``.
_COLUMN_KINDS = ("text", "integer", "decimal", "boolean", "date", "datetime")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordColumn:
    """A column that lists of records of another kind can show, sort and filter by, and export.

    Nobody's list shows it before they choose it. It comes with the statement of the list, so it
    costs no further one; a list that is sorted by it works it out for every row that it holds. The
    REST API of the kind gives it with a record, and with a list where ``columns=`` names it.

    Attributes:
        record_type: whose lists offer it.
        name: identifier with the plugin's prefix, e.g. ``complaints.open``; saved views and
            addresses hold it.
        label: what it is called (message id).
        kind: ``text``, ``integer``, ``decimal``, ``boolean``, ``date`` or ``datetime``.
        expression: ``(actor, model) -> SQL expression`` with one value for a row of the mapped
            class ``model``, such as
            ``select(func.count()).where(Visit.customer_id == model.id, …).scalar_subquery()``. It
            has to observe the row scope of the actor.
        view: view whose ``permission`` offers the column.
        permission: see ``view``.
        order: lower comes first.

    Raises:
        ValueError: there is no such kind, or the name has no prefix.
    """

    record_type: str
    name: str
    label: str
    kind: str
    expression: Callable[..., Any]
    view: str
    permission: str = "can_list"
    order: int = 100

    def __post_init__(self) -> None:
        if self.kind not in _COLUMN_KINDS:
            raise ValueError(
                f"The column {self.name!r} is of the kind {self.kind!r}; there are "
                f"{', '.join(_COLUMN_KINDS)}.")
        if "." not in self.name:
            raise ValueError(f"The name of the column {self.name!r} needs the plugin's prefix.")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction:
    """A button on the pages of records of another kind.

    It leads to an ability, with the record as origin, or to an address.

    Attributes:
        record_type: on whose pages it is shown.
        label: text of the button (message id); the title of the ability without.
        ability: name of an ability; the button is shown to those who have it.
        url: ``(actor, record, values) -> str | None``, instead of an ability; ``None`` leaves the
            button out.
        view: view whose ``permission`` shows the button that has an address.
        permission: see ``view``.
        when: ``(record) -> bool``: which of the records get the button; all by default.
        at_once: one click uses the ability with what its form is filled with at first, and leads
            to what came of it; nothing is asked for.
        values: see ``RecordChip``.
        icon: name of an icon of the set.
        order: lower comes first.

    Raises:
        ValueError: it has neither an ability nor an address with a view, or both; or it is to
            happen at once without an ability.
    """

    record_type: str
    label: str = ""
    ability: str = ""
    url: Callable[..., str | None] | None = None
    view: str = ""
    permission: str = "can_list"
    when: Callable[..., bool] = for_every_record
    at_once: bool = False
    values: Expressions = no_expressions
    icon: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        if self.at_once and not self.ability:
            raise ValueError(f"The action {self.label!r} happens at once: it needs an ability.")
        if bool(self.ability) == bool(self.url and self.view and self.label):
            raise ValueError(
                f"The action {self.label or self.ability!r} needs either an ability, or label, url "
                "and view."
            )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFeed:
    """What of a kind of record is written on the timeline of its customer.

    Attributes:
        record_type: the kind; its records have a ``customer_id``.
        entries: message id of an entry by what happened: ``create``, the category that a
            transition led to from another one (``open``, ``waiting``, ``done``, ``cancelled``), or
            the name of an event; the data of the event are the values of the message.
        icon: name of an icon of the set.
    """

    record_type: str
    entries: Mapping[str, str]
    icon: str = ""
