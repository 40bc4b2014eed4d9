"""Two weeks at the desk for demonstrations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story, default_calendar, set_settings
from app.sdk.models import Customer, Department
from app.sdk.people import local_today
from app.sdk.records import act, create
from app.sdk.services import utcnow
from plugins.enquiries import demo_public
from plugins.enquiries import demo_stories as stories
from plugins.enquiries.enquiries import sharing
from plugins.enquiries.enquiries.operations import enquiry_operations
from plugins.enquiries.models import (
    Call,
    Enquiry,
    EnquiryCategory,
    EnquiryChannel,
    Repair,
    Request,
    Suggestion,
)
from plugins.enquiries.summaries.services import make_summary, week_before

DAYS = 14
A_DAY = 6
_AGENTS = ("agent", "wanghao", "liuyang", "zhangjing", "agent")
_HOUR = dt.timedelta(hours=1)
_ARRIVAL = "14:00"
_CHANNELS = ("phone", "phone", "phone", "counter", "chat", "wechat", "social")


def load(context: DemoContext) -> str:
    """Add two weeks at the desk to a database that has no enquiries.

    Args:
        context: see ``app.sdk.demo``.
    """
    session = context.session
    if session.scalar(select(func.count()).select_from(Enquiry)):
        return "Enquiries are there already."
    desk = _Desk(context)
    set_settings(session, "enquiries", {
        "workshop_department_id": desk.departments["AFTER"],
        "sales_department_id": desk.departments["SALES"]})
    calendar = default_calendar(session)
    days = [day for back in range(DAYS, -1, -1)
            if calendar.is_working(Story.local(day := local_today() - dt.timedelta(days=back), 10))
            or not back]
    for place, day in enumerate(days):
        desk.plan(day, place, is_last=place == len(days) - 1)
    desk.story.happen()
    leader = desk.story.actor("supervisor")
    planned = sharing.plan(session, leader)
    if planned is not None:
        # Some are left to be shared out on the page.
        sharing.give(session, leader, sharing.part_of(planned, len(planned.callers) // 2))
    make_summary(session, week_before(local_today())[0])
    number = session.scalar(select(func.count()).select_from(Enquiry))
    made = f"{number} enquiries of two weeks, and what they became"
    public = demo_public.load(context, desk.story)
    return f"{made}; {public} of public data sets." if public else f"{made}."


class _Desk:
    """Takes the calls of the story.

    Args:
        context: what the generator was given.
    """

    def __init__(self, context: DemoContext) -> None:
        self.story = Story(context, "enquiries")
        session = self.session = context.session

        def ids(model: Any) -> dict[str, int]:
            return {row.code: row.id for row in session.execute(select(model.code, model.id))}

        self.departments = ids(Department)
        self.channels, self.categories = ids(EnquiryChannel), ids(EnquiryCategory)
        self.customers = list(session.scalars(
            select(Customer.id).order_by(Customer.id).limit(80)))

    # --- planning ----------------------------------------------------------------------------
    def plan(self, day: dt.date, place: int, is_last: bool) -> None:
        """Note what happens on a day.

        Args:
            day: the day, a working one.
            place: its place among the days.
            is_last: whether it is today: not everything has been answered yet.
        """
        chance = self.story.chance
        for number in range(A_DAY):
            category, question, answer = stories.ENQUIRIES[
                (place * 5 + number * 7) % len(stories.ENQUIRIES)]
            at = Story.local(day, 9 + number, chance.randrange(60))
            verdict = chance.choice(("satisfied", "satisfied", "satisfied", "fair", "dissatisfied"))
            self._later(at, category, question, {"answer": answer, "satisfaction": verdict}
                        if not (is_last and number % 2) else {})
        question, answer = stories.BUYERS[place % len(stories.BUYERS)]
        self._later(Story.local(day, 11, 20), "buying", question, {
            "for_sales": True, "answer": answer, "satisfaction": "satisfied"})
        self._followed(day, place, is_last)
        self._telephone(day, place)

    def _followed(self, day: dt.date, place: int, is_last: bool) -> None:
        """Note what takes more than one step, one of each kind a day at most."""
        asked, repair, suggestion = (one[place % len(one)] for one in (
            stories.ASKED, stories.REPAIRS, stories.SUGGESTIONS))
        self._in_steps(Story.local(day, 10, 5), self.ask(asked), 1 if is_last else 4)
        self._in_steps(Story.local(day, 13, 25), self.repair(repair), 2 if is_last else 4)
        if place % 2:
            self._in_steps(Story.local(day, 11, 10), self.suggest(suggestion), 1 + place % 4)
        if place % 5 == 1:
            self._in_steps(Story.local(day, 14, 10), self.request(
                stories.REQUESTS[place % len(stories.REQUESTS)]), 2)

    def _in_steps(self, at: dt.datetime, course: Iterator[None], steps: int) -> None:
        """Note the first steps of a course, an hour apart."""
        for number in range(steps):
            self.story.later(at + number * _HOUR, lambda: next(course, None))

    def _telephone(self, day: dt.date, place: int) -> None:
        """Note transfers, messages, pitches, grumbles, and calls of the telephone system."""
        taken = "taken" if place % 4 else "not_taken"
        self._later(Story.local(day, 15, 5), "buying", "找销售顾问问交车时间。", {
            "kind": "transfer", "transferred_to_id": self.story.users["linna"],
            "transfer_result": taken})
        if place % 3 == 0:
            self._later(Story.local(day, 15, 40), "other", stories.PITCHES[place // 3 % 3],
                        {"kind": "pitch"})
            category, text = stories.GRUMBLES[place // 3 % 3]
            self._later(Story.local(day, 16, 10), category, text, {
                "kind": "grumble", "answer": "已致歉并转达。", "satisfaction": "fair"})
        if place % 4 == 2:
            text = stories.MESSAGES[place // 4 % 2]
            self._later(Story.local(day, 16, 30), "other", text, {
                "kind": "message", "message_for_id": self.story.users["linna"]})
        for number in range(5):
            self.story.later(Story.local(day, 9 + number, 30), self.telephone)

    def _later(
        self, at: dt.datetime, category: str, question: str, values: Mapping[str, Any]
    ) -> None:
        self.story.later(at, lambda: self.take(category, question, values))

    # --- happening ---------------------------------------------------------------------------
    def take(self, category: str, question: str, values: Mapping[str, Any]) -> Enquiry:
        """Take a call; one of four callers is not known."""
        chance, actor = self.story.chance, self.story.actor(self.story.chance.choice(_AGENTS))
        caller: dict[str, Any] = {"customer_id": chance.choice(self.customers)}
        if chance.random() < 0.25:
            caller = {"customer_name": chance.choice(("周女士", "Mr Brown", "马先生", "Ms Green")),
                      "phone": f"1990001{chance.randrange(10_000):04d}"}
        enquiry = create(self.session, actor, Enquiry, {
            **caller, "channel_id": self.channels[chance.choice(_CHANNELS)],
            "category_id": self.categories[category], "question": question, **values})
        enquiry_operations().pass_on(self.session, actor, enquiry)
        return enquiry

    def ask(self, told: tuple[str, ...]) -> Iterator[None]:
        """Take an enquiry that a department has to answer, step by step."""
        category, question, code, asked, answer = told
        enquiry = self.take(category, question, {})
        owner = self._owner(enquiry)
        act(self.session, owner, enquiry, "hand_over", {
            "responsible_department_id": self.departments[code], "department_question": asked,
            "department_due_at": utcnow() + 4 * _HOUR})
        yield
        act(self.session, self._handler(enquiry), enquiry, "reply", {"department_answer": answer})
        yield
        act(self.session, self._owner(enquiry), enquiry, "answer", {"answer": answer})
        yield
        act(self.session, self._owner(enquiry), enquiry, "close", {"outcome": "satisfied"})

    def repair(self, told: tuple[str, ...]) -> Iterator[None]:
        """Take a repair report or rescue call, which the workshop sees to, step by step."""
        kind, items, place, situation, result = told
        enquiry = self.take("maintenance", situation, {
            "kind": kind, "repair_items": items, "happened_where": place})
        repair = self._made(Repair, enquiry)
        act(self.session, self._handler(repair), repair, "accept", {"arrival": _ARRIVAL})
        yield
        yield
        act(self.session, self._handler(repair), repair, "finish", {"result": result})
        yield
        act(self.session, self._owner(repair), repair, "tell", {})

    def suggest(self, told: tuple[str, ...]) -> Iterator[None]:
        """Take a suggestion, which the department answers, step by step."""
        text, code, decision, reply = told
        suggestion = self._made(Suggestion, self.take("other", text, {"kind": "suggestion"}))
        act(self.session, self._owner(suggestion), suggestion, "hand_over", {
            "responsible_department_id": self.departments[code]})
        yield
        act(self.session, self._handler(suggestion), suggestion, "reply",
            {"decision": decision, "reply": reply})
        yield
        act(self.session, self._owner(suggestion), suggestion, "tell", {})

    def request(self, told: tuple[str, ...]) -> Iterator[None]:
        """Write down what a colleague needs, which the department answers, step by step."""
        text, code, reply = told
        owner = self.story.actor("agent")
        request = create(self.session, owner, Request, {"content": text})
        act(self.session, owner, request, "hand_over", {
            "responsible_department_id": self.departments[code]})
        yield
        act(self.session, self._handler(request), request, "reply",
            {"decision": "adopted", "reply": reply})

    def telephone(self) -> None:
        """Write down a call as the telephone system counts it."""
        chance = self.story.chance
        rings = chance.choice((1, 2, 2, 3, 3, 3, 4, 6))
        who = chance.choice(_AGENTS)
        create(self.session, self.story.actor("supervisor"), Call, {
            "called_at": utcnow(), "rings": rings, "answered": rings < 6, "line": "400",
            "phone": f"1990002{chance.randrange(10_000):04d}",
            "owner_id": self.story.users[who] if rings < 6 else None})

    # --- finding -----------------------------------------------------------------------------
    def _made(self, model: Any, enquiry: Enquiry) -> Any:
        return self.session.scalars(select(model).where(model.number == enquiry.became)).one()

    def _owner(self, record: Any) -> Any:
        return self.story.actor(self._name(record.owner_id))

    def _handler(self, record: Any) -> Any:
        return self.story.actor(self._name(record.handler_id))

    def _name(self, user_id: int) -> str:
        return next(name for name, key in self.story.users.items() if key == user_id)
