"""How a weekly report goes. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, State, Transition, Who, Workflow
from plugins.work.access import MAY_READ_REPORTS

DRAFT, HANDED_IN, READ, EXCUSED = "draft", "handed_in", "read", "excused"
_WRITER = Who(relations=("owner",))
# Nobody reads their own report, whatever they lead.
_READER = Who(relations=("reader",), permissions=(MAY_READ_REPORTS,), never=("owner",))


def _text(name: str, title: str, label: str, *, required: bool) -> Form:
    return Form.of(name, Field("remark", Kind.LONG_TEXT, label, required, length=2000),
                   title=title)


WORKFLOW = Workflow(
    name="work.weekly_report", title=N_("Weekly report"), initial=DRAFT,
    states=(
        State(DRAFT, N_("Being written"), colour="blue", progress=20),
        State(HANDED_IN, N_("Handed in"), Category.WAITING, "indigo", progress=60),
        State(READ, N_("Read"), Category.DONE, "green", progress=100),
        State(EXCUSED, N_("Not needed"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("hand_in", N_("Hand in the report"), (DRAFT,), HANDED_IN, _WRITER,
                   primary=True, order=10, guards=("is_written",), effects=("hand_in",)),
        Transition("mark_read", N_("Read and comment"), (HANDED_IN,), READ, _READER, primary=True,
                   order=20, effects=("mark_read",),
                   form=_text("mark_read", N_("Read and comment"), N_("Comment"), required=False)),
        Transition("send_back", N_("Send back"), (HANDED_IN,), DRAFT, _READER, order=30,
                   effects=("send_back",),
                   form=_text("send_back", N_("Send back"), N_("What is missing"), required=True)),
        Transition("excuse", N_("No report is needed"), (DRAFT,), EXCUSED, _READER, order=80,
                   effects=("excuse",),
                   form=_text("excuse", N_("No report is needed"), N_("Reason"), required=True)),
    ),
)
