"""Choices, tests and the state of channels on the screens; what a process holds."""
from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.access.audit import AuditEntry
from app.admin.system import health_checks
from app.database import utcnow, write
from app.jobs.models import DONE, FAILED, Job
from app.notices.models import Notice
from app.notices.services import SENT_KEPT_DAYS, forget_old
from config import ROOT

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
def test_an_account_without_a_proper_address(house, desk, outside):
    outside.wants("agent", "mail")
    with write(house.session):
        house.session.get(User, house.actor("agent").user_id).email = "none"
    outside.say("agent")
    outside.work()
    assert [(row.state, row.error) for row in outside.jobs()] == [
        (FAILED, "The account has no proper mail address.")]
    assert "no proper mail address" in desk("agent").get("/notices/choices").text


@SQLITE
def test_choices_are_kept_by_kind_and_channel(house, desk, outside):
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
def test_an_administrator_sends_a_test(house, desk, mails, outside):
    admin = desk("admin")
    assert "Notices outside" in admin.get("/system/").text
    answer = admin.send("/system/channels/mail/test")
    assert re.search(r"/jobs/\d+$", answer.location)
    outside.work()
    assert "This is a test of notices." in mails.messages[0].get_content()
    assert house.session.scalar(select(AuditEntry.number).where(
        AuditEntry.action == "test", AuditEntry.record_type == "notices.channel")) == "mail"
    mails.answers.append("550 no")
    failing = admin.send("/system/channels/mail/test").location
    outside.work()
    assert "did not take the message" in admin.get(failing).text
    assert admin.send("/system/channels/fax/test").status_code == 404
    assert admin.get("/system/channels/mail/test").status_code == 405
    assert desk("supervisor").send("/system/channels/mail/test").status_code == 403


@SQLITE
def test_health_tells_of_what_was_not_sent(house, robots, outside):
    def state():
        with house.app.test_request_context():
            return health_checks(utcnow())[-1].state.value

    assert state() == "good"
    outside.wants("agent", "wecom")
    robots.answers.append((200, {}, {"errcode": 1}))
    outside.say("agent")
    outside.work()
    assert state() == "warn"


@SQLITE
def test_sent_ones_do_not_fill_the_screen_of_jobs(house, desk, outside):
    outside.wants("agent", "mail")
    outside.say("agent")
    admin = desk("admin")
    assert "Notice by mail" in admin.get("/jobs/").text
    outside.work()
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
