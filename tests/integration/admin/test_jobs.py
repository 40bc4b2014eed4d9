"""The screen of jobs: one's own, everybody's, results and stopping."""

from __future__ import annotations

import pytest

from app.access.models import AuditEntry
from app.jobs.models import DONE, Job
from app.jobs.services import enqueue


@pytest.fixture
def job(house) -> Job:
    """A job that the supervisor asked for and that waits."""
    return enqueue(
        house.session, house.actor("supervisor"), "records.import", {}, title="Import of %(file)s",
        title_values={"file": "<b>a</b>.csv"},
    )


def test_own_jobs_for_everybody_all_for_admins(desk, job):
    supervisor, agent, admin = desk("supervisor"), desk("agent"), desk("admin")
    assert "Import of &lt;b&gt;a&lt;/b&gt;.csv" in supervisor.get("/jobs/").text
    assert "Import of" not in agent.get("/jobs/").text
    assert "Import of" in admin.get("/jobs/").text
    assert "Import of" not in admin.get("/jobs/?own=1").text
    assert "Import of" not in admin.get("/jobs/?state=done").text
    assert agent.get(f"/jobs/{job.id}").status_code == 404
    assert admin.get(f"/jobs/{job.id}").status_code == 200
    assert admin.get("/jobs/?state=none").status_code == 400
    assert "No worker is running" in admin.get("/jobs/").text


def test_the_list_is_redrawn_while_something_runs(desk, job, house):
    supervisor = desk("supervisor")
    part = supervisor.get("/jobs/", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "hx-trigger" in part
    supervisor.send(f"/jobs/{job.id}/cancel")
    assert "hx-trigger" not in supervisor.get("/jobs/", headers={"HX-Request": "true"}).text


def test_stopping_is_for_the_asker_and_overseers_and_by_post(desk, job, house):
    agent = desk("agent")
    assert agent.send(f"/jobs/{job.id}/cancel").status_code == 404
    assert agent.get(f"/jobs/{job.id}/cancel").status_code == 405
    house.session.refresh(job)
    assert job.state == "queued"
    answer = desk("admin").send(f"/jobs/{job.id}/cancel", {"next": "//evil.example"})
    assert answer.status_code == 302 and "evil" not in answer.location
    house.session.refresh(job)
    assert job.state == "cancelled"


def test_the_result_is_for_the_asker_and_overseers_and_noted(desk, job, house):
    supervisor = desk("supervisor")
    folder = house.app.config["CARELINE_SETTINGS"].var_dir / "results" / str(job.id)
    folder.mkdir(parents=True)
    (folder / "坏行.csv").write_text("<script>", encoding="utf-8")
    job.result_file = "坏行.csv"
    house.session.commit()
    # Not before it has ended: half a file is no result.
    assert supervisor.get(f"/jobs/{job.id}/file").status_code == 404
    job.state = DONE
    house.session.commit()
    answer = supervisor.get(f"/jobs/{job.id}/file")
    assert answer.data == b"<script>" and "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert desk("agent").get(f"/jobs/{job.id}/file").status_code == 404
    assert desk("admin").get(f"/jobs/{job.id}/file").status_code == 200
    names = [one.actor_name for one in house.session.query(AuditEntry).filter_by(action="download")]
    assert len(names) == 2
    (folder / "坏行.csv").unlink()
    assert supervisor.get(f"/jobs/{job.id}/file").status_code == 404
