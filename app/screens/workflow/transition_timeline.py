"""What happened to a record, with its transitions by their names."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from app.database import db
from app.screens.columns.cells import choice_of
from app.screens.contracts import TimelineEntry
from app.screens.records.timeline import Timeline
from app.web.texts import translated
from app.workflow import services as workflow
from app.workflow.operations import workflow_operations


class TransitionTimeline(Timeline):
    """A timeline on which transitions have their names and say where they led."""

    def decorate(self, record: Any, entries: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
        """Name transitions in what happened; their changes of fields stay with them."""
        entries = list(super().decorate(record, entries))
        lines = [line for line in workflow.log(db.session, record) if line.transition]
        for place, line in _joined(entries, lines):
            entries[place] = self._named(entries[place], line)
        return entries

    def _named(self, entry: TimelineEntry, line: Any) -> TimelineEntry:
        operations, states = workflow_operations(self.screen.model), self.screen.choices_of("state")
        labels = {one.name: one.label for one in operations.shipped.transitions}
        action = translated(labels.get(line.transition, line.transition))
        target = translated(choice_of(states, line.target).label)
        return dataclasses.replace(
            entry, text=line.comment, icon="arrow-right",
            what=action if line.source == line.target else f"{action} → {target}",
            # The state stands in the line already.
            changes=tuple(change for change in entry.changes
                          if change.label is not self.screen.columns["state"].label),
        )


def _joined(
    entries: Sequence[TimelineEntry], lines: Sequence[Any]
) -> Iterator[tuple[int, Any]]:
    """Yield the places of transitions among entries, each with its line of the log.

    An entry names its line. Entries that were written before they did are joined by time: newest
    first here, oldest first there, and both were written in one transaction.

    Args:
        entries: what happened, newest first.
        lines: lines of the log that are transitions, oldest first.
    """
    places = [place for place, entry in enumerate(entries) if entry.kind == "transition"]
    by_id = {line.id: line for line in lines}
    named = {place: entries[place].log_id for place in places if entries[place].log_id in by_id}
    yield from ((place, by_id[log_id]) for place, log_id in named.items())
    taken = set(named.values())
    rest = [line for line in reversed(lines) if line.id not in taken]
    unnamed = [place for place in places if entries[place].log_id is None]
    yield from zip(unnamed, rest, strict=False)
