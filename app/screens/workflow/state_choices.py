"""The states of a workflow as choices of a screen, under the names that are in force."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, overload

from flask import has_app_context

from app.database import db
from app.screens.contracts import Choice
from app.workflow.publishing import NotPublished, labels_in_force


class StateChoices(Sequence[Choice]):
    """Choices whose labels follow what an administrator has called the states.

    Tuning changes no state but its name, so that the shipped ones give number, order and colours.

    Args:
        workflow: name of the workflow.
        shipped: its states as shipped.
    """

    def __init__(self, workflow: str, shipped: Sequence[Choice]) -> None:
        self._workflow, self._shipped = workflow, tuple(shipped)

    def _named(self) -> tuple[Choice, ...]:
        if not has_app_context():
            return self._shipped
        try:
            labels = labels_in_force(db.session, self._workflow)
        except NotPublished:
            return self._shipped
        return tuple(
            dataclasses.replace(one, label=labels.get(one.value, one.label))
            for one in self._shipped
        )

    def __len__(self) -> int:
        return len(self._shipped)

    def __iter__(self) -> Iterator[Choice]:
        return iter(self._named())

    @overload
    def __getitem__(self, place: int) -> Choice: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Choice]: ...

    def __getitem__(self, place: Any) -> Any:
        return self._named()[place]
