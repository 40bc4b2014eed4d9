"""What a column of a list is: its kind, its SQL and its label.

A list reads tuples, never entities. The label of a related row ("who owns it") comes by a
subquery on its primary key: as cheap as a join, and it leaves filter and order alone.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import get_locale
from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy import types as sql
from sqlalchemy.orm import RelationshipProperty, aliased
from sqlalchemy.orm.interfaces import MANYTOONE

from app.access.actor import Actor
from app.access.scope import is_confidential
from app.access.sensitive.columns import Sensitive
from app.database import UTCDateTime
from app.lazy_texts import lazy_gettext
from app.people.models import Staff
from app.records.custom_fields.columns import column_fields
from app.records.custom_fields.definitions import FILE, RECORD, CustomChoice, CustomField
from app.records.models import File
from app.records.values import relation_of
from app.web.texts import column_label, column_msgid

# Columns that name a row when its model does not say which one does.
_NAMING = ("name", "title", "label", "number", "code", "username")
# Kinds whose values run to the right edge.
NUMERIC = frozenset({"integer", "decimal"})

_NONE: Mapping[str, Any] = {}
LabelMaker = Callable[[Any], ColumnElement[Any]]


class UnknownColumn(ValueError):
    """A view names something that is neither a column nor a relation of its model."""


# Compared as the object that it is: comparing SQL expressions makes other expressions.
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a list, a form or an export.

    Attributes:
        name: as the view names it: ``state``, ``owner``, ``customer.name``.
        kind: text, long_text, integer, decimal, boolean, date, datetime, choice, relation, json,
            sensitive.
        attribute: what filters and sorting work on; the foreign key of a relation.
        shown: SQL of what is shown; the label of a relation.
        label: lazy text.
        sortable: whether a list may be sorted by it.
        nullable: whether it may be empty.
        target: related model of a relation.
        help: message id of the help text.
        custom: definition of a custom field; its value is an entry of ``Record.extra``.
        field: definition of the values, of a custom field or of a column like one.
        made_for: returns the SQL for whoever asks, where it differs from one person to the next;
            ``attribute`` and ``shown`` are nothing then, see ``seen_by``.
    """

    name: str
    kind: str
    attribute: Any
    shown: Any
    label: Any
    sortable: bool
    nullable: bool
    target: type[Any] | None = None
    help: Any = ""
    custom: CustomField | None = None
    field: CustomField | None = None
    made_for: Callable[[Actor], ColumnElement[Any]] | None = None

    def seen_by(self, person: Actor) -> Column:
        """Return the column with the SQL that a person is given.

        Args:
            person: who asks.
        """
        if self.made_for is None:
            return self
        made = self.made_for(person)
        return dataclasses.replace(self, attribute=made, shown=made, made_for=None)

    @property
    def sensitive(self) -> Sensitive:
        """Type of a column of the kind ``sensitive``."""
        return self.attribute.type

    @property
    def related(self) -> type[Any]:
        """The related model of a relation.

        Raises:
            TypeError: it is no relation.
        """
        if self.target is None:
            raise TypeError(f"{self.name} is no relation")
        return self.target

    @property
    def is_many(self) -> bool:
        """Whether a row can hold several of the choices."""
        return self.field is not None and self.field.kind == "choices"

    @property
    def is_file(self) -> bool:
        """Whether it names a file on the record."""
        return self.field is not None and self.field.kind == FILE

    @property
    def has_several(self) -> bool:
        """Whether a row refers to several rows of ``target``; a list can only be filtered by it."""
        return self.kind == "relation" and isinstance(
            getattr(self.attribute, "property", None), RelationshipProperty
        )

    @property
    def is_required(self) -> bool:
        """Whether a form asks for something here: nothing else would fill it."""
        return self.needs_value and (self.field is not None or self.kind != "boolean")

    @property
    def needs_value(self) -> bool:
        """Whether a new row needs a value from whoever writes it.

        ``info={"required": False}`` on a column says that the operations of its kind fill it.
        """
        if self.field is not None:
            # A new record has no files yet that one could be chosen from.
            return self.field.required and not self.is_file
        source = self.attribute.property.columns[0]
        free = self.nullable or source.default is not None or source.server_default is not None
        return bool(source.info.get("required", not free))

    @property
    def is_numeric(self) -> bool:
        """Whether values run to the right edge."""
        return self.kind in NUMERIC


def _user_label(user: Any) -> ColumnElement[Any]:
    """Return a user's name: as staff if they are, else as in the account."""
    staff = aliased(Staff)
    name = select(staff.name).where(staff.user_id == user.id).correlate(user).scalar_subquery()
    return func.coalesce(name, func.trim(user.first_name + " " + user.last_name))


