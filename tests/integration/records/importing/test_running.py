"""Importing into the database: dry run, all or nothing, good rows, again without twins."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import pytest

from app.database import write as write_to
from app.i18n import Message
from app.jobs.context import JobCancelled
from app.jobs.models import WorkerRow
from app.records.importing import running
from app.records.importing.fields import REJECTED, SKIP, UPDATE, Outcome
from app.records.importing.reports import CHECKED, REFUSED, WRITTEN, Report
from app.records.importing.running import ALL, CHECK, GOOD
from tests.integration.records.importing.people import (
    BAD_FILE,
    GOOD_FILE,
    HEADER,
    IMPORTER,
    Desk,
)

pytestmark = pytest.mark.both_databases


ALL_PROBLEMS = [
    (3, "Number", "", "This field is required."),
    (4, "Age", "old", "Enter a number."),
    (5, "Number", "1", "Line 2 has the same Number already."),
    (6, "Name", "", "Nobody knows unknown."),
]


def _problems(report: Report) -> list[tuple[Any, ...]]:
    return [tuple(problem.values()) for problem in report.problems]


def test_dry_run_tells_every_bad_row_and_writes_nothing(desk: Desk) -> None:
    report = desk.read(BAD_FILE, CHECK)
    assert (report.outcome, report.rows, report.rejected) == (CHECKED, 7, 4)
    assert _problems(report) == ALL_PROBLEMS
    assert desk.people() == {}


def test_dry_run_of_a_good_file_leaves_no_file(desk: Desk) -> None:
    report = desk.read(GOOD_FILE, CHECK)
    assert (report.outcome, report.rows, report.rejected) == (CHECKED, 3, 0)
    assert not desk.rejects.exists()


@pytest.mark.parametrize("mode", [ALL, GOOD])
def test_a_good_file_is_written(desk: Desk, mode: str) -> None:
    report = desk.read(GOOD_FILE, mode)
    assert (report.outcome, report.rows, report.created) == (WRITTEN, 3, 3)
    assert desk.people() == {"1": ("王芳", 30), "2": ("李强", 40), "3": ("=1+1", 50)}


def test_all_or_nothing_writes_nothing_of_a_bad_file(desk: Desk) -> None:
    report = desk.read(BAD_FILE, ALL)
    assert (report.outcome, report.created, report.rejected) == (REFUSED, 0, 4)
    assert desk.people() == {}


def test_all_or_nothing_undoes_what_was_written_before_a_late_refusal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    report = desk.read(HEADER + "1,a,1\n2,unlucky,2\n3,b,3\n", ALL)
    assert (report.outcome, report.created, report.rejected) == (REFUSED, 0, 1)
    assert _problems(report) == [(3, "", "", "Out of luck.")]
    assert desk.people() == {}


@pytest.mark.parametrize(("refuses_alone", "times"), [(False, 2), (True, 1)])
def test_what_was_checked_as_a_whole_is_checked_again_only_where_writing_would_not_refuse_it(
    desk: Desk, refuses_alone: bool, times: int
) -> None:
    checked: list[int] = []

    def check(session: Any, actor: Any, rows: Any) -> Any:
        checked.append(len(rows))
        return IMPORTER.check(session, actor, rows) if IMPORTER.check else ()

    importer = dataclasses.replace(IMPORTER, check=check, refuses_alone=refuses_alone)
    assert desk.read(GOOD_FILE, ALL, importer).created == 3
    assert checked == [3] * times
    assert desk.read(HEADER + "4,unknown,4\n", ALL, importer).outcome == REFUSED
    # Good rows are written at once: the check tells all that stands against the others.
    assert desk.read(HEADER + "4,unknown,4\n5,e,5\n", GOOD, importer).rejected == 1


def test_all_or_nothing_leaves_what_is_there_as_it_was_when_another_row_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of a table that cannot hide them: the new ones go again, the others never changed."""
    monkeypatch.setattr(running, "BATCH", 1)
    desk.read(HEADER + "1,a,1\n2,b,2\n", ALL)
    report = desk.read(HEADER + "1,other,9\n3,c,3\n2,unlucky,2\n", ALL, on_existing=UPDATE)
    assert (report.outcome, report.created, report.updated) == (REFUSED, 0, 0)
    assert desk.people() == {"1": ("a", 1), "2": ("b", 2)}
    report = desk.read(HEADER + "1,other,9\n3,c,3\n2,b,2\n", ALL, on_existing=UPDATE)
    assert (report.outcome, report.created, report.updated) == (WRITTEN, 1, 2)
    assert desk.people() == {"1": ("other", 9), "2": ("b", 2), "3": ("c", 3)}


