"""How a consequence is seen to. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, Section, State, Transition, Who, Workflow
from plugins.appraisals.access import CONSEQUENCE

_WHO = Who(permissions=(("can_manage", CONSEQUENCE),), relations=("owner",))
_HR = Who(permissions=(("can_manage", CONSEQUENCE),))
OPEN, DONE, DROPPED = "open", "done", "dropped"


def _form(name: str, title: str, label: str) -> Form:
    return Form(name, title, (Section("main", "", (
        Field("result", Kind.LONG_TEXT, label, required=True, length=1000),)),))


WORKFLOW = Workflow(
    name="appraisals.consequence", title=N_("Consequence"), initial=OPEN,
    states=(
        State(OPEN, N_("To be seen to"), colour="blue", progress=20),
        State(DONE, N_("Done"), Category.DONE, "green", progress=100),
        State(DROPPED, N_("Dropped"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("finish", N_("Report as done"), (OPEN,), DONE, _WHO, primary=True, order=10,
                   effects=("store_result",),
                   form=_form("finish", N_("Report as done"), N_("What has been done"))),
        Transition("drop", N_("Drop"), (OPEN,), DROPPED, _HR, order=80,
                   effects=("store_result",),
                   form=_form("drop", N_("Drop"), N_("Why it is dropped"))),
    ),
)