_LABELS: dict[type[Any], LabelMaker] = {User: _user_label}


def localised_label(row: Any) -> ColumnElement[Any]:
    """Return the SQL of a label in the language of the request: ``name_zh`` or ``name``.

    Args:
        row: model or alias with both columns.
    """
    return in_language(row.name, row.name_zh)


def in_language(english: Any, chinese: Any) -> ColumnElement[Any]:
    """Return the SQL of one of two texts by the language of the request; English where one lacks.

    Args:
        english: SQL of the English text.
        chinese: SQL of the Chinese text; an empty one counts as none.
    """
    language = bindparam(None, callable_=_language, type_=sql.String(8), unique=True)
    return func.coalesce(case((language == "zh", func.nullif(chinese, ""))), english)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale is not None else "en"


def register_label(model: type[Any], maker: LabelMaker) -> None:
    """Say how rows of a model are named where their columns do not tell.

    Args:
        model: mapped class.
        maker: returns the SQL of the label for the model or an alias of it.
    """
    _LABELS[model] = maker
    _label_of_relation.cache_clear()


def label_of(model: type[Any], entity: Any | None = None) -> ColumnElement[Any]:
    """Return the SQL that names a row of ``model``.

    A confidential record is named by its number alone: the name also stands on other rows, which
    may be read by people who do not see the record.

    Args:
        model: mapped class.
        entity: alias to use; the model itself by default.
    """
    named: Any = model if entity is None else entity  # a class or an alias of it
    if is_confidential(model):
        return named.number if hasattr(model, "number") else _key_as_text(named)
    maker = _LABELS.get(model)
    if maker is not None:
        return maker(named)
    columns = model.__mapper__.columns
    number = named.number if "number" in columns else None
    title = getattr(model, "__title_field__", "")
    if number is not None and title and title != "number" and title in columns:
        return number + " " + func.coalesce(getattr(named, title), "")
    if "name" in columns and "name_zh" in columns:
        return localised_label(named)
    name = next((one for one in _NAMING if one in columns), None)
    return _key_as_text(named) if name is None else getattr(named, name)


def _key_as_text(named: Any) -> ColumnElement[Any]:
    # With a name: a SELECT of the key and of an unnamed cast of it is ambiguous.
    return func.cast(named.id, sql.String).label("label")


def kind_of(column: Any) -> str:
    """Return the kind of a table column by its SQL type."""
    kind = column.type
    if getattr(column, "info", _NONE).get("choices") or isinstance(kind, sql.Enum):
        return "choice"
    if isinstance(kind, Sensitive):
        return "sensitive"
    if isinstance(kind, UTCDateTime | sql.DateTime):
        return "datetime"
    if isinstance(kind, sql.TypeDecorator):
        kind = kind.impl_instance
    for types, name in (
        (sql.Boolean, "boolean"), (sql.Date, "date"), (sql.Integer, "integer"),
        (sql.Numeric | sql.Float, "decimal"), (sql.JSON, "json"), (sql.Text, "long_text"),
        (sql.String, "text"),
    ):
        if isinstance(kind, types):
            return name
    return "text"


def label_for(name: str, labels: Mapping[str, Any] | None, info: Mapping[str, Any] = _NONE) -> Any:
    """Return the label of a field: given by the view, by the column, or made from its name.

    Args:
        name: name of the field.
        labels: labels given by the view, by name.
        info: what the column says of itself.
    """
    given = (labels or {}).get(name) or info.get("label")
    if given is None:
        return column_label(name)
    return lazy_gettext(given) if type(given) is str else given


# Lists, forms and the API describe the same relations, and an alias is slow to build.
@functools.cache
def _label_of_relation(model: type[Any], name: str) -> tuple[Any, ColumnElement[Any]]:
    """Return the attribute that refers to another row, and the SQL of that row's label."""
    relation = model.__mapper__.relationships[name]
    (local,) = relation.local_columns
    target = relation.mapper.class_
    return (
        model.__mapper__.get_property_by_column(local).class_attribute,
        of_related_row(model, name, lambda entity: label_of(target, entity)),
    )


@functools.cache
def is_deleted_of_relation(model: type[Any], name: str) -> ColumnElement[Any] | None:
    """Return the SQL that says whether the row of a relation lies in the recycle bin.

    Args:
        model: mapped class.
        name: of a many-to-one relation.

    Returns:
        ``None`` where rows of that kind have no recycle bin.
    """
    relation = model.__mapper__.relationships[name]
    target = relation.mapper.class_
    if "deleted_at" not in target.__mapper__.columns:
        return None
    return of_related_row(model, name, lambda entity: entity.deleted_at.is_not(None))