def test_what_is_refused_only_after_the_decision_is_reported_and_the_rest_is_written(
    desk: Desk
) -> None:
    """Somebody changed a record in the moment between: that row alone is given back."""
    desk.read(HEADER + "1,a,1\n2,b,2\n", ALL)
    calls: list[str] = []

    def write(session: Any, actor: Any, rows: Any, on_existing: str) -> Any:
        calls.append(on_existing)
        outcomes = IMPORTER.write(session, actor, rows, on_existing)
        if calls.count(UPDATE) == 2:
            outcomes[0] = Outcome(rows[0].line, REJECTED, Message("Too late."))
        return outcomes

    late = dataclasses.replace(IMPORTER, write=write)
    report = desk.read(HEADER + "1,x,1\n2,y,2\n3,c,3\n", ALL, late, on_existing=UPDATE)
    assert (report.outcome, report.created, report.updated, report.rejected) == (WRITTEN, 1, 1, 1)
    assert [row["Reason"] for row in desk.rejected()] == ["Too late."]


def test_a_row_that_a_savepoint_took_back_is_nobodys_to_delete(desk: Desk) -> None:
    """Its key may be somebody else's by the time that the import is taken back."""
    def write(session: Any, actor: Any, rows: Any, on_existing: str) -> Any:
        with contextlib.suppress(ZeroDivisionError), session.begin_nested():
            session.add(WorkerRow(id="9", host="tried", pid=0))
            session.flush()
            raise ZeroDivisionError
        return IMPORTER.write(session, actor, rows, on_existing)

    def stop(done: int, total: int) -> None:
        if done == total:
            with write_to(desk.session):
                desk.session.add(WorkerRow(id="9", host="of somebody else", pid=1))
            raise JobCancelled

    with pytest.raises(JobCancelled):
        desk.read(GOOD_FILE, ALL, dataclasses.replace(IMPORTER, write=write), progress=stop)
    assert desk.people() == {"9": ("of somebody else", 1)}


def test_good_rows_are_written_and_the_others_left_to_be_put_right(desk: Desk) -> None:
    report = desk.read(BAD_FILE, GOOD)
    assert (report.outcome, report.rows, report.created, report.rejected) == (WRITTEN, 7, 2, 5)
    assert set(desk.people()) == {"1", "7"}
    rejected = desk.rejected()
    assert [(row["Line"], row["Reason"]) for row in rejected] == [
        ("3", "Number: This field is required."),
        ("4", "Age: Enter a number."),
        ("5", "Number: Line 2 has the same Number already."),
        ("6", "Name: Nobody knows unknown."),
        ("7", "Out of luck."),
    ]
    # A spreadsheet must not run what stands in the file ...
    assert rejected[1]["Name"] == "'=赵敏"
    text = desk.rejects.read_text(encoding="utf-8-sig")
    fixed = text.replace("old", "33").replace("\n1,twin", "\n8,twin")
    again = desk.read(fixed, GOOD)
    # ... and the name is what it was when the corrected file comes back.
    assert again.created == 2
    assert desk.people()["3"] == ("=赵敏", 33)


@pytest.mark.parametrize(
    ("on_existing", "counted", "name"),
    [(UPDATE, (0, 3, 0), "new"), (SKIP, (0, 0, 3), "王芳")],
)
def test_reading_a_file_again_makes_no_twins(
    desk: Desk, on_existing: str, counted: tuple[int, int, int], name: str
) -> None:
    desk.read(GOOD_FILE, ALL)
    report = desk.read(GOOD_FILE.replace("王芳", "new"), GOOD, on_existing=on_existing)
    assert (report.created, report.updated, report.skipped) == counted
    assert desk.people()["1"] == (name, 30)
    assert len(desk.people()) == 3


def test_a_field_without_a_column_is_not_touched(desk: Desk) -> None:
    desk.read(GOOD_FILE, ALL)
    desk.read(GOOD_FILE, ALL, mapping={"number": "Number", "name": "Name"})
    assert desk.people()["1"] == ("王芳", 30)


def test_progress_goes_up_to_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    for mode, steps in ((CHECK, 3), (GOOD, 3), (ALL, 6)):
        told: list[tuple[int, int]] = []
        desk.read(GOOD_FILE, mode, progress=lambda *step, told=told: told.append(step))
        assert told[-1] == (steps, steps)
        assert told == sorted(told)


def test_cancelling_all_or_nothing_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)

    def stop(done: int, total: int) -> None:
        if done == total - 1:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        desk.read(GOOD_FILE, ALL, progress=stop)
    assert desk.people() == {}


def test_an_importer_that_forgets_a_row_is_an_error(desk: Desk) -> None:
    forgetful = dataclasses.replace(IMPORTER, write=lambda *_: [])
    with pytest.raises(RuntimeError, match="outcome of every row"):
        desk.read(GOOD_FILE, GOOD, forgetful)


def test_good_rows_survive_a_job_that_is_killed_and_begun_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Effects once: the second attempt knows the rows of the first by their key."""
    monkeypatch.setattr(running, "BATCH", 1)

    def die(done: int, _total: int) -> None:
        if done == 2:
            raise SystemExit

    with contextlib.suppress(SystemExit):
        desk.read(GOOD_FILE, GOOD, progress=die)
    assert len(desk.people()) == 2
    desk.read(GOOD_FILE, GOOD, on_existing=SKIP)
    assert len(desk.people()) == 3
