"""Labels of rows: what a select offers, and what stands for a key on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, cast, false, literal, or_, select, true
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.database import AnySelect, db
from app.records.search.index import search_filter
from app.screens.columns.columns import label_of
from app.screens.columns.dictionaries import in_use, is_dictionary, value_label, values_matching
from app.screens.registry import registry
from app.web.request import actor


class Labels:
    """The part of a datamodel interface that names rows."""

    obj: Any
    key: Any
    session: Any

    if TYPE_CHECKING:
        # What the rest of the interface gives.
        def visible(self) -> ColumnElement[bool]: ...

        def visible_to(self, person: Actor) -> ColumnElement[bool]: ...

        def parse_key(self, text: Any) -> int | None: ...

    def options(
        self, text: str, limit: int, also: Sequence[ColumnElement[bool]] = (),
        *, retired: bool = False,
    ) -> list[tuple[int, str]]:
        """Return ``(key, label)`` of rows that match ``text``, those that are ``retired`` too."""
        label = label_of(self.obj)
        statement = select(self.key, label).where(self.visible(), self._may_choose(), *also)
        if is_dictionary(self.obj):
            found = values_matching(self.obj, statement, text, retired).limit(limit)
            return [(row[0], value_label(*row[1:])) for row in self.session.execute(found)]
        if "active" in self.obj.__mapper__.columns:
            statement = statement.where(self.obj.active.is_(True))
        if text:
            if hasattr(self.obj, "__record_type__"):
                statement = statement.where(search_filter(db.session, self.obj, text))
            else:
                statement = statement.where(label.icontains(text, autoescape=True))
        rows = self.session.execute(statement.order_by(label, self.key).limit(limit))
        return [(key, str(name)) for key, name in rows]

    def _may_choose(self) -> ColumnElement[bool]:
        """Return the condition that records can be chosen: by those who may list them."""
        return self._may_be_chosen_by(actor())

    def _may_be_chosen_by(self, person: Actor) -> ColumnElement[bool]:
        screens = registry().screens_of(self.obj) if hasattr(self.obj, "__record_type__") else ()
        lists = any(person.can("can_list", screen.class_permission_name) for screen in screens)
        return true() if lists or not screens else false()

    def labels(self, ids: Iterable[Any]) -> dict[int, str]:
        """Return labels by key, whether or not the caller may open those rows.

        Only for values that stand on a row the caller sees: a name there is no secret.
        """
        keys = [key for key in map(self.parse_key, ids) if key is not None]
        if not keys:
            return {}
        rows = self.session.execute(select(self.key, label_of(self.obj)).where(self.key.in_(keys)))
        return {key: str(name) for key, name in rows}

    def label_select(self, ids: Iterable[Any], tag: str) -> AnySelect:
        """Return a SELECT of ``(tag, key, label)``; several of them make one UNION.

        Records that are out of the caller's scope are left out.

        Args:
            ids: keys wanted.
            tag: text that marks the rows of this kind.
        """
        keys = [key for key in map(self.parse_key, ids) if key is not None]
        label = cast(label_of(self.obj), String)
        in_sight = scope_filter(actor(), self.obj, indexed=False) if (
            hasattr(self.obj, "__record_type__")) else true()
        return select(literal(tag), self.key, label).where(self.key.in_(keys), in_sight)

    def named(
        self, session: Session, person: Actor, text: str,
        also: Sequence[ColumnElement[bool]] = (),
    ) -> list[int]:
        """Return keys of rows that a person may choose and that a file calls so, two at most.

        It needs no request.

        Args:
            session: any session.
            person: who chooses.
            text: number, code, name or whole label.
            also: further conditions.
        """
        columns = self.obj.__mapper__.columns
        title = getattr(self.obj, "__title_field__", "")
        names = ("code", "name", "name_zh", "username", title)
        ways = [getattr(self.obj, name) == text for name in names if name in columns]
        if "number" in columns:
            # A label is the number with the title behind it.
            ways.append(self.obj.number == text.split(" ", 1)[0])
        else:
            ways.append(label_of(self.obj) == text)
        statement = select(self.key).where(
            or_(*ways), self.visible_to(person), self._may_be_chosen_by(person), *also,
            *in_use(self.obj))
        return list(session.scalars(statement.order_by(self.key).limit(2)))

    def selectable(
        self, ids: Iterable[Any], also: Sequence[ColumnElement[bool]] = (),
        *, retired: bool = False,
    ) -> dict[int, str]:
        """Return labels by key of rows that the caller may choose, ``retired`` ones too."""
        keys = [key for key in map(self.parse_key, ids) if key is not None]
        if not keys:
            return {}
        rows = self.session.execute(
            select(self.key, label_of(self.obj)).where(
                self.key.in_(keys), self.visible(), self._may_choose(), *also,
                *(() if retired else in_use(self.obj)),
            )
        )
        return {key: str(name) for key, name in rows}
