"""Transitions on a timeline are joined with the log by the line that their entry names."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from app.screens.contracts import TimelineEntry
from app.screens.workflow.transition_timeline import _joined

START = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def entry(minute, log_id=None, kind="transition"):
    return TimelineEntry(at=START + dt.timedelta(minutes=minute), who="", what="", kind=kind,
                         log_id=log_id)


def joined(entries, numbers):
    lines = [SimpleNamespace(id=number) for number in numbers]
    return {place: line.id for place, line in _joined(entries, lines)}


def test_an_entry_names_its_line_whatever_stands_between():
    # The newest line has no entry here: by their order alone every one would be mistaken.
    entries = [entry(3, 12), entry(2, kind="change"), entry(1, 11)]
    assert joined(entries, [11, 12, 13]) == {0: 12, 2: 11}


def test_entries_of_before_are_joined_by_their_order():
    entries = [entry(4, 13), entry(3), entry(2, kind="comment"), entry(1)]
    assert joined(entries, [11, 12, 13]) == {0: 13, 1: 12, 3: 11}


def test_a_line_that_is_gone_names_nothing():
    assert joined([entry(2, 99), entry(1)], [11]) == {1: 11}
