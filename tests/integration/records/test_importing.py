"""Importing into the database: dry run, all or nothing, good rows, again without twins, as a job.

The rows go into a table that is at hand: ``jobs_worker``, with its id as the key.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import zoneinfo
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import Actor
from app.database import write
from app.forms.definition import Kind
from app.forms.messages import Message
from app.jobs.context import JobCancelled
from app.jobs.kinds import JobKind
from app.jobs.models import CANCELLED, DONE, FAILED, WorkerRow
from app.jobs.queue import JobQueue, attach
from app.jobs.runner import Runtime, run_job
from app.jobs.services import cancel, job_state, result_path
from app.records.importing import running, services, uploads
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATE,
    UPDATED,
    Importer,
    ImportField,
    ImportRow,
    Outcome,
    Problem,
)
from app.records.importing.files import UnreadableFile
from app.records.importing.mapping import BadMapping
from app.records.importing.reports import CHECKED, REFUSED, WRITTEN, Report
from app.records.importing.running import ALL, CHECK, GOOD, Import
from app.records.importing.tables import Table
from config import Settings

HEADER = "Number,Name,Age\n"
GOOD_FILE = HEADER + "1,王芳,30\n2,李强,40\n3,=1+1,50\n"
# Line 3 has no number, line 4 a bad age, line 5 a number that was there, line 6 a name that the
# database refuses, line 7 one that is only refused while it is written.
BAD_FILE = (
    HEADER + "1,王芳,30\n,李强,40\n3,=赵敏,old\n1,twin,5\n5,unknown,6\n6,unlucky,7\n7,last,8\n"
)


def _write(
    session: Session, _actor: Actor, rows: Sequence[ImportRow], on_existing: str
) -> list[Outcome]:
    outcomes = []
    for row in rows:
        number, values = row.values["number"], row.values
        found = session.get(WorkerRow, number)
        if values.get("name") == "unlucky":
            outcomes.append(Outcome(row.line, REJECTED, Message("Out of luck.")))
        elif found is None:
            session.add(WorkerRow(id=number, host=values["name"], pid=values.get("age") or 0))
            outcomes.append(Outcome(row.line, CREATED))
        elif on_existing == SKIP:
            outcomes.append(Outcome(row.line, SKIPPED))
        else:
            found.host = values["name"]
            if "age" in values:
                found.pid = values["age"] or 0
            outcomes.append(Outcome(row.line, UPDATED))
    session.flush()
    return outcomes


def _check(_session: Session, _actor: Actor, rows: Sequence[ImportRow]) -> list[Problem]:
    return [
        Problem(row.line, Message("Nobody knows %(name)s.", {"name": "unknown"}), "Name")
        for row in rows
        if row.values["name"] == "unknown"
    ]


IMPORTER = Importer(
    name="people", title="People", key=("number",), write=_write, check=_check, view="test.People",
    fields=(
        ImportField(name="number", label="Number", required=True),
        ImportField(name="name", label="Name", required=True),
        ImportField(name="age", label="Age", kind=Kind.INTEGER),
    ),
)
MAPPING = {"number": "Number", "name": "Name", "age": "Age"}


@dataclasses.dataclass
class Desk:
    """Somebody who imports files."""

    session: Session
    actor: Actor
    folder: Path

    def read(self, content: str, mode: str, **options: Any) -> Report:
        """Import a file with this content."""
        path = self.folder / "file.csv"
        path.write_text(content, encoding="utf-8", newline="")
        progress = options.pop("progress", lambda _done, _total: None)
        return Import(
            table=Table.open(path), importer=IMPORTER, mapping=options.pop("mapping", MAPPING),
            mode=mode, rejects=self.rejects, zone=zoneinfo.ZoneInfo("Asia/Shanghai"), **options,
        ).run(self.session, self.actor, progress)

    @property
    def rejects(self) -> Path:
        """Where the file of bad rows goes."""
        return self.folder / "rejects.csv"

    def rejected(self) -> list[dict[str, str]]:
        """The file of bad rows."""
        text = self.rejects.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def people(self) -> dict[str, tuple[str, int]]:
        """What is in the database."""
        self.session.expire_all()
        rows = self.session.scalars(select(WorkerRow).order_by(WorkerRow.id))
        found = {row.id: (row.host, row.pid) for row in rows}
        self.session.rollback()
        return found


@pytest.fixture
def desk(session: Session, actor: Callable[..., Actor], tmp_path: Path) -> Desk:
    return Desk(session, actor("wang", permissions={("can_import", "test.People")}), tmp_path)


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


def test_an_importer_that_forgets_a_row_is_an_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = dataclasses.replace(IMPORTER, write=lambda *_: [])
    monkeypatch.setattr("tests.integration.records.test_importing.IMPORTER", forgetful)
    with pytest.raises(RuntimeError, match="outcome of every row"):
        desk.read(GOOD_FILE, GOOD)


def test_mappings_are_saved_by_name(desk: Desk) -> None:
    importer = dataclasses.replace(IMPORTER, mappings={"ready": {"number": "N", "name": "M"}})
    services.save_mapping(desk.session, desk.actor, importer, " mine ", MAPPING | {"age": ""})
    services.save_mapping(desk.session, desk.actor, importer, "mine", MAPPING)
    assert services.saved_mappings(desk.session, importer) == {
        "ready": {"number": "N", "name": "M"}, "mine": MAPPING,
    }
    for name, columns in (("ready", MAPPING), ("", MAPPING), ("x" * 81, MAPPING), ("y", {})):
        with pytest.raises(BadMapping):
            services.save_mapping(desk.session, desk.actor, importer, name, columns)
    services.delete_mapping(desk.session, desk.actor, importer, "mine")
    assert set(services.saved_mappings(desk.session, importer)) == {"ready"}


class Office:
    """The job side: uploads, the queue, and a worker."""

    def __init__(self, desk: Desk, settings: Settings, sessions: sessionmaker[Session]) -> None:
        self.desk, self.settings = desk, settings
        self.folder = services.upload_folder(settings)
        self.actor: Actor | None = desk.actor
        queue = JobQueue.from_settings(settings)
        attach(sessions.kw["bind"], queue)
        self.runtime = Runtime(
            queue=queue, sessions=sessions, results=settings.var_dir / "results",
            kinds={services.KIND: JobKind(name=services.KIND, run=self._run)},
            load_actor=lambda _session, _user_id: self.actor,
        )

    def _run(self, context: Any) -> dict[str, Any]:
        return services.import_job(context, IMPORTER, self.settings, str)

    def upload(self, content: str) -> str:
        """Upload a file."""
        return uploads.store(self.folder, io.BytesIO(content.encode()), 1)

    def start(self, token: str, **options: Any) -> int:
        """Start the job."""
        given = {"file_name": "people.csv", "mapping": MAPPING, "mode": GOOD, **options}
        return services.start_import(
            self.desk.session, self.desk.actor, IMPORTER, self.folder, token, **given
        ).id

    def state(self, job_id: int) -> Any:
        """Let a worker do the job, and return how it stands."""
        run_job(self.runtime, "w1", job_id)
        return job_state(self.desk.session, job_id)


@pytest.fixture
def office(desk: Desk, settings: Settings, sessions: sessionmaker[Session]) -> Office:
    return Office(desk, settings, sessions)


def test_an_import_runs_as_a_job_and_leaves_its_rejects(office: Office) -> None:
    job_id = office.start(office.upload(BAD_FILE))
    state = office.state(job_id)
    assert (state.state, state.title, state.title_values) == (
        DONE, "Import of %(file)s", {"file": "people.csv"},
    )
    assert (state.result["created"], state.result["rejected"]) == (2, 5)
    assert state.result_file == "people-rejects.csv"
    assert result_path(office.runtime.results, state).is_file()


def test_without_rejects_there_is_no_file(office: Office) -> None:
    assert office.state(office.start(office.upload(GOOD_FILE))).result_file is None


def test_a_job_for_one_who_lost_the_right_fails(office: Office, desk: Desk) -> None:
    job_id = office.start(office.upload(GOOD_FILE))
    office.actor = dataclasses.replace(desk.actor, permissions=frozenset())
    state = office.state(job_id)
    assert (state.state, "no permission" in state.error) == (FAILED, True)
    assert desk.people() == {}


def test_a_file_that_breaks_off_fails_with_its_sentence(office: Office) -> None:
    state = office.state(office.start(office.upload(GOOD_FILE + '4,"open')))
    assert (state.state, state.error_values) == (FAILED, {"line": 5})


def test_a_waiting_import_can_be_cancelled(office: Office, desk: Desk) -> None:
    job_id = office.start(office.upload(GOOD_FILE))
    cancel(desk.session, desk.actor, job_id)
    assert office.state(job_id).state == CANCELLED
    assert desk.people() == {}


def test_what_cannot_work_is_refused_at_once(office: Office, desk: Desk) -> None:
    token = office.upload(GOOD_FILE)
    with pytest.raises(BadMapping):
        office.start(token, mapping={"number": "Nummer"})
    with pytest.raises(ValueError, match="unknown mode"):
        office.start(token, mode="some")
    for foreign in ("../../etc/passwd", "0" * 32, token.upper() + "x"):
        with pytest.raises(UnreadableFile, match="not there any more"):
            office.start(foreign)
    with pytest.raises(UnreadableFile, match="empty"):
        office.start(office.upload(""))
    office.desk.actor = dataclasses.replace(desk.actor, permissions=frozenset())
    with pytest.raises(services.MayNotImport):
        office.start(token)


def test_uploads_have_a_limit_and_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="larger than 1 MB"):
        uploads.store(tmp_path, io.BytesIO(b"x" * (1024 * 1024 + 1)), 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_preview_suggests_a_mapping(tmp_path: Path, locale: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("Number,Name,年龄\n1,王芳,30\n".encode("gb18030"))
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        preview = services.preview(path, IMPORTER, locale)
    assert (preview.kind, preview.encoding) == ("csv", "gb18030")
    assert preview.rows == [("1", "王芳", "30")]
    assert preview.mapping == {"number": "Number", "name": "Name"}


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
    with write(desk.session):
        assert desk.session.scalar(select(func.count()).select_from(WorkerRow)) == 3
