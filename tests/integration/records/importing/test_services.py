"""Imports as the screens use them: uploads, previews, saved mappings, the job."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import Actor
from app.jobs.kinds import JobKind
from app.jobs.models import CANCELLED, DONE, FAILED
from app.jobs.queue import JobQueue, attach
from app.jobs.runner import Runtime, run_job
from app.jobs.services import cancel, job_state, result_path
from app.records.importing import services, uploads
from app.records.importing.files import UnreadableFile
from app.records.importing.mapping import BadMapping
from app.records.importing.running import GOOD
from config import Settings
from tests.integration.records.importing.people import (
    BAD_FILE,
    GOOD_FILE,
    IMPORTER,
    MAPPING,
    Desk,
)


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
