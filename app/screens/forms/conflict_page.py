"""The choice between two versions: what a person wrote, and what others wrote meanwhile."""

from __future__ import annotations

import dataclasses
import decimal
from collections.abc import Mapping
from typing import Any

from flask import request

from app.access.audit import plain
from app.access.sensitive.values import SensitiveValue
from app.database import db
from app.records.versions import ChangeSince, changes_since
from app.screens.forms.form_steps import FormStep
from app.screens.forms.record_forms import RecordForms
from app.screens.records.header import RecordHeader
from app.screens.screen import Part, Screen

_CONFLICT = 409
_TEMPLATE = "screens/forms/conflict.html"


@dataclasses.dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field whose two versions differ.

    Attributes:
        name: name of the field.
        label: its label.
        mine: what the person wrote, as shown.
        theirs: what stands there now, as shown.
        sent: what the person's form sent for it, to be sent again.
        since: who changed it meanwhile; ``None`` when nobody did.
        both: whether the person has changed it as well.
    """

    name: str
    label: str
    mine: Any
    theirs: Any
    sent: list[str]
    since: ChangeSince | None
    both: bool

    @property
    def keeps_mine(self) -> bool:
        """Whether the person's own version is proposed: it is, unless only others changed it."""
        return self.since is None or self.both


def _same(one: Any, other: Any) -> bool:
    empty = (None, "", [])
    if one in empty and other in empty:
        return True
    if isinstance(one, SensitiveValue) or isinstance(other, SensitiveValue):
        # Different numbers may have the same mask.
        return one == other
    if isinstance(one, decimal.Decimal):
        try:
            return one == decimal.Decimal(str(other))
        except decimal.InvalidOperation:
            return False
    return plain(one) == plain(other)


class ConflictPage(Part):
    """Both versions of a row side by side.

    Args:
        screen: the screen.
        record_forms: the forms.
        record_header: names the record.
    """

    def __init__(
        self, screen: Screen, record_forms: RecordForms, record_header: RecordHeader
    ) -> None:
        super().__init__(screen)
        self._forms, self._header = record_forms, record_header

    def answer(
        self, form: Any, record: Any, values: Mapping[str, Any], version: int
    ) -> tuple[str, int]:
        """Show both versions; the person decides field by field, and one click saves.

        Args:
            form: the form as sent.
            record: the row as it is now.
            values: what the form holds, by field.
            version: version that the person had read.
        """
        self._forms.learn_labels(form, record)
        page = self.screen.render(
            _TEMPLATE, record=record, form=form, title=self._header.title(record),
            lines=self._differences(form, record, values, version),
            their_version=getattr(record, "version", None), step=FormStep.sent(),
        )
        return page, _CONFLICT

    def _differences(
        self, form: Any, record: Any, values: Mapping[str, Any], version: int
    ) -> list[FieldDifference]:
        kind = self.screen.operations.kind
        # Without a version nobody knows which changes came since.
        versioned = hasattr(record, "version")
        since = changes_since(db.session, kind, record, version) if versioned else {}
        present = self._forms.data(record)
        found = []
        for name, mine in values.items():
            theirs = present.get(name)
            if _same(mine, theirs):
                continue
            change = since.get(self._audited_as(name))
            found.append(FieldDifference(
                name=name, label=form[name].label.text, mine=self._forms.shown(name, mine),
                theirs=self._forms.shown(name, theirs), sent=request.form.getlist(name),
                since=change, both=change is not None and not _same(mine, change.before),
            ))
        # What needs a decision comes first.
        return sorted(found, key=lambda line: (not line.both, line.since is None))

    def _audited_as(self, name: str) -> str:
        column = self.screen.columns.get(name)
        if column is None or column.field is not None:
            return name
        return getattr(column.attribute, "key", name)
