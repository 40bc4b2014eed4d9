"""What happens when a message cannot be sent, and where none may be sent to."""
from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from app.database import utcnow, write
from app.jobs.models import DONE, FAILED, QUEUED, Job
from app.jobs.recovery import recover
from app.jobs.runner import EXTENSION, run_job
from app.notices import delivery
from app.notices.external_channels import SENDING_JOB

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
def test_one_channel_is_tried_again_without_the_others(house, mails, robots, outside):
    outside.wants("agent", "mail", "wecom")
    mails.answers.append("450 later")
    outside.say("agent")
    assert outside.work() == 2
    assert (len(mails.messages), len(robots.posts)) == (0, 1)
    waiting, done = outside.jobs()
    assert (waiting.state, done.state) == (QUEUED, DONE)
    assert "did not take the message" in waiting.error
    assert outside.work() == 0
    # Its time comes after five seconds; an old message in the queue changes nothing.
    job_id = house.session.scalar(select(Job.id).where(Job.state == QUEUED))
    run_job(house.app.extensions[EXTENSION], "worker", job_id)
    assert mails.messages == []
    queue = house.app.extensions[EXTENSION].queue
    queue.huey.flush()
    recover(house.session, queue, utcnow())
    assert queue.is_empty()
    house.session.rollback()
    due = house.session.scalar(select(Job.next_try_at).where(Job.id == job_id))
    assert 3 < (due - utcnow()).total_seconds() <= 5
    recover(house.session, queue, due)
    assert not queue.is_empty()
    assert outside.work() == 1
    assert (len(mails.messages), len(robots.posts)) == (1, 1)
    assert [(row.state, row.error) for row in outside.jobs()] == [(DONE, None)] * 2


@SQLITE
def test_what_cannot_be_sent_is_given_up_in_the_end(house, robots, outside):
    outside.wants("agent", "wecom")
    robots.answers.append((200, {}, {"errcode": 93000, "errmsg": "invalid webhook url"}))
    outside.say("agent")
    with write(house.session):
        house.session.execute(update(Job).where(Job.kind == SENDING_JOB).values(attempt=33))
    outside.work()
    [row] = outside.jobs()
    assert (row.state, row.error) == (
        FAILED, "%(host)s refused the message with the code %(code)s.")


@SQLITE
@pytest.mark.parametrize(("way", "answer", "code"), [
    ("wecom", (200, {}, {"errcode": 45009}), "45009"),
    ("feishu", (200, {}, {"code": 11232}), "11232"),
    ("dingtalk", (500, {}, {}), "HTTP 500"), ("dingtalk", (200, {}, "no object"), "HTTP 200"),
    ("feishu", (200, {}, {}), "HTTP 200"),
])
def test_a_refusal_is_seen_with_its_code_and_without_the_key(
    house, desk, robots, caplog, way, answer, code, outside, secrets_of_robots
):
    outside.wants("agent", way)
    robots.answers.append(answer)
    outside.say("agent")
    with caplog.at_level(0):
        outside.work()
    page = desk("admin").get("/jobs/").text
    assert f"refused the message with the code {code}." in page
    assert not any(secret in page + caplog.text for secret in secrets_of_robots)


@SQLITE
def test_an_unreachable_robot_tells_nothing_of_its_key(
    house, robots, caplog, outside, secrets_of_robots
):
    outside.wants("agent", "wecom")
    robots.shutdown()
    robots.server_close()
    outside.say("agent")
    with caplog.at_level(0):
        outside.work()
    assert [row.error for row in outside.jobs()] == ["%(host)s could not be reached."]
    assert not any(secret in caplog.text for secret in secrets_of_robots)


@SQLITE
def test_redirects_are_not_followed(house, robots, outside, secrets_of_robots):
    outside.wants("agent", "wecom")
    robots.answers.append((302, {"Location": f"{robots.url}/elsewhere"}, {"errcode": 0}))
    outside.say("agent")
    outside.work()
    assert [path for path, _ in robots.posts] == [f"/wecom?key={secrets_of_robots[0]}"]
    assert [row.state for row in outside.jobs()] == [QUEUED]


@SQLITE
@pytest.mark.parametrize("private_hosts", [""])
@pytest.mark.parametrize("way", ["mail", "wecom"])
def test_private_addresses_are_refused_for_good(house, mails, robots, way, outside):
    outside.wants("agent", way)
    outside.say("agent")
    outside.work()
    [row] = outside.jobs()
    assert row.state == FAILED and "lies at a private address" in row.error
    assert mails.messages == robots.posts == []


@SQLITE
def test_nothing_is_open_in_the_database_while_the_network_is_waited_for(
    house, outside, monkeypatch
):
    outside.wants("agent", "mail")
    outside.say("agent")
    args = house.session.scalar(select(Job.args).where(Job.kind == SENDING_JOB))
    runtime = house.app.extensions[EXTENSION]
    seen = []
    with runtime.sessions() as session:
        monkeypatch.setattr(delivery, "send", lambda *_: seen.append(session.in_transaction()))
        runtime.kinds[SENDING_JOB].run(SimpleNamespace(args=args, session=session, attempt=1))
    assert seen == [False]
