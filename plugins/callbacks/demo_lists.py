"""Lists of unreachable and of missed customers and a correction, for demonstrations."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from app.sdk.demo import Story, set_settings
from app.sdk.errors import CarelineError
from app.sdk.models import Customer
from app.sdk.people import local_today
from app.sdk.records import act, create
from app.sdk.services import SYSTEM, scope_filter, utcnow, write
from plugins.callbacks.corrections.operations import CORRECT
from plugins.callbacks.models import Task, UnreachableLine, UnreachableList
from plugins.callbacks.silence.watch import go_round
from plugins.callbacks.unreachable.freezing import freeze_last_month, month_before
from plugins.callbacks.unreachable.operations import ANSWER, SENT

_SUPERVISOR = "supervisor"
_MONTHS = 2
_ANSWERS = (
    ("number_right", "号码无误，白天上班不便接听"), ("moved_away", "去年搬到杭州"),
    ("wrong_number", ""), ("vehicle_sold", "车辆已过户"),
)
# Members who came months ago and whom nobody has called since: name, phone, agent, days.
_MISSED = (
    ("贺玉兰", "19900009001", "agent", 130), ("秦少华", "19900009002", "agent", 96),
    ("段丽君", "19900009003", "wanghao", 118), ("汤建国", "19900009004", "liuyang", 84),
    ("尹思琪", "19900009005", "zhangjing", 75),
)
_WATCHED = {"silence_days_a": 60}


def add_lists(story: Story) -> None:
    """Note that the last months were frozen, sent, and answered in part.

    Args:
        story: what happens; the callbacks of these months are in it.
    """
    month = local_today().replace(day=1)
    for _ in range(_MONTHS):
        frozen_at = story.local(month, 0, 30)
        story.later(frozen_at, lambda at=frozen_at: _freeze(story, at))
        month = month_before(month)


def add_correction(story: Story) -> None:
    """Note that an inspector has found a wrong answer of these days."""
    story.later(utcnow() - dt.timedelta(hours=1), lambda: _correct(story))


def add_missed(story: Story) -> None:
    """Note that members came and were forgotten, until the round of last night found them."""
    level = story.session.scalar(select(func.max(Customer.membership_id)))
    for name, phone, username, days in _MISSED:
        came = story.now - dt.timedelta(days=days)
        values = {"name": name, "phone": phone, "grade": "A", "owner_id": story.users[username],
                  "membership_id": level, "member_since": came.date() if level else None}
        story.later(came, lambda values=values: create(story.session, SYSTEM, Customer, values))
    story.later(story.now - dt.timedelta(hours=2), lambda: _miss(story))


def _miss(story: Story) -> None:
    set_settings(story.session, "callbacks", _WATCHED)
    with write(story.session):
        go_round(story.session, utcnow())


def _freeze(story: Story, at: dt.datetime) -> None:
    with write(story.session):
        frozen = freeze_last_month(story.session, at)
    if frozen is not None:
        _answer(story, frozen.id)


def _answer(story: Story, list_id: int) -> None:
    boss = story.actor(_SUPERVISOR)
    act(story.session, boss, story.session.get_one(UnreachableList, list_id), SENT,
        {"sent_to": "服务站前台"})
    lines = story.session.scalars(
        select(UnreachableLine).where(UnreachableLine.list_id == list_id)
        .order_by(UnreachableLine.id).limit(len(_ANSWERS))).all()
    for line, (answer, remark) in zip(lines, _ANSWERS, strict=False):
        try:
            act(story.session, boss, line, ANSWER, {"answer": answer, "remark": remark})
        except CarelineError:
            continue


def _correct(story: Story) -> None:
    boss = story.actor(_SUPERVISOR)
    task = story.session.scalar(
        select(Task).where(Task.state == "closed", Task.satisfaction != "",
                           scope_filter(boss, Task, indexed=False))
        .order_by(Task.closed_at.desc(), Task.id.desc()).limit(1))
    if task is not None:
        act(story.session, boss, task, CORRECT, {
            "wrong_answer": "答复客户首次保养免费两次。", "found_by": "inspector",
            "right_answer": "首次保养免费一次，须在交车后三个月或5000公里内完成。"})
