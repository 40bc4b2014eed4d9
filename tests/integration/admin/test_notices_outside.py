"""Notices that leave the product: what is said, to whom, how often, and what is seen of it."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from app.access.audit import AuditEntry
from app.admin.system import health_checks
from app.database import utcnow, write
from app.jobs.models import DONE, FAILED, QUEUED, Job
from app.jobs.recovery import recover
from app.jobs.runner import EXTENSION, run_job
from app.notices.kinds import ASSIGNED, CHANGED
from app.notices.kinds import JOB as JOBS
from app.notices.models import Notice
from app.notices.outside import SEND, save_handles
from app.notices.services import SENT_KEPT_DAYS, choose, forget_old, tell
from app.people.models import Staff
from config import ROOT
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.services.receivers import MailReceiver, RobotReceiver, running

TOKEN = "t0ken-Of-The-Robot"
HIDDEN = "Title-That-Stays"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mails():
    """A mail server of this machine."""
    with running(MailReceiver()) as server:
        yield server


@pytest.fixture
def robots(monkeypatch):
    """The three messengers on this machine."""
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.wecombot import NotifyWeComBot

    with running(RobotReceiver()) as server:
        monkeypatch.setattr(NotifyWeComBot, "notify_url", server.url + "/wecom?key={key}")
        monkeypatch.setattr(NotifyDingTalk, "notify_url", server.url + "/ding?access_token={token}")
        monkeypatch.setattr(NotifyFeishu, "notify_url", server.url + "/feishu/{token}/")
        yield server


@pytest.fixture
def private_hosts():
    """What the operator allows."""
    return "127.0.0.1"


@pytest.fixture
def environment(environment, mails, robots, private_hosts):
    """An installation with all channels."""
    return environment | {
        "CARELINE_PUBLIC_URL": "https://desk.example.com/careline",
        "CARELINE_NOTICES_MAIL": f"mailto://127.0.0.1:{mails.port}?from=desk@example.com",
        "CARELINE_NOTICES_WECOM": f"wecombot://{TOKEN}",
        "CARELINE_NOTICES_DINGTALK": "dingtalk://S1gned0word@d1ngt0ken",
        "CARELINE_NOTICES_FEISHU": f"feishu://{TOKEN}",
        "CARELINE_NOTICES_PRIVATE_HOSTS": private_hosts,
    }


@pytest.fixture
def record(house):
    """A complaint with a title that must not leave."""
    complaint = registered(house)
    with write(house.session):
        house.session.execute(update(Complaint).where(Complaint.id == complaint.id)
                              .values(demand=HIDDEN))
    return complaint


@pytest.fixture
def work_all(house):
    """Do everything that waits, once."""

    def do():
        house.session.rollback()
        waiting = house.session.scalars(
            select(Job.id).where(Job.state == QUEUED, Job.next_try_at.is_(None)).order_by(Job.id)
        ).all()
        house.session.rollback()
        for job_id in waiting:
            run_job(house.app.extensions[EXTENSION], "worker", job_id)
        return len(waiting)

    return do


def wants(house, username, *ways, kinds=("assigned",)):
    for way in ways:
        choose(house.session, house.actor(username), kinds, way)


def say(house, record, *usernames, kind=ASSIGNED, **more):
    people = [house.actor(name).user_id for name in usernames]
    with write(house.session):
        return tell(house.session, people, kind, "Assigned to you", record=record, **more)


def jobs(house):
    house.session.rollback()
    return house.session.execute(
        select(Job.title, Job.state, Job.error).where(Job.kind == SEND).order_by(Job.id)).all()


def test_each_channel_says_kind_number_and_link_and_no_more(
    house, mails, robots, record, work_all
):
    wants(house, "agent", "mail", "wecom", "dingtalk", "feishu")
    with write(house.session):
        house.session.execute(update(Staff).where(
            Staff.user_id == house.actor("agent").user_id).values(locale="en"))
    say(house, record, "agent", "supervisor")
    assert work_all() == 4
    link = f"https://desk.example.com/careline/complaints/show/{record.id}"
    [mail] = mails.messages
    assert mail["To"] == house.session.scalar(
        select(User.email).where(User.username == "agent"))
    assert "desk@example.com" in mail["From"]
    assert mail["Subject"] == f"Careline: Assigned to me · {record.number}"
    assert mail.get_content().split() == [
        "Assigned", "to", "me", "·", record.number, link]
    said = {path.split("/")[1].split("?")[0]: post for path, post in robots.posts}
    text = f"Careline: Assigned to me · {record.number} (李晓雯)\n{link}"
    assert said == {
        "wecom": {"msgtype": "text", "text": {"content": text}},
        "ding": {"msgtype": "text", "text": {"content": text},
                 "at": {"atMobiles": [], "isAtAll": False}},
        "feishu": {"msg_type": "text", "content": {"text": text}},
    }
    ding = next(path for path, _ in robots.posts if path.startswith("/ding"))
    assert re.fullmatch(r"/ding\?access_token=d1ngt0ken&timestamp=\d{13}&sign=[\w%.~-]+", ding)
    everything = mail.as_string() + str(robots.posts)
    assert HIDDEN not in everything and record.title not in everything
    assert {row.state for row in jobs(house)} == {DONE}


@SQLITE
def test_a_person_is_called_by_what_they_gave(house, robots, record, work_all):
    agent = house.actor("agent")
    wants(house, "agent", "wecom", "dingtalk", "feishu")
    save_handles(house.session, agent, {
        "wecom": "13800138000", "dingtalk": "13800138000", "feishu": "ou_7d8a6e6df7621556"})
    say(house, record, "agent")
    work_all()
    said = {path.split("/")[1].split("?")[0]: post for path, post in robots.posts}
    assert said["wecom"]["text"]["mentioned_mobile_list"] == ["13800138000"]
    assert said["ding"]["at"] == {"atMobiles": ["13800138000"], "isAtAll": False}
    assert said["feishu"]["content"]["text"].startswith(
        '<at user_id="ou_7d8a6e6df7621556"></at> Careline: ')
    assert "李晓雯" not in str(said)
    save_handles(house.session, agent, {"wecom": "LiXiaowen"})
    say(house, record, "agent")
    work_all()
    assert [post["text"]["mentioned_list"] for path, post in robots.posts[3:]
            if path.startswith("/wecom")] == [["LiXiaowen"]]
    with pytest.raises(ValueError, match="feishu"):
        save_handles(house.session, agent, {"feishu": "all"})


@SQLITE
def test_nothing_leaves_that_was_not_asked_for(house, mails, record, work_all):
    wants(house, "agent", "mail", kinds=("deadline",))
    assert say(house, record, "agent") == 1
    assert jobs(house) == []
    # The product and the channels are chosen apart.
    choose(house.session, house.actor("agent"), ())
    wants(house, "agent", "mail")
    assert say(house, record, "agent") == 0
    assert work_all() == 1
    assert len(mails.messages) == 1


@SQLITE
def test_one_channel_is_tried_again_without_the_others(house, mails, robots, record, work_all):
    wants(house, "agent", "mail", "wecom")
    mails.answers.append("450 later")
    say(house, record, "agent")
    assert work_all() == 2
    assert (len(mails.messages), len(robots.posts)) == (0, 1)
    waiting, done = jobs(house)
    assert (waiting.state, done.state) == (QUEUED, DONE)
    assert "did not take the message" in waiting.error
    assert work_all() == 0
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
    assert work_all() == 1
    assert (len(mails.messages), len(robots.posts)) == (1, 1)
    assert [(row.state, row.error) for row in jobs(house)] == [(DONE, None)] * 2


@SQLITE
def test_what_cannot_be_sent_is_given_up_in_the_end(house, robots, record, work_all):
    wants(house, "agent", "wecom")
    robots.answers.append((200, {}, {"errcode": 93000, "errmsg": "invalid webhook url"}))
    say(house, record, "agent")
    with write(house.session):
        house.session.execute(update(Job).where(Job.kind == SEND).values(attempt=33))
    work_all()
    [row] = jobs(house)
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
    house, desk, robots, record, work_all, caplog, way, answer, code
):
    wants(house, "agent", way)
    robots.answers.append(answer)
    say(house, record, "agent")
    with caplog.at_level(0):
        work_all()
    page = desk("admin").get("/jobs/").text
    assert f"refused the message with the code {code}." in page
    assert TOKEN not in page + caplog.text and "d1ngt0ken" not in page + caplog.text


@SQLITE
def test_an_unreachable_robot_tells_nothing_of_its_key(house, robots, record, work_all, caplog):
    wants(house, "agent", "wecom")
    robots.shutdown()
    robots.server_close()
    say(house, record, "agent")
    with caplog.at_level(0):
        work_all()
    assert [row.error for row in jobs(house)] == ["%(host)s could not be reached."]
    assert TOKEN not in caplog.text


@SQLITE
def test_redirects_are_not_followed(house, robots, record, work_all):
    wants(house, "agent", "wecom")
    robots.answers.append((302, {"Location": f"{robots.url}/elsewhere"}, {"errcode": 0}))
    say(house, record, "agent")
    work_all()
    assert [path for path, _ in robots.posts] == [f"/wecom?key={TOKEN}"]
    assert [row.state for row in jobs(house)] == [QUEUED]


@SQLITE
@pytest.mark.parametrize("private_hosts", [""])
@pytest.mark.parametrize("way", ["mail", "wecom"])
def test_private_addresses_are_refused_for_good(house, mails, robots, record, work_all, way):
    wants(house, "agent", way)
    say(house, record, "agent")
    work_all()
    [row] = jobs(house)
    assert row.state == FAILED and "lies at a private address" in row.error
    assert mails.messages == robots.posts == []


@SQLITE
@pytest.mark.parametrize("change", ["closed", "scope", "choice", "gone"])
def test_what_changed_before_it_was_sent_counts(house, mails, record, work_all, change):
    wants(house, "agent", "mail")
    say(house, record, "agent")
    user_id = house.actor("agent").user_id
    with write(house.session):
        if change == "closed":
            house.session.get(User, user_id).active = False
        elif change == "scope":
            other = house.actor("fengtao")
            house.session.execute(update(Complaint).values(
                owner_id=other.user_id, created_by_id=other.user_id, handler_id=None,
                team_id=None, department_id=None, responsible_department_id=None))
        elif change == "gone":
            house.session.execute(update(Complaint).values(deleted_at=utcnow()))
    if change == "choice":
        wants(house, "agent", "mail", kinds=())
    assert work_all() == 1
    assert mails.messages == []
    assert house.session.scalars(select(Job.result).where(Job.kind == SEND)).all() == [
        {"sent": False}]


@SQLITE
def test_who_may_not_see_a_record_is_not_written_to(house, record):
    wants(house, "hr", "mail", "wecom")
    say(house, record, "hr")
    assert jobs(house) == []


@SQLITE
def test_what_was_not_read_yet_is_not_sent_again(house, record):
    wants(house, "agent", "mail", kinds=("changed",))
    for _ in range(2):
        say(house, record, "agent", kind=CHANGED, once=True)
    assert len(jobs(house)) == 1


@SQLITE
def test_an_ended_job_is_told_outside_once(house, mails, work_all):
    wants(house, "agent", "mail", kinds=("job",))
    with write(house.session):
        tell(house.session, [house.actor("agent").user_id], JOBS, "%(job)s is done",
             values={"job": {"msgid": HIDDEN}, "job_id": 77})
    work_all()
    assert work_all() == 0
    [mail] = mails.messages
    assert "https://desk.example.com/careline/jobs/77" in mail.get_content()
    assert HIDDEN not in mail.as_string()
    assert mail["Subject"].startswith("Careline: ") and "任务" in mail["Subject"]


@SQLITE
def test_a_host_header_decides_nothing(house, desk, mails, record, work_all):
    wants(house, "agent", "mail")
    desk("agent").get("/notices/", headers={"Host": "evil.example"})
    say(house, record, "agent")
    work_all()
    assert "evil" not in mails.messages[0].as_string()


@SQLITE
def test_an_account_without_a_proper_address(house, desk, record, work_all):
    wants(house, "agent", "mail")
    with write(house.session):
        house.session.get(User, house.actor("agent").user_id).email = "none"
    say(house, record, "agent")
    work_all()
    assert [(row.state, row.error) for row in jobs(house)] == [
        (FAILED, "The account has no proper mail address.")]
    assert "no proper mail address" in desk("agent").get("/notices/choices").text


@SQLITE
def test_choices_are_kept_by_kind_and_channel(house, desk):
    agent = desk("agent")
    page = agent.get("/notices/choices").text
    # Seven kinds in the product; nothing outside.
    assert page.count('type="checkbox"') == 35 and page.count(" checked") == 7
    assert "agent@" in page
    form = {"product": ["deadline"], "mail": ["assigned", "nothing"], "wecom": ["mention"],
            "handle-wecom": " LiXiaowen ", "handle-dingtalk": "", "handle-feishu": ""}
    bad = agent.send("/notices/choices", {**form, "handle-feishu": "all"})
    assert bad.status_code == 422 and "cannot call one person" in bad.text
    assert 'value="LiXiaowen"' in bad.text and bad.text.count(" checked") == 3
    assert agent.get("/notices/choices").text.count(" checked") == 7
    assert agent.send("/notices/choices", form).status_code == 302
    page = agent.get("/notices/choices").text
    assert page.count(" checked") == 3 and 'value="LiXiaowen"' in page
    for name, kind in (("product", "deadline"), ("mail", "assigned"), ("wecom", "mention")):
        assert re.search(rf'name="{name}" value="{kind}" checked', page)
    assert "LiXiaowen" not in desk("supervisor").get("/notices/choices").text


@SQLITE
def test_an_administrator_sends_a_test(house, desk, mails, work_all):
    admin = desk("admin")
    assert "Notices outside" in admin.get("/system/").text
    answer = admin.send("/system/channels/mail/test")
    assert re.search(r"/jobs/\d+$", answer.location)
    work_all()
    assert "This is a test of notices." in mails.messages[0].get_content()
    assert house.session.scalar(select(AuditEntry.number).where(
        AuditEntry.action == "test", AuditEntry.record_type == "notices.channel")) == "mail"
    mails.answers.append("550 no")
    failing = admin.send("/system/channels/mail/test").location
    work_all()
    assert "did not take the message" in admin.get(failing).text
    assert admin.send("/system/channels/fax/test").status_code == 404
    assert admin.get("/system/channels/mail/test").status_code == 405
    assert desk("supervisor").send("/system/channels/mail/test").status_code == 403


@SQLITE
def test_health_tells_of_what_was_not_sent(house, record, robots, work_all):
    def state():
        with house.app.test_request_context():
            return health_checks(utcnow())[-1].state.value

    assert state() == "good"
    wants(house, "agent", "wecom")
    robots.answers.append((200, {}, {"errcode": 1}))
    say(house, record, "agent")
    work_all()
    assert state() == "warn"


@SQLITE
def test_sent_ones_do_not_fill_the_screen_of_jobs(house, desk, record, work_all):
    wants(house, "agent", "mail")
    say(house, record, "agent")
    admin = desk("admin")
    assert "Notice by mail" in admin.get("/jobs/").text
    work_all()
    assert "Notice by mail" not in admin.get("/jobs/").text
    assert "Notice by mail" in admin.get("/jobs/?state=done").text
    assert "Notice by mail" not in desk("agent").get("/jobs/").text
    with write(house.session):
        house.session.add(Job(kind="other", title="Other", state=DONE, finished_at=utcnow()))
    forget_old(house.session, utcnow() + dt.timedelta(days=SENT_KEPT_DAYS, hours=1))
    assert house.session.scalars(select(Job.kind)).all() == ["other"]
    assert house.session.scalar(select(Notice.id)) is not None


def test_a_worker_holds_apprise_only_once_it_sends(environment):
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from app import create_app; create_app(); "
         "print({'apprise', 'requests', 'smtplib'} & set(sys.modules))"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )
    assert done.stdout == "set()\n", done.stderr


