"""How far a role sees in each kind of record, as a table of its form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from wtforms import Field

from app.access.actor import Scope
from app.access.scope import is_confidential, is_scoped
from app.host.host import current_host
from app.sdk import N_

SCOPES = {
    Scope.OWN: N_("Own records"),
    Scope.TEAM: N_("Records of the own team"),
    Scope.DEPARTMENT: N_("Records of the own department"),
    Scope.ALL: N_("All records"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class ReachLine:
    """One kind of record.

    Attributes:
        record_type: stable name of the kind.
        label: what it is called.
        confidential: whether no general scope opens it.
        scope: scope of the role for it; ``None`` where the general one is in force.
    """

    record_type: str
    label: str
    confidential: bool
    scope: Scope | None

    @property
    def default_text(self) -> str:
        """What is in force without a scope of its own."""
        return gettext(
            N_("Only records in which the person takes part") if self.confidential
            else N_("As the role in general")
        )

    @property
    def text(self) -> str:
        """What is in force."""
        return self.default_text if self.scope is None else gettext(SCOPES[self.scope])


def reach_lines(reaches: Mapping[str, Scope | None]) -> list[ReachLine]:
    """Return the kinds of record whose rows belong to people, with the scope of a role.

    Args:
        reaches: scopes by record type.
    """
    lines = [
        ReachLine(kind, gettext(item.label_plural), is_confidential(item.model),
                  reaches.get(kind))
        for item in current_host().record_types()
        if is_scoped(item.model) and (kind := item.model.__record_type__)
    ]
    return sorted(lines, key=lambda line: line.label)


class ReachField(Field):
    """Scopes by record type, sent as ``complaints.complaint:3``; without a number: no own one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen; anything else cannot have come from the form."""
        known = {line.record_type for line in reach_lines({})}
        numbers = {str(int(scope)): scope for scope in Scope}
        found: dict[str, Scope | None] = {}
        for text in valuelist:
            kind, _, number = text.rpartition(":")
            if kind in known and (not number or number in numbers):
                found[kind] = numbers.get(number)
        self.data: Any = found
