"""How a problem with approvers is seen to. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, Section, State, Transition, Who, Workflow

_WHO = Who(roles=("supervisor",), relations=("owner", "created_by"))
OPEN, DONE, DROPPED = "open", "done", "dropped"


def _form(name: str, title: str, label: str) -> Form:
    return Form(name, title, (Section("main", "", (
        Field("solution", Kind.LONG_TEXT, label, required=True, length=1000),)),))


WORKFLOW = Workflow(
    name="loans.problem", title=N_("Problem with approvers"), initial=OPEN,
    states=(
        State(OPEN, N_("To be solved"), colour="blue", progress=20),
        State(DONE, N_("Solved"), Category.DONE, "green", progress=100),
        State(DROPPED, N_("Dropped"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("solve", N_("Report as solved"), (OPEN,), DONE, _WHO, primary=True, order=10,
                   effects=("store_solution",),
                   form=_form("solve", N_("Report as solved"), N_("How it was solved"))),
        Transition("drop", N_("Drop"), (OPEN,), DROPPED, _WHO, order=80,
                   effects=("store_solution",),
                   form=_form("drop", N_("Drop"), N_("Why it is dropped"))),
    ),
)
