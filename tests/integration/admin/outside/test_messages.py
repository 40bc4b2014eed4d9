"""What is said outside, to whom, and what counts when it is sent."""
from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from app.database import utcnow, write
from app.jobs.models import DONE, Job
from app.notices.external_channels import SENDING_JOB, save_handles
from app.notices.kinds import CHANGED
from app.notices.kinds import JOB as JOBS
from app.notices.services import choose, tell
from app.people.models import Staff
from plugins.complaints.models import Complaint

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_each_channel_says_kind_number_and_link_and_no_more(
    house, mails, robots, record, outside, hidden
):
    outside.wants("agent", "mail", "wecom", "dingtalk", "feishu")
    with write(house.session):
        house.session.execute(update(Staff).where(
            Staff.user_id == house.actor("agent").user_id).values(locale="en"))
    outside.say("agent", "supervisor")
    assert outside.work() == 4
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
    assert hidden not in everything and record.title not in everything
    assert {row.state for row in outside.jobs()} == {DONE}


@SQLITE
def test_a_person_is_called_by_what_they_gave(house, robots, outside):
    agent = house.actor("agent")
    outside.wants("agent", "wecom", "dingtalk", "feishu")
    save_handles(house.session, agent, {
        "wecom": "13800138000", "dingtalk": "13800138000", "feishu": "ou_7d8a6e6df7621556"})
    outside.say("agent")
    outside.work()
    said = {path.split("/")[1].split("?")[0]: post for path, post in robots.posts}
    assert said["wecom"]["text"]["mentioned_mobile_list"] == ["13800138000"]
    assert said["ding"]["at"] == {"atMobiles": ["13800138000"], "isAtAll": False}
    assert said["feishu"]["content"]["text"].startswith(
        '<at user_id="ou_7d8a6e6df7621556"></at> Careline: ')
    assert "李晓雯" not in str(said)
    save_handles(house.session, agent, {"wecom": "LiXiaowen"})
    outside.say("agent")
    outside.work()
    assert [post["text"]["mentioned_list"] for path, post in robots.posts[3:]
            if path.startswith("/wecom")] == [["LiXiaowen"]]
    with pytest.raises(ValueError, match="feishu"):
        save_handles(house.session, agent, {"feishu": "all"})


@SQLITE
def test_nothing_leaves_that_was_not_asked_for(house, mails, outside):
    outside.wants("agent", "mail", kinds=("deadline",))
    assert outside.say("agent") == 1
    assert outside.jobs() == []
    # The product and the channels are chosen apart.
    choose(house.session, house.actor("agent"), ())
    outside.wants("agent", "mail")
    assert outside.say("agent") == 0
    assert outside.work() == 1
    assert len(mails.messages) == 1


@SQLITE
@pytest.mark.parametrize("change", ["closed", "scope", "choice", "gone"])
def test_what_changed_before_it_was_sent_counts(house, mails, change, outside):
    outside.wants("agent", "mail")
    outside.say("agent")
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
        outside.wants("agent", "mail", kinds=())
    assert outside.work() == 1
    assert mails.messages == []
    assert house.session.scalars(select(Job.result).where(Job.kind == SENDING_JOB)).all() == [
        {"sent": False}]


@SQLITE
def test_who_may_not_see_a_record_is_not_written_to(house, outside):
    outside.wants("hr", "mail", "wecom")
    outside.say("hr")
    assert outside.jobs() == []


@SQLITE
def test_what_was_not_read_yet_is_not_sent_again(house, outside):
    outside.wants("agent", "mail", kinds=("changed",))
    for _ in range(2):
        outside.say("agent", kind=CHANGED, once=True)
    assert len(outside.jobs()) == 1


@SQLITE
def test_an_ended_job_is_told_outside_once(house, mails, outside, hidden):
    outside.wants("agent", "mail", kinds=("job",))
    with write(house.session):
        tell(house.session, [house.actor("agent").user_id], JOBS, "%(job)s is done",
             values={"job": {"msgid": hidden}, "job_id": 77})
    outside.work()
    assert outside.work() == 0
    [mail] = mails.messages
    assert "https://desk.example.com/careline/jobs/77" in mail.get_content()
    assert hidden not in mail.as_string()
    assert mail["Subject"].startswith("Careline: ") and "任务" in mail["Subject"]


@SQLITE
def test_a_host_header_decides_nothing(house, desk, mails, outside):
    outside.wants("agent", "mail")
    desk("agent").get("/notices/", headers={"Host": "evil.example"})
    outside.say("agent")
    outside.work()
    assert "evil" not in mails.messages[0].as_string()
