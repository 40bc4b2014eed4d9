"""For which roles a row is, where they stand in a table of their own: in lists and at its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import inspect, select

from app.database import db
from app.i18n import N_
from app.lazy_texts import lazy_gettext
from app.screens.contracts import Chip
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.records.header import RecordHeader
from app.screens.records.relation_labels import role_label
from app.web.texts import translated

EVERYBODY = N_("Everybody")


class RolesColumn(ExtraColumns):
    """The roles that rows are for; the model has them as the relation ``roles``.

    Attributes:
        without: what a row without any role says (message id).
    """

    without: ClassVar[str] = EVERYBODY
    labels = {"roles": lazy_gettext("For whom")}

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return for whom the rows of a page are, in one statement."""
        keys = [row[0] for row in rows]
        link = inspect(self.screen.model).relationships["roles"]
        row_key, role_key = (pair[1] for pair in (
            *link.synchronize_pairs, *link.secondary_synchronize_pairs))
        found: dict[int, list[str]] = {key: [] for key in keys}
        for key, name in db.session.execute(
            select(row_key, Role.name).join(Role, Role.id == role_key)
            .where(row_key.in_(keys)).order_by(Role.name)
        ):
            found[key].append(role_label(name))
        return {"roles": {key: ", ".join(names) or translated(self.without)
                          for key, names in found.items()}}


class RolesHeader(RecordHeader):
    """The roles that a row is for, at the head of its page.

    Attributes:
        without: what a row without any role says (message id).
    """

    without: ClassVar[str] = EVERYBODY

    def badges(self, record: Any) -> Sequence[Chip]:
        """Return for whom it is."""
        names = [role_label(role.name) for role in record.roles]
        return [Chip(label=name, icon="shield") for name in names] or [
            Chip(label=translated(self.without), icon="users")]
