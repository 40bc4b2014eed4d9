"""Fixtures: an installation with all channels, whose receivers are on this machine."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from app.database import write
from app.jobs.models import QUEUED, Job
from app.jobs.runner import EXTENSION, run_job
from app.notices.external_channels import SENDING_JOB
from app.notices.kinds import ASSIGNED
from app.notices.services import choose, tell
from app.testing.plugin_fixtures import House
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.services.receivers import MailReceiver, RobotReceiver, running

TOKEN = "t0ken-Of-The-Robot"
HIDDEN = "Title-That-Stays"


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


class Outside:
    """What people want to hear outside, what they are told, and the work that follows."""

    def __init__(self, house: House, record: Any) -> None:
        self.house, self.record = house, record

    def wants(self, username: str, *ways: str, kinds: tuple[str, ...] = ("assigned",)) -> None:
        """Let a person choose kinds of notice by some channels."""
        for way in ways:
            choose(self.house.session, self.house.actor(username), kinds, way)

    def say(self, *usernames: str, kind: Any = ASSIGNED, **more: Any) -> int:
        """Tell people of the record."""
        people = [self.house.actor(name).user_id for name in usernames]
        with write(self.house.session):
            return tell(self.house.session, people, kind, "Assigned to you", record=self.record,
                        **more)

    def jobs(self) -> Any:
        """Return title, state and error of what is or was to be sent."""
        self.house.session.rollback()
        return self.house.session.execute(
            select(Job.title, Job.state, Job.error).where(Job.kind == SENDING_JOB).order_by(Job.id)
        ).all()

    def work(self) -> int:
        """Do everything that waits, once, and return how much that was."""
        self.house.session.rollback()
        waiting = self.house.session.scalars(
            select(Job.id).where(Job.state == QUEUED, Job.next_try_at.is_(None)).order_by(Job.id)
        ).all()
        self.house.session.rollback()
        for job_id in waiting:
            run_job(self.house.app.extensions[EXTENSION], "worker", job_id)
        return len(waiting)


@pytest.fixture
def outside(house: House, record: Any) -> Outside:
    """Everything about notices that leave."""
    return Outside(house, record)


@pytest.fixture
def secrets_of_robots() -> tuple[str, ...]:
    """What must be seen nowhere."""
    return (TOKEN, "d1ngt0ken", "S1gned0word")


@pytest.fixture
def hidden() -> str:
    """What stands in the record and must not leave."""
    return HIDDEN
