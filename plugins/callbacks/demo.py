"""Three months of callbacks for demonstrations, and today's work of each agent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story
from app.sdk.errors import CarelineError
from app.sdk.models import Customer, Staff
from app.sdk.people import local_today
from app.sdk.records import act, create
from app.sdk.services import SYSTEM, Actor, utcnow
from plugins.callbacks import script_text
from plugins.callbacks.choices import DISSATISFIED, FAIR, SATISFIED
from plugins.callbacks.demo_lists import add_correction, add_lists, add_missed
from plugins.callbacks.models import CallbackPurpose, Outcome, Script, Task
from plugins.callbacks.operations import CONTACT, task_operations

_AGENTS = ("agent", "wanghao", "liuyang", "zhangjing")
_PURPOSES = ("delivery", "workshop", "complaint", "delivery_month", "renewal", "maintenance")
_DAYS = 90
_PER_DAY = 3
# How contacts end, as often as in a usual month.
_OUTCOMES = ("reached", "reached", "reached", "reached", "reached", "no_answer", "no_answer",
             "busy", "inconvenient", "wrong_number")
_VERDICTS = (SATISFIED, SATISFIED, SATISFIED, SATISFIED, FAIR, DISSATISFIED)
_REMARKS = ("讲解再细致一些", "希望周末也能预约", "到店等候时间偏长", "没有其他建议", "希望短信提醒保养")
_SUMMARIES = ("客户本人接听，对整体服务表示认可。", "客户反映等候时间较长，已记录并转告门店。",
              "客户用车正常，提醒了首次保养时间。", "客户对讲解不够满意，希望补充介绍辅助驾驶功能。")
_AHEAD = 8
_AGAIN = 10


class _Quarter(Story):
    """Three months of callbacks.

    Args:
        context: see ``app.sdk.demo``.
    """

    def __init__(self, context: DemoContext) -> None:
        super().__init__(context, "callbacks")
        self.customers = list(self.session.scalars(
            select(Customer.id).where(Customer.phone != "").order_by(Customer.id)))
        self.purposes = self._ids(CallbackPurpose)
        self.outcomes = self._ids(Outcome)
        self.scripts = dict(self.session.execute(
            select(Script.code, Script.id)
            .where(Script.language == "zh", Script.state == "in_force")).all())
        self.teams = dict(self.session.execute(
            select(Staff.user_id, Staff.team_id).where(Staff.user_id.in_(self.users.values()))).all())

    def _ids(self, model: Any) -> dict[str, int]:
        return dict(self.session.execute(select(model.code, model.id)).all())

    def plan(self, username: str | None, due: dt.datetime, **values: Any) -> Task:
        """Return a new callback of a person, or of the first team where nobody is named."""
        code = self.chance.choice(_PURPOSES)
        owner = None if username is None else self.users[username]
        return create(self.session, SYSTEM, Task, {
            "customer_id": self.chance.choice(self.customers),
            "purpose_id": self.purposes[code], "script_id": self.scripts.get(code),
            "priority": self.chance.choice(("urgent", "normal", "normal", "normal", "low")),
            "due_from": due, "due_until": due + dt.timedelta(days=3), "owner_id": owner,
            "team_id": self.teams[self.users[username or _AGENTS[0]]], **values,
        })

    def call(self, username: str, task: Task) -> None:
        """Let a person make a callback, if the rules of contact allow it at that moment."""
        due = task.next_contact_at or task.due_from
        if not task.is_open or due is None or due > utcnow():
            return
        person = self.actor(username)
        try:
            act(self.session, person, task, "start")
        except CarelineError:
            return
        outcome = self.chance.choice(_OUTCOMES)
        verdict = self._answer(person, task) if outcome == "reached" else ""
        said = {"identity_checked": True, "minutes": self.chance.randint(2, 6),
                "summary": self.chance.choice(_SUMMARIES),
                "satisfaction": verdict} if outcome == "reached" else {}
        act(self.session, person, task, CONTACT, {"outcome_id": self.outcomes[outcome], **said})

    def _answer(self, person: Actor, task: Task) -> str:
        """Answer the questions of the script; return how satisfied the customer is."""
        verdict = self.chance.choice(_VERDICTS)
        script = script_text.read(task.script.text) if task.script else None
        operations = task_operations()
        while script is not None:
            question = script_text.next_question(script, task.answers)
            if question is None:
                break
            given = question.answers[0] if question.answers else ""
            if verdict in question.answers:
                given = verdict
            elif question.asks and not question.answers:
                given = self.chance.choice(_REMARKS)
            if not question.accepts(given):
                break
            operations.answer(self.session, person, task, question.name, given)
        return verdict


def load(context: DemoContext) -> str:
    """Add callbacks to a database that has none.

    Args:
        context: see ``app.sdk.demo``.
    """
    session = context.session
    if session.scalar(select(func.count()).select_from(Task)):
        return "Callbacks are there already."
    story, today = _Quarter(context), local_today()
    if not story.customers:
        return "No callbacks: there are no customers."
    for back in range(_DAYS, 0, -1):
        day = today - dt.timedelta(days=back)
        for place in range(_PER_DAY):
            username = _AGENTS[(back + place) % len(_AGENTS)]
            begun = story.local(day, 9 + 2 * place, 5 * (back % 12))
            _happen(story, username, begun)
    morning = min(story.local(today, 8, 30), story.now)
    for username in _AGENTS:
        for _ in range(_AHEAD):
            story.later(morning, lambda who=username: story.plan(who, morning))
    for _ in range(_AHEAD):
        story.later(morning, lambda: story.plan(None, morning))
    add_lists(story)
    add_correction(story)
    add_missed(story)
    story.happen()
    made = session.scalar(select(func.count()).select_from(Task))
    return f"{made} callbacks of three months, {_AHEAD} of them to be made by each agent today."


def _happen(story: _Quarter, username: str, begun: dt.datetime) -> None:
    planned: list[Task] = []
    story.later(begun - dt.timedelta(hours=20),
                lambda: planned.append(story.plan(username, begun)))
    # Who was not reached, or not to be called on that day, is called again on the next ones.
    for days in range(_AGAIN):
        moment = begun + dt.timedelta(days=days)
        if moment < utcnow():
            story.later(moment, lambda: story.call(username, planned[0]))
