"""How a session goes. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, State, Transition, Who, Workflow
from plugins.training.access import SESSION

LEAD = ("can_edit", SESSION)
_LEADING = Who(permissions=(LEAD,))

PLANNED, ENROLLING, HELD, CANCELLED = "planned", "enrolling", "held", "cancelled"

WORKFLOW = Workflow(
    name="training.session", title=N_("Training session"), initial=PLANNED,
    states=(
        State(PLANNED, N_("Planned"), colour="blue", progress=10),
        State(ENROLLING, N_("Open for enrolment"), colour="indigo", progress=40),
        State(HELD, N_("Held"), Category.DONE, "green", progress=100),
        State(CANCELLED, N_("Called off"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("open_enrolment", N_("Open enrolment"), (PLANNED,), ENROLLING, _LEADING,
                   primary=True, bulk=True, order=10),
        Transition("hold", N_("Session was held"), (ENROLLING,), HELD, _LEADING, primary=True,
                   order=20, guards=("has_begun", "has_attendance"), effects=("finish",)),
        Transition("call_off", N_("Call off"), (PLANNED, ENROLLING), CANCELLED, _LEADING,
                   order=80, effects=("tell_called_off",),
                   form=Form.of("call_off", Field(
                       "reason", Kind.LONG_TEXT, N_("Why it is called off"), True, length=400),
                       title=N_("Call off"))),
    ),
)
