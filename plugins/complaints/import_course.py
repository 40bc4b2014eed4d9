"""What a file tells of the course of a complaint before it came here: state, days, solution.

Such a complaint comes in as what it is. Its clocks ran elsewhere: none starts here. What this
house approves is not taken from a file: a solution that was approved elsewhere waits for the
approval here, unless the complaint is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from app.sdk import N_
from app.sdk.importing import ImportField, ImportRow, Kind, Problem
from app.sdk.workflow import Message
from plugins.complaints.choices import SATISFACTIONS
from plugins.complaints.workflow import STATES

RECEIVED, ARCHIVED = "received", "archived"
_TAKEN = (RECEIVED, "recorded", "assessed", "assigned", "proposed", ARCHIVED, "withdrawn")
_LABELS = {state.name: state.label for state in STATES}
_WORDS = {
    **dict.fromkeys(("未处理", "待处理", "处理中", "进行中", "未结", "未结案", "open",
                     "in progress"), RECEIVED),
    **dict.fromkeys(("已结", "已结案", "结案", "已办结", "办结", "已完成", "完成", "已关闭", "关闭",
                     "closed", "done"), ARCHIVED),
    "已受理": RECEIVED, "已登记": "recorded", "已评估": "assessed", "已分派": "assigned",
    **dict.fromkeys(("已提出方案", "方案已提出", "待审批"), "proposed"), "已归档": ARCHIVED,
    **dict.fromkeys(("已撤诉", "撤诉", "已撤回"), "withdrawn"),
}
_VERDICTS = {"满意": "satisfied", "一般": "fair", "不满意": "dissatisfied"}
_TEXTS = ("cause_analysis", "solution", "feedback", "summary", "improvement")
# What the steps up to a state have filled in.
_NEEDED = {"assigned": ("responsible",), "proposed": ("responsible", "solution")}
_DAYS = ("resolved_on", "closed_on")
NO_COURSE = {**dict.fromkeys((*_TEXTS, "satisfaction"), ""), "resolved_at": None, "closed_at": None}
"""Columns of ``course_of`` of a complaint that has none."""

COURSE_FIELDS = (
    ImportField(name="stage", label=N_("State of handling"), kind=Kind.CHOICE,
                choices=tuple((name, _LABELS[name]) for name in _TAKEN), words=_WORDS,
                aliases=("状态", "处理状态", "投诉状态", "当前状态", "办理状态", "Status")),
    ImportField(name="cause_analysis", label=N_("Cause analysis"), kind=Kind.LONG_TEXT,
                aliases=("原因分析", "原因")),
    ImportField(name="solution", label=N_("Solution"), kind=Kind.LONG_TEXT,
                aliases=("处理方案", "解决方案", "处理意见")),
    ImportField(name="resolved_on", label=N_("Resolved on"), kind=Kind.DATE, with_time=True,
                aliases=("解决日期", "处理日期", "处理完成日期")),
    ImportField(name="closed_on", label=N_("Closed on"), kind=Kind.DATE, with_time=True,
                aliases=("结案日期", "办结日期", "归档日期", "完成日期")),
    ImportField(name="feedback", label=N_("Feedback"), kind=Kind.LONG_TEXT,
                aliases=("客户反馈", "反馈")),
    ImportField(name="satisfaction", label=N_("Satisfaction"), kind=Kind.CHOICE,
                choices=SATISFACTIONS, words=_VERDICTS, aliases=("满意度", "客户满意度")),
    ImportField(name="summary", label=N_("Summary"), kind=Kind.LONG_TEXT, aliases=("总结",)),
    ImportField(name="improvement", label=N_("Improvement"), kind=Kind.LONG_TEXT,
                aliases=("改进措施", "改进")),
    ImportField(name="history", label=N_("What was done so far"), kind=Kind.LONG_TEXT,
                aliases=("处理经过", "处理过程", "跟进记录", "跟进情况")),
)


def has_course(row: ImportRow) -> bool:
    """Return whether a complaint is further than its receipt, so that it does not begin here."""
    return (row.values.get("stage") or RECEIVED) != RECEIVED or bool(row.values.get("closed_on"))


def is_done(row: ImportRow) -> bool | None:
    """Return whether a row says that a complaint is done; ``None`` where it says nothing."""
    if stage := row.values.get("stage"):
        return stage in (ARCHIVED, "withdrawn")
    return True if row.values.get("closed_on") else None


def state_of(row: ImportRow, is_open: bool) -> str:
    """Return the state in which a complaint comes in that does not begin here."""
    return row.values.get("stage") or ("recorded" if is_open else ARCHIVED)


def course_of(row: ImportRow, at: dt.time) -> dict[str, Any]:
    """Return the columns that steps would have filled.

    Args:
        row: a checked row.
        at: time of a day without one, in UTC.
    """
    values = row.values
    columns: dict[str, Any] = {
        name: values[name] for name in (*_TEXTS, "satisfaction") if values.get(name)}
    resolved, closed = (_moment(values.get(name), at) for name in _DAYS)
    if closed is not None:
        columns["closed_at"] = closed
    if resolved is not None or (closed is not None and values.get("stage") != "withdrawn"):
        columns["resolved_at"] = resolved or closed
    return columns


def _moment(value: dt.date | None, at: dt.time) -> dt.datetime | None:
    if value is None or isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, at, dt.UTC)


def course_problems(rows: Iterable[ImportRow], latest: dt.date) -> list[Problem]:
    """Return the rows whose course cannot be: days out of order, states that lack something.

    Args:
        rows: rows that passed the rules of their fields.
        latest: the last day that has begun anywhere.
    """
    return [problem for row in rows for problem in _problems(row, latest)]


def _problems(row: ImportRow, latest: dt.date) -> Iterable[Problem]:
    values = row.values
    days = [(name, _day(values[name])) for name in _DAYS if values.get(name)]
    for name, day in days:
        if day < values["received_on"]:
            yield _problem(row, name, N_("This day lies before the day of receipt."))
        elif day > latest:
            yield _problem(row, name, N_("This day lies in the future."))
    if len(days) == len(_DAYS) and days[0][1] > days[1][1]:
        yield _problem(row, "closed_on", N_("It was closed before it was resolved."))
    if values.get("closed_on") and is_done(row) is False:
        yield _problem(row, "closed_on", N_("What is open has no day on which it was closed."))
    for name in _NEEDED.get(values.get("stage") or "", ()):
        if not values.get(name):
            yield _problem(row, name, N_("A complaint in this state needs a value here."))


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _problem(row: ImportRow, field: str, text: str) -> Problem:
    value = row.values.get(field)
    return Problem(row.line, Message(text), field=field, value="" if value is None else str(value))