def of_related_row(
    model: type[Any], name: str, asked: Callable[[Any], ColumnElement[Any]]
) -> ColumnElement[Any]:
    """Return a value of the row that a relation leads to, as a subquery of the row's own SELECT."""
    relation = model.__mapper__.relationships[name]
    (local,), (remote,) = relation.local_columns, relation.mapper.primary_key
    attribute = model.__mapper__.get_property_by_column(local).class_attribute
    entity = aliased(relation.mapper.class_)
    return (
        select(asked(entity))
        .where(getattr(entity, remote.name) == attribute)
        .correlate(model)
        .scalar_subquery()
    )


def _relation_column(
    model: type[Any], name: str, relation: RelationshipProperty[Any], labels: Mapping[str, Any]
) -> Column:
    attribute, shown = _label_of_relation(model, name)
    (local,) = relation.local_columns
    info = {**local.info, **relation.info}
    return Column(
        name=name, kind="relation", attribute=attribute, shown=shown,
        label=label_for(name, labels, info), sortable=False, nullable=bool(local.nullable),
        target=relation.mapper.class_, help=info.get("help", ""),
    )


def describe(model: type[Any], name: str, labels: Mapping[str, Any] | None = None) -> Column:
    """Return what a view means by a column name.

    Args:
        model: mapped class.
        name: a column, a many-to-one relation, or ``relation.column``.
        labels: labels given by the view, by name.

    Raises:
        UnknownColumn: the model has no such column.
    """
    labels = labels or {}
    mapper = model.__mapper__
    if "." in name:
        return _dotted_column(model, name, labels)
    relation = relation_of(model, name)
    if relation is not None:
        if relation.direction is not MANYTOONE or len(relation.local_columns) != 1:
            raise UnknownColumn(f"{model.__name__}.{name} is no many-to-one relation")
        return _relation_column(model, name, relation, labels)
    if name not in mapper.columns:
        raise UnknownColumn(f"{model.__name__} has no column {name!r}")
    column = mapper.columns[name]
    field = column_fields(model).get(name)
    if field is not None:
        return _field_column(model, field, label_for(name, labels, column.info), column.info)
    attribute = getattr(model, name)
    kind = kind_of(column)
    return Column(
        name=name, kind=kind, attribute=attribute, shown=attribute,
        label=label_for(name, labels, column.info),
        sortable=kind not in ("long_text", "json", "sensitive"), nullable=bool(column.nullable),
        help=column.info.get("help", ""),
    )


def name_of_file(key: Any) -> ColumnElement[Any]:
    """Return the SQL of the name of the file with a key; nothing where it is deleted."""
    return select(File.name).where(File.id == key, File.deleted_at.is_(None)).scalar_subquery()


def _field_column(model: type[Any], field: CustomField, label: Any, info: Any) -> Column:
    """Return a column of several choices, a file or a record, as a custom field of its kind."""
    shown = attribute = getattr(model, field.name)
    if field.kind == "choices":
        attribute = func.cast(shown, sql.String)
        field = dataclasses.replace(field, choices=tuple(
            CustomChoice(one.value, lazy_gettext(one.label)) for one in field.choices))
    elif field.kind == FILE:
        shown = attribute = name_of_file(shown)
    return Column(
        name=field.name, kind="choice" if field.kind == "choices" else "text",
        attribute=attribute, shown=shown, label=label, sortable=field.kind == RECORD,
        nullable=not field.required, help=info.get("help", ""), field=field)


def _dotted_column(model: type[Any], name: str, labels: Mapping[str, Any]) -> Column:
    first, _, rest = name.partition(".")
    relation = relation_of(model, first)
    if relation is None or relation.direction is not MANYTOONE or "." in rest:
        raise UnknownColumn(f"{model.__name__} has no column {name!r}")
    if is_confidential(relation.mapper.class_):
        # A list of the one kind would show what only the other one's own screens may.
        raise UnknownColumn(f"{model.__name__}.{first} is confidential: {name!r} is not shown here")
    outer = _relation_column(model, first, relation, labels)
    target = relation.mapper.class_
    inner = describe(target, rest, {})
    entity = aliased(target)
    shown = (
        select(getattr(entity, rest))
        .where(entity.id == outer.attribute)
        .correlate(model)
        .scalar_subquery()
    )
    return Column(
        name=name, kind=inner.kind, attribute=shown, shown=shown,
        label=labels.get(name) or inner.label, sortable=False, nullable=True,
        help=column_msgid(rest) if inner.help else "",
    )
